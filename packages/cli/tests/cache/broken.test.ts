import { appendFileSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { CacheError, ProjectFolder } from '../../src/cache/project-folder.ts'
import { makeFolder, writeFiles } from '../support/cli.ts'
import { cachedRun, crossConfig, crossFiles, freshRun, projectFolder } from './cross-project.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const sources = { 'calls.py': 'import one\none()\ntwo()\n', 'one.py': 'def one(): ...\n', 'two.py': 'def two(): ...\nbad\n' }
const count = Object.keys(sources).length
const notUsed = 'is damaged or not of krait: it is not used, and written anew.'
const notKept = 'what this run found is not kept; --no-cache goes without a cache.'

async function warmFolder(others: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = makeFolder({ ...crossFiles, ...sources, ...others })
  await cachedRun(folder)
  return folder
}

function statePath(folder: string): string {
  return join(projectFolder(folder).path, 'state')
}

function segmentPaths(folder: string): string[] {
  const { path } = projectFolder(folder)
  return readdirSync(path).filter((name) => name.endsWith('.bin')).map((name) => join(path, name))
}

/** Runs twice: with the broken cache, and with the mended one. */
async function runsTwice(folder: string): Promise<readonly { readonly linted: number; readonly stderr: string }[]> {
  const fresh = await freshRun(folder)
  const runs = []
  for (let i = 0; i < 2; i++) {
    const { stdout, exitCode, linted, stderr } = await cachedRun(folder)
    expect({ stdout, exitCode }).toEqual(fresh)
    runs.push({ linted, stderr })
  }
  return runs
}

describe('a damaged state is told once, not used, and written anew', () => {
  const damages: readonly (readonly [name: string, damage: (path: string) => void])[] = [
    ['truncated', (path) => truncateSync(path, readFileSync(path).length - 10)],
    ['empty', (path) => truncateSync(path, 0)],
    ['longer', (path) => appendFileSync(path, ' ')],
    ['with a flipped bit', (path) => flipBit(path)],
    ['of another tool', (path) => writeFileSync(path, '{"version": 3}')],
    ['binary', (path) => writeFileSync(path, Uint8Array.of(0, 255, 254, 7))],
  ]
  test.each(damages)('%s', async (_, damage) => {
    const folder = await warmFolder()
    damage(statePath(folder))
    expect(await runsTwice(folder)).toEqual([
      { linted: count, stderr: `krait: The cache in ${folder}/.krait_cache ${notUsed}` },
      { linted: 0, stderr: '' },
    ])
  })
})

describe('segments', () => {
  const damages: readonly (readonly [name: string, damage: (path: string) => void])[] = [
    ['truncated', (path) => truncateSync(path, readFileSync(path).length - 1)],
    ['empty', (path) => truncateSync(path, 0)],
    ['longer', (path) => appendFileSync(path, ' ')],
    ['with a flipped bit', (path) => flipBit(path, 30)],
  ]
  test.each(damages)('a damaged one is told once, not used, and replaced: %s', async (_, damage) => {
    const folder = await warmFolder()
    expect(segmentPaths(folder)).toHaveLength(2)
    for (const path of segmentPaths(folder)) damage(path)
    // All but the changed file are checked, and the facts of the others are read.
    writeFiles(folder, { 'two.py': 'def two(): ...\ndef more(): ...\nbad\n' })
    const [broken, mended] = await runsTwice(folder)
    expect(broken!.stderr).toBe(`krait: The cache in ${folder}/.krait_cache ${notUsed}`)
    expect(mended).toEqual({ linted: 0, stderr: '' })
  })

  test('a fact that is not what it was is collected anew', async () => {
    const folder = await warmFolder()
    const facts = segmentPaths(folder).find((path) => readFileSync(path, 'latin1').includes('"contents"'))!
    flipBit(facts, readFileSync(facts, 'latin1').lastIndexOf('["one"]') + 3)
    writeFiles(folder, { 'calls.py': 'import one\none()\n' })
    const [broken, mended] = await runsTwice(folder)
    expect(broken).toEqual({ linted: 1, stderr: `krait: The cache in ${folder}/.krait_cache ${notUsed}` })
    expect(mended).toEqual({ linted: 0, stderr: '' })
  })

  test('so is an answer that is not what it was', async () => {
    const folder = await warmFolder()
    const reads = segmentPaths(folder).find((path) => readFileSync(path, 'latin1').includes('"heads"'))!
    flipBit(reads, readFileSync(reads, 'latin1').lastIndexOf('["two.py"]') + 3)
    writeFiles(folder, { 'calls.py': '# new\nimport one\none()\ntwo()\n' })
    const [broken, mended] = await runsTwice(folder)
    expect(broken).toEqual({ linted: 1, stderr: `krait: The cache in ${folder}/.krait_cache ${notUsed}` })
    expect(mended).toEqual({ linted: 0, stderr: '' })
  })

  test('one that another process took away is missed without a word', async () => {
    // Every file rests on what a project rule says of it.
    const folder = await warmFolder({ 'krait.config.json': JSON.stringify({ ...crossConfig, rules: { 'cross/twice': 'off' } }) })
    for (const path of segmentPaths(folder)) rmSync(path)
    expect(await runsTwice(folder)).toEqual([{ linted: 0, stderr: '' }, { linted: 0, stderr: '' }])
    writeFiles(folder, { 'two.py': 'def two(): ...\n# new\nbad\n' })
    const [missed, mended] = await runsTwice(folder)
    // Of the others nobody knows any more what they rest on, except for the file that read nothing.
    expect(missed).toEqual({ linted: 2, stderr: '' })
    expect(mended).toEqual({ linted: 0, stderr: '' })
  })

  test('what no state names is removed, at once or after an hour', async () => {
    const folder = await warmFolder()
    const { path } = projectFolder(folder)
    writeFiles(path, { 'fresh.bin': '' })
    for (let i = 0; i < 20; i++) {
      writeFiles(folder, { 'two.py': `def two(): ...\ndef n${i}(): ...\n`, 'calls.py': `n${i}()\n` })
      await cachedRun(folder)
    }
    const names = readdirSync(path)
    expect(names).toContain('fresh.bin')
    expect(names.length).toBeLessThan(20)
    expect(await runsTwice(folder)).toEqual([{ linted: 0, stderr: '' }, { linted: 0, stderr: '' }])
  })
})

describe('a cache that can not be written is told once', () => {
  const places: readonly (readonly [name: string, make: (folder: string) => void])[] = [
    ['a file in its place', (folder) => writeFiles(folder, { '.krait_cache': 'mine\n' })],
    ['a file in the place of a folder in it', (folder) => writeFiles(folder, { '.krait_cache/v4': '' })],
    ['a link that leads nowhere', (folder) => symlinkSync('/proc/krait/none', join(folder, '.krait_cache'))],
  ]
  test.each(places)('%s', async (_, make) => {
    const folder = makeFolder({ ...crossFiles, ...sources })
    make(folder)
    for (const { linted, stderr } of await runsTwice(folder)) {
      expect(linted).toBe(count)
      expect(stderr).toMatch(/^krait: The cache in \S+\.krait_cache can not be written: [^\n]+$/)
      expect(stderr.endsWith(`: ${notKept}`)).toBe(true)
    }
  })

  test('but one that can be read is used all the same', async () => {
    const folder = await warmFolder()
    const state = readFileSync(statePath(folder))
    const refuse = () => {
      throw new CacheError('can not be written: permission denied (EACCES)')
    }
    const spies = (['now', 'writeState'] as const).map((name) => vi.spyOn(ProjectFolder.prototype, name).mockImplementation(refuse))
    writeFiles(folder, { 'two.py': 'def two(): ...\n# new\nbad\n' })
    const runs = await runsTwice(folder)
    for (const spy of spies) spy.mockRestore()
    const stderr = `krait: The cache in ${folder}/.krait_cache can not be written: permission denied (EACCES): ${notKept}`
    expect(runs).toEqual([{ linted: 1, stderr }, { linted: 1, stderr }])
    expect(readFileSync(statePath(folder)).equals(state)).toBe(true)
  })
})

test('a state that another krait wrote is not used', async () => {
  const folder = await warmFolder()
  const store = projectFolder(folder)
  store.writeState(store.readState()!.replace(/"code":"[^"]+"/, '"code":"of another version"'))
  expect(await runsTwice(folder)).toEqual([{ linted: count, stderr: '' }, { linted: 0, stderr: '' }])
})

function flipBit(path: string, at?: number): void {
  const bytes = readFileSync(path)
  bytes[at ?? bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
}
