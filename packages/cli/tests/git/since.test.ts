import { chmodSync, rmSync, symlinkSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { krait, kraitJson, makeFolder } from '../support/cli.ts'
import { makeRepository, path, pythonLines } from './repository.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

const everyLine = [1, 2, 3, 4, 5, 6, 7, 8, 9]

describe('lines', () => {
  test('that were added or modified are reported on, whether they are committed, staged, on disk, or in a file that git does not know', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9, 1, 9), 'b.py': pythonLines(3, 2), 'c.py': pythonLines(3, 2) })
    const base = repository.git('rev-parse', 'HEAD').trim()
    repository.commit({ 'a.py': pythonLines(9, 1, 3, 9) })
    repository.write({ 'a.py': pythonLines(9, 1, 3, 5, 9) }).git('add', 'a.py')
    repository.write({ 'a.py': pythonLines(10, 1, 3, 5, 7, 9, 10), 'b.py': `bad\n${pythonLines(3, 2)}`, 'new/d.py': pythonLines(2, 1, 2) })
    expect(await repository.report('--since', base)).toEqual({ 'a.py': [3, 5, 7, 10], 'b.py': [1], 'new/d.py': [1, 2] })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [5, 7, 10], 'b.py': [1], 'new/d.py': [1, 2] })
    expect(await repository.report()).toEqual({ 'a.py': [1, 3, 5, 7, 9, 10], 'b.py': [1, 3], 'c.py': [2], 'new/d.py': [1, 2] })
  })

  test('around which others were only taken away are not reported on', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9, ...everyLine) })
    repository.write({ 'a.py': pythonLines(9, ...everyLine).replace('bad  # 5\n', '') })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [] })
  })

  test('of a finding: one changed is enough', async () => {
    const call = 'long(\n    1,\n    2,\n)\n'
    const repository = makeRepository({ 'a.py': `x\n${call}y\n`, 'b.py': `x\n${call}y\n` })
    repository.write({ 'a.py': `x\n${call.replace('2', '3')}y\n`, 'b.py': `z\n${call}z\n` })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [2], 'b.py': [] })
  })

  test('at the end of a file: a finding behind the last one belongs to it', async () => {
    const repository = makeRepository({ 'a.py': 'ends\nx\ny\n', 'b.py': 'ends\nx\ny\n', 'c.py': 'ends\nx\ny' })
    repository.write({ 'a.py': 'ends\nx\nchanged\n', 'b.py': 'ends\nchanged\ny\n', 'c.py': 'ends\nx\ny\n' })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [4], 'b.py': [], 'c.py': [4] })
  })

  test('that suppressed findings stand on are chosen like others', async () => {
    const text = 'bad  # krait: ignore[toy/no-bad] -- known\n'
    const repository = makeRepository({ 'a.py': text.repeat(2) })
    repository.write({ 'a.py': text.repeat(2) + text })
    const { stdout } = await krait(repository.folder, ['--since', 'HEAD', '--format', 'json'])
    expect((JSON.parse(stdout) as { suppressedMessages: { line: number }[] }[]).map(({ suppressedMessages }) => suppressedMessages.map(({ line }) => line))).toEqual([[3]])
  })
})

describe('causes', () => {
  test('on changed lines make findings elsewhere be reported', async () => {
    const repository = makeRepository({
      'a.py': 'see__b__2\nsee__b__3\nsee__c__1\n', 'b.py': pythonLines(3), 'c.py': 'x\n', 'd.py': 'see__d__3\nx\ny\n', 'e.py': 'bad\n',
    })
    repository.write({ 'b.py': pythonLines(3).replace('# 2', '# two'), 'd.py': 'see__d__3\nx\nz\n' })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [1], 'b.py': [], 'd.py': [1] })
  })

  test('of a broken file are not on the line where it shows', async () => {
    const repository = makeRepository({ 'a.py': 'x = (\n    1\n)\n', 'b.py': 'y = (\n' })
    repository.write({ 'a.py': 'x = (\n    1\n' })
    const { files } = await kraitJson(repository.folder, ['--since', 'HEAD'])
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ ruleId: 'krait/syntax-error' })] })
  })

  test('of a failure in krait are told in any case', async () => {
    const repository = makeRepository({ 'a.py': 'explode\n', 'b.py': '' })
    repository.write({ 'b.py': 'x\n' })
    const { exitCode, files } = await kraitJson(repository.folder, ['--since', 'HEAD'])
    expect(exitCode).toBe(2)
    expect(files['a.py']).toEqual([expect.objectContaining({ ruleId: 'krait/internal-error' })])
  })
})

describe('history', () => {
  test('the base is where HEAD left the other branch', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9) })
    repository.git('switch', '--quiet', '--create', 'feature')
    repository.commit({ 'a.py': pythonLines(9, 9) })
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'a.py': pythonLines(9, 1), 'other.py': 'bad\n' })
    repository.git('switch', '--quiet', 'feature')
    expect(await repository.report('--since', 'main')).toEqual({ 'a.py': [9] })
  })

  test('what came in with a merge from the other branch is not of the change', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9) })
    repository.git('switch', '--quiet', '--create', 'feature')
    repository.commit({ 'a.py': pythonLines(9, 9) })
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'a.py': pythonLines(9, 1), 'other.py': 'bad\n' })
    repository.git('switch', '--quiet', 'feature')
    repository.git('merge', '--quiet', '--no-edit', 'main')
    expect(await repository.report('--since', 'main')).toEqual({ 'a.py': [9] })
    expect(await repository.report('--since', 'HEAD~1')).toEqual({ 'a.py': [1], 'other.py': [1] })
  })

  test('branches that merged each other have several bases, and the best is taken', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9) })
    repository.git('switch', '--quiet', '--create', 'feature')
    repository.commit({ 'a.py': pythonLines(9, 9) })
    repository.git('branch', 'old-feature')
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'a.py': pythonLines(9, 1) })
    repository.git('branch', 'old-main')
    repository.git('merge', '--quiet', '--no-edit', 'old-feature')
    repository.git('switch', '--quiet', 'feature')
    repository.git('merge', '--quiet', '--no-edit', 'old-main')
    expect(repository.git('merge-base', '--all', 'main', 'HEAD').trim().split('\n')).toHaveLength(2)
    repository.commit({ 'a.py': pythonLines(9, 1, 5, 9) })
    const lines = (await repository.report('--since', 'main'))['a.py']!
    expect(lines).toContain(5)
    expect(lines).toHaveLength(2)
  })

  test.each(['main', 'v1', 'refs/tags/v1', 'HEAD~1', 'HEAD^', '@{1}', ':/First'])('%s names a commit', async (revision) => {
    const repository = makeRepository()
    repository.write({ 'a.py': pythonLines(3) }).git('add', '--all')
    repository.git('commit', '--quiet', '--message', 'First')
    repository.git('tag', '--annotate', 'v1', '--message', 'One')
    repository.git('branch', '--quiet', '--move', 'main', 'work')
    repository.git('branch', 'main')
    repository.commit({ 'a.py': pythonLines(3, 2) })
    expect(await repository.report('--since', revision)).toEqual({ 'a.py': [2] })
  })
})

describe('files', () => {
  test('that were renamed count with the lines that are new in them', async () => {
    const repository = makeRepository({ 'pure.py': pythonLines(9, ...everyLine), 'edited.py': pythonLines(9, 1, 5), 'gone.py': 'bad\n' })
    repository.git('mv', 'pure.py', 'moved.py')
    repository.git('mv', 'edited.py', 'renamed.py')
    repository.git('rm', '--quiet', 'gone.py')
    repository.commit({ 'renamed.py': pythonLines(9, 1, 5, 7) })
    expect(await repository.report('--since', 'HEAD~1')).toEqual({ 'renamed.py': [7] })
  })

  test('that are copies of others are new', async () => {
    const text = pythonLines(9, 1, 5)
    const repository = makeRepository({ 'a.py': text })
    repository.git('config', 'diff.renames', 'copies')
    repository.commit({ 'a.py': `${text}x\n`, 'copy.py': text })
    expect(await repository.report('--since', 'HEAD~1')).toEqual({ 'a.py': [], 'copy.py': [1, 5] })
  })

  test('whose mode alone was changed are as they were', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n' })
    chmodSync(path(repository, 'a.py'), 0o755)
    expect(repository.git('diff', '--name-only')).toBe('a.py\n')
    expect(await repository.report('--since', 'HEAD')).toEqual({})
  })

  test('that were taken out of the index, but not from disk, are not gone', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n' })
    repository.git('rm', '--quiet', '--cached', 'a.py')
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [1] })
  })

  test('that git ignores are not changed, even if they are named', async () => {
    const repository = makeRepository({ '.gitignore': 'ignored.py\n' })
    repository.write({ 'ignored.py': 'bad\n' })
    expect(await repository.report('--since', 'HEAD', 'ignored.py')).toEqual({})
    expect(await repository.report('ignored.py')).toEqual({ 'ignored.py': [1] })
  })

  test('without changes are not listed, and those that are clean now are', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n', 'b.py': 'bad\n', 'c.py': 'x\n' })
    repository.write({ 'b.py': 'x\n' })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'b.py': [] })
  })

  test('need not be checked when no line was changed that they could be related to', async () => {
    const repository = makeRepository({ 'a.py': 'explode\n', 'b.py': 'x\ny\n', 'notes.md': '' })
    repository.write({ 'notes.md': 'text\n' })
    expect(await kraitJson(repository.folder, ['--since', 'HEAD'])).toEqual({ exitCode: 0, stderr: '', files: {} })
    repository.write({ 'b.py': 'x\n' })
    expect(await kraitJson(repository.folder, ['--since', 'HEAD'])).toEqual({ exitCode: 0, stderr: '', files: { 'b.py': [] } })
  })

  test('that are symbolic links count with the file behind them', async () => {
    const repository = makeRepository({ 'script': pythonLines(3, 1), 'other': pythonLines(3, 1, 2) })
    symlinkSync('script', path(repository, 'linked.py'))
    symlinkSync('script', path(repository, 'retargeted.py'))
    repository.commit()
    repository.write({ script: pythonLines(3, 1, 3) })
    rmSync(path(repository, 'retargeted.py'))
    symlinkSync('other', path(repository, 'retargeted.py'))
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'linked.py': [3], 'retargeted.py': [1, 2] })
  })

  test('that turned from a link into a file are new', async () => {
    const repository = makeRepository({ script: 'bad\n' })
    symlinkSync('script', path(repository, 'a.py'))
    repository.commit()
    rmSync(path(repository, 'a.py'))
    repository.write({ 'a.py': 'bad\nbad\n' })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [1, 2] })
  })

  test('that are binary are passed over or told, and those that git is told to take for binary are new throughout', async () => {
    const repository = makeRepository({ '.gitattributes': 'marked.py -diff\n', 'marked.py': pythonLines(9, 1), 'logo.png': Uint8Array.of(1, 0, 2), 'a.py': 'x\n' })
    repository.write({ 'marked.py': pythonLines(9, 1, 5), 'logo.png': Uint8Array.of(1, 0, 3), 'a.py': Uint8Array.of(120, 0, 10) })
    const { files } = await kraitJson(repository.folder, ['--since', 'HEAD'])
    expect(files).toEqual({
      'marked.py': [expect.objectContaining({ line: 1 }), expect.objectContaining({ line: 5 })],
      'a.py': [expect.objectContaining({ ruleId: 'krait/unreadable-file' })],
    })
  })

  test('of a submodule, or of a repository that stands inside, belong to that one', async () => {
    const inner = makeRepository({ 'm.py': 'bad\n' })
    const repository = makeRepository({ 'a.py': 'x\n' })
    repository.git('submodule', '--quiet', 'add', inner.folder, 'sub')
    repository.git('clone', '--quiet', inner.folder, 'nested')
    repository.git('commit', '--quiet', '--all', '--message', 'Add sub')
    repository.write({ 'sub/m.py': 'bad\nbad\n', 'nested/m.py': 'bad\nbad\n', 'a.py': 'bad\n' })
    repository.git('-C', 'sub', 'commit', '--quiet', '--all', '--message', 'Change')
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [1] })
    expect(await repository.report('--since', 'HEAD~1', 'sub')).toEqual({ 'sub/m.py': [2] })
    expect(await repository.report('--since', 'HEAD', 'nested')).toEqual({ 'nested/m.py': [2] })
  })
})

test('the help shows how', async () => {
  const { stdout } = await krait(makeFolder(), ['lint', '--help'])
  expect(stdout).toMatch(/\n {2}--since <ref> /)
  expect(stdout).toMatch(/\n {2}--staged /)
  expect(stdout).toContain('\n  krait lint --since origin/main\n  krait lint --staged\n')
})

describe('any number of threads', () => {
  test('gives the same bytes', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`m${i}.py`, `${pythonLines(9, ...everyLine)}see__m${i + 1}__4\n`]))
    const repository = makeRepository(files)
    repository.write({ 'm7.py': files['m7.py']!.replace('# 4', '# four'), 'm8.py': '' })
    const one = await krait(repository.folder, ['--since', 'HEAD', '--format', 'json', '--concurrency', '1'])
    expect((JSON.parse(one.stdout) as { messages: { line: number }[] }[]).map(({ messages }) => messages.map(({ line }) => line))).toEqual([[10], [4], []])
    expect(await krait(repository.folder, ['--since', 'HEAD', '--format', 'json', '--concurrency', '2'])).toEqual(one)
  })
})
