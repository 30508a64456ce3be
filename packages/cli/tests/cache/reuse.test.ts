import { chmodSync, existsSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { krait, makeFolder, writeFiles } from '../support/cli.ts'
import { cachedRun, crossConfig, crossFiles, crossPack, freshRun, lintedAgain, projectFolder, readText, storedState } from './cross-project.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const sources = {
  'app/calls.py': 'import app.one\none()\ntwo()\nnobody()\n',
  'app/one.py': 'def one(): ...\n',
  'app/two.py': 'def two(): ...\n',
  'app/alone.py': 'bad\nbad  # krait: ignore[toy/no-bad] -- known\nx  # krait: ignore[toy/no-meh] -- unused\n',
  'app/counts.py': 'total\n',
}
const count = Object.keys(sources).length

async function warmFolder(): Promise<string> {
  const folder = makeFolder({ ...crossFiles, ...sources })
  await cachedRun(folder)
  return folder
}

test('nothing is linted again while nothing changes', async () => {
  const folder = makeFolder({ ...crossFiles, ...sources })
  expect(await lintedAgain(folder)).toBe(count)
  expect(await lintedAgain(folder)).toBe(0)
  expect(await lintedAgain(folder)).toBe(0)
})

test('--no-cache neither reads nor writes', async () => {
  const folder = makeFolder({ ...crossFiles, ...sources })
  await freshRun(folder)
  expect(existsSync(join(folder, '.krait_cache'))).toBe(false)
})

test('the cache ignores itself, and its format stands in its path', async () => {
  const folder = await warmFolder()
  expect(readText(folder, '.krait_cache/.gitignore')).toBe('*\n')
  expect(readdirSync(join(folder, '.krait_cache')).sort()).toEqual(['.gitignore', 'v4'])
})

describe('one file changes', () => {
  test('in its text alone: no other file is linted', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/one.py': '# new\ndef one(): ...\n' })
    expect(await lintedAgain(folder)).toBe(1)
    expect(await lintedAgain(folder)).toBe(0)
  })

  test('in its facts: those that read them are linted', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/one.py': 'def one(): ...\ndef more(): ...\n' })
    // app/calls.py has asked for the facts of app/one.py, app/counts.py for those of all.
    expect(await lintedAgain(folder)).toBe(3)
    expect(await lintedAgain(folder)).toBe(0)
  })

  test('in its facts: those that asked an index are linted only if its answer is another', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef more(): ...\n' })
    expect(await lintedAgain(folder)).toBe(2)
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef nobody(): ...\n' })
    expect(await lintedAgain(folder)).toBe(3)
  })

  test('and an index is not built again before its facts change again', async () => {
    const folder = await warmFolder()
    const built = async () => {
      const counts = globalThis as { ownersBuilt?: number }
      counts.ownersBuilt = 0
      await cachedRun(folder)
      return counts.ownersBuilt
    }
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef more(): ...\n' })
    expect(await built()).toBe(1)
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef more(): ...\n# new\n' })
    expect(await built()).toBe(0)
    // Each of these runs adds a segment, until all are put into one.
    for (let i = 0; i < 12; i++) {
      writeFiles(folder, { 'app/two.py': `def two(): ...\ndef more${i}(): ...\n` })
      expect(await built()).toBe(1)
      writeFiles(folder, { 'app/one.py': `def one(): ...\n${'# new\n'.repeat(i)}` })
      expect(await built()).toBe(0)
      expect(await lintedAgain(folder)).toBe(0)
    }
  })

  test('and what other files rest on is not written again', async () => {
    const folder = await warmFolder()
    const [before] = storedState(folder).reads
    writeFiles(folder, { 'app/two.py': 'def two(): ...\ndef more(): ...\n' })
    await cachedRun(folder)
    const { reads, renewals } = storedState(folder)
    expect(reads).toHaveLength(2)
    expect(reads[0]).toBe(before)
    expect(renewals.length).toBeGreaterThan(0)
    for (const [segment, , bySegment] of renewals) expect([segment, bySegment]).toEqual([0, 1])
  })

  test('and asks an index what was asked before: the index is not built', async () => {
    const folder = await warmFolder()
    const counts = globalThis as { ownersBuilt?: number }
    const builtFor = async (text: string) => {
      writeFiles(folder, { 'app/calls.py': text })
      counts.ownersBuilt = 0
      const { stdout, linted } = await cachedRun(folder)
      const { ownersBuilt } = counts
      expect(linted).toBe(1)
      expect(stdout).toBe((await freshRun(folder)).stdout)
      return ownersBuilt
    }
    const text = sources['app/calls.py']
    expect(await builtFor(`# new\n${text}`)).toBe(0)
    expect(await builtFor(`${text}other()\n`)).toBe(1)
    expect(await builtFor(`${text}other()\nother()\n`)).toBe(0)
    for (let i = 0; i < 10; i++) expect(await builtFor(`${text}other()\n${'# more\n'.repeat(i)}`)).toBe(0)
  })

  test('and what it takes over from earlier runs still falls with what that rests on', async () => {
    // Where most is as it was, new reads stand next to the old ones.
    const others = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`app/other${i}.py`, 'import app.one\ntwo()\nfour()\n']))
    const folder = makeFolder({ ...crossFiles, ...sources, ...others })
    await cachedRun(folder)
    const segments: number[] = []
    // Answers come from the run before, whose own came from the one before that, until all segments are put into one.
    for (let i = 0; i < 12; i++) {
      writeFiles(folder, { 'app/calls.py': `f${i}()\n${sources['app/calls.py']}` })
      expect(await lintedAgain(folder)).toBe(1)
      segments.push(storedState(folder).reads.length)
      if (i % 5 !== 4) continue
      writeFiles(folder, { 'app/two.py': i === 9 ? sources['app/two.py'] : '' })
      expect(await lintedAgain(folder)).toBe(12)
    }
    expect(Math.max(...segments)).toBeGreaterThan(4)
  })

  test('back to what it was', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/two.py': '' })
    await lintedAgain(folder)
    writeFiles(folder, { 'app/two.py': sources['app/two.py'] })
    expect(await lintedAgain(folder)).toBe(3)
  })

  test('only in its times', async () => {
    const folder = await warmFolder()
    utimesSync(join(folder, 'app/one.py'), 1, 1)
    expect(await lintedAgain(folder)).toBe(0)
  })

  test('while krait looks at another file', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/one.py': 'def other(): ...\n' })
    expect(await lintedAgain(folder, ['app/alone.py'])).toBe(0)
    expect(await lintedAgain(folder)).toBe(3)
  })

  test('and krait looks at it alone: the next run finds that the others stand, and they are not checked again', async () => {
    const folder = await warmFolder()
    const current = () => storedState(folder).results.filter(({ isCurrent }) => isCurrent).length
    writeFiles(folder, { 'app/one.py': '# new\ndef one(): ...\n' })
    expect(await lintedAgain(folder, ['app/one.py'])).toBe(1)
    expect(current()).toBe(1)
    expect(await lintedAgain(folder)).toBe(0)
    expect(current()).toBe(count)
  })
})

describe('the project changes', () => {
  test('a file starts to exist that was looked for', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/more.py': 'import app.later\n' })
    await lintedAgain(folder)
    writeFiles(folder, { 'app/later.py': '' })
    // The new file, the one that looked for it, and the one that asked for the facts of all files.
    expect(await lintedAgain(folder)).toBe(3)
    expect((await cachedRun(folder)).stdout).toContain('app/later.py has 0')
  })

  test('a file is gone', async () => {
    const folder = await warmFolder()
    rmSync(join(folder, 'app/one.py'))
    expect(await lintedAgain(folder)).toBe(2)
    expect((await cachedRun(folder)).stdout).not.toContain('app/one.py')
  })

  test('a file has another name', async () => {
    const folder = await warmFolder()
    renameSync(join(folder, 'app/two.py'), join(folder, 'app/deux.py'))
    // The renamed file, the one that asked who has `two`, and the one that counts: its sum is the same, but that it can not know.
    expect(await lintedAgain(folder)).toBe(3)
  })

  test('a file can not be read for a while', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'app/one.py': Uint8Array.of(0, 1, 2) })
    expect(await lintedAgain(folder)).toBe(3)
    expect(await lintedAgain(folder)).toBe(0)
    writeFiles(folder, { 'app/one.py': sources['app/one.py'] })
    expect(await lintedAgain(folder)).toBe(3)
  })
})

describe('what decides findings beside files', () => {
  test('severities, options and settings', async () => {
    const folder = await warmFolder()
    const set = (config: object) => writeFiles(folder, { 'krait.config.json': JSON.stringify({ ...crossConfig, ...config }) })
    set({ rules: { 'toy/no-bad': 'warn' } })
    expect(await lintedAgain(folder)).toBe(count)
    set({ overrides: [{ files: ['app/one.py'], rules: { 'cross/totals': 'off' } }], rules: { 'toy/no-bad': 'warn' } })
    expect(await lintedAgain(folder)).toBe(1)
    set({ settings: { paths: { sourceRoots: ['app'] } } })
    expect(await lintedAgain(folder)).toBe(count)
    set({ suppressions: { requireReason: true } })
    expect(await lintedAgain(folder)).toBe(count)
  })

  test('settings of the project that are other ones for the file', async () => {
    const folder = makeFolder({ ...crossFiles, 'app/word.py': 'word\n', 'app/other.py': 'other\n' })
    const set = (word: string) => {
      const overrides = [{ files: ['app/**'], settings: { word: 'here' } }]
      writeFiles(folder, { 'krait.config.json': JSON.stringify({ ...crossConfig, settings: { word }, overrides }) })
    }
    set('one')
    expect(await lintedAgain(folder)).toBe(2)
    set('two')
    expect(await lintedAgain(folder)).toBe(1)
    expect((await cachedRun(folder)).stdout).toContain('two and here')
  })

  test('not how the config is written', async () => {
    const folder = await warmFolder()
    writeFiles(folder, { 'krait.config.json': JSON.stringify({ ...crossConfig, rules: {} }, null, 2) })
    expect(await lintedAgain(folder)).toBe(0)
  })

  test('the command line', async () => {
    const folder = await warmFolder()
    expect(await lintedAgain(folder, ['--rule', 'toy/no-bad: off'])).toBe(count)
    expect(await lintedAgain(folder, ['--report-unused-ignores', 'error'])).toBe(count)
  })

  test('not how it is reported', async () => {
    const folder = await warmFolder()
    expect(await lintedAgain(folder, ['--quiet'])).toBe(0)
  })

  test('the sources of an in-house pack, and what they import', async () => {
    const folder = await warmFolder()
    writeFiles(folder, crossPack('1.0.0', 'Met:'))
    expect(await lintedAgain(folder)).toBe(count)
    writeFiles(folder, crossPack('1.0.1', 'Met:'))
    expect(await lintedAgain(folder)).toBe(count)
    expect(await lintedAgain(folder)).toBe(0)
  })
})

test('suppressed findings and unused ignores come from the cache as they were', async () => {
  const folder = await warmFolder()
  const { stdout, recalled } = await cachedRun(folder)
  expect(recalled).toBe(count)
  const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string }[]; suppressedMessages: unknown[] }[]
  const alone = results.find(({ filePath }) => filePath.endsWith('alone.py'))!
  expect(alone.messages.map(({ ruleId }) => ruleId)).toEqual(['toy/no-bad', 'krait/unused-ignore'])
  expect(alone.suppressedMessages).toEqual([expect.objectContaining({ ruleId: 'toy/no-bad', suppressions: [{ kind: 'directive', justification: 'known' }] })])
})

describe('what is never kept', () => {
  test('an internal error: the rule is tried again', async () => {
    const folder = makeFolder({ ...crossFiles, 'a.py': 'explode\n', 'b.py': 'x\n' })
    expect(await lintedAgain(folder)).toBe(2)
    expect(await lintedAgain(folder)).toBe(1)
    expect((await cachedRun(folder)).exitCode).toBe(2)
  })

  test('standard input, which is not what stands on disk', async () => {
    const folder = await warmFolder()
    const state = projectFolder(folder).readState()
    const { stdout } = await krait(folder, ['--stdin', '--stdin-filename', 'app/one.py', '--format', 'json'], { stdin: 'def zero(): ...\nbad\n' })
    expect(stdout).toContain('toy/no-bad')
    expect(projectFolder(folder).readState()).toBe(state)
    expect(await lintedAgain(folder)).toBe(0)
  })

  test('standard input, also where there is no cache yet', async () => {
    const folder = makeFolder({ ...crossFiles, ...sources })
    await krait(folder, ['--stdin', '--stdin-filename', 'app/one.py'], { stdin: 'bad\n' })
    expect(existsSync(join(folder, '.krait_cache'))).toBe(false)
  })

  test('a file that stands for standard input does not count as what is on disk, either', async () => {
    const folder = await warmFolder()
    const args = ['--stdin', '--stdin-filename', 'app/calls.py', '--format', 'json']
    const stdin = 'one()\n'
    expect((await krait(folder, args, { stdin })).stdout).toBe((await krait(folder, [...args, '--no-cache'], { stdin })).stdout)
  })

  test('what --fix saw on its way', async () => {
    const folder = await warmFolder()
    const unfixed = makeFolder({ ...crossFiles, ...sources })
    await krait(folder, ['--fix', '--format', 'json'])
    await krait(unfixed, ['--fix', '--format', 'json', '--no-cache'])
    for (const path of Object.keys(sources)) expect(readText(folder, path)).toBe(readText(unfixed, path))
    expect(readText(folder, 'app/alone.py')).toContain('good\n')
    expect(await lintedAgain(folder)).toBe(1)
  })

  test('what a dry run would write', async () => {
    const folder = await warmFolder()
    const patch = (await krait(folder, ['--fix-dry-run'])).stdout
    expect(patch).toContain('+good')
    expect(patch).toBe((await krait(folder, ['--fix-dry-run', '--no-cache'])).stdout)
    expect(await lintedAgain(folder)).toBe(0)
  })
})

describe('--fix', () => {
  test('lints only what has something to fix', async () => {
    const folder = await warmFolder()
    expect((await cachedRun(folder, ['--fix'])).linted).toBe(1)
  })
})

describe('--cache-location', () => {
  test('puts the cache elsewhere, for several projects and without taking the folder over', async () => {
    const folder = makeFolder({
      'one/krait.config.json': JSON.stringify({ root: true, extends: [] }),
      'one/a.py': 'x = = 1\n',
      'two/krait.config.json': JSON.stringify({ root: true, extends: [] }),
      'two/a.py': 'x = 1\n',
      'build/kept.txt': '',
    })
    const args = ['--cache-location', 'build']
    expect(await lintedAgain(folder, args)).toBe(2)
    expect(await lintedAgain(folder, args)).toBe(0)
    expect(readdirSync(join(folder, 'build')).sort()).toEqual(['kept.txt', 'v4'])
    expect(existsSync(join(folder, 'one/.krait_cache'))).toBe(false)
    expect(await lintedAgain(folder, ['--cache-location', 'new/cache'])).toBe(2)
    expect(readText(folder, 'new/cache/.gitignore')).toBe('*\n')
  })

  test('a cache moves with its project', async () => {
    const folder = await warmFolder()
    const moved = makeFolder()
    renameSync(folder, join(moved, 'inside'))
    expect(await lintedAgain(join(moved, 'inside'))).toBe(0)
    expect(projectFolder(join(moved, 'inside')).readState()).not.toContain(folder)
  })
})

describe('files are known without being read', () => {
  test('once they have been left alone for a while', async () => {
    const folder = await warmFolder()
    const stamps = () => storedState(folder).files.map(([, version]) => version!.stamp)
    expect(stamps()).toEqual(Array.from({ length: count }, () => null))
    await new Promise((resolve) => setTimeout(resolve, 2500))
    writeFiles(folder, { 'app/one.py': '# new\ndef one(): ...\n' })
    await lintedAgain(folder)
    expect(stamps().map((stamp) => stamp !== null)).toEqual([true, true, true, false, true])
    chmodSync(join(folder, 'app/two.py'), 0o600)
    expect(await lintedAgain(folder)).toBe(0)
  })
})
