import { copyFileSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { krait, kraitJson } from '../support/cli.ts'
import { emptyRepository, gitToyFiles, makeRepository, path, pythonLines, reportedLines } from './repository.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))
afterEach(() => void vi.unstubAllEnvs())

describe('what is staged is linted', () => {
  test('and not what is on disk', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9, 1), 'b.py': 'x\n' })
    repository.write({ 'a.py': pythonLines(9, 1, 4) }).git('add', 'a.py')
    repository.write({ 'a.py': `bad\nbad\n${pythonLines(9, 1)}`, 'b.py': 'bad\n' })
    expect(await repository.report('--staged')).toEqual({ 'a.py': [4] })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [1, 2], 'b.py': [1] })
  })

  test('and shown', async () => {
    const repository = makeRepository()
    repository.write({ 'a.py': 'staged = bad\n' }).git('add', 'a.py')
    repository.write({ 'a.py': 'on_disk = bad\n' })
    const { exitCode, stdout } = await krait(repository.folder, ['--staged'])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('staged = bad')
    expect(stdout).not.toContain('on_disk')
  })

  test('though it is missing on disk', async () => {
    const repository = makeRepository({ 'sub/old.py': 'bad\nx\n' })
    repository.write({ 'new/gone.py': 'bad\n', 'sub/old.py': 'bad\nbad\n', 'ignored/node_modules/n.py': 'bad\n' }).git('add', '--all')
    for (const folder of ['new', 'sub', 'ignored']) rmSync(path(repository, folder), { recursive: true })
    expect(await repository.report('--staged')).toEqual({ 'new/gone.py': [1], 'sub/old.py': [2] })
    repository.write({ 'sub/b.py': '' })
    expect(await repository.report('--staged', 'sub')).toEqual({ 'sub/old.py': [2] })
  })

  test('under the name that it is staged under', async () => {
    const repository = makeRepository()
    repository.write({ 'a.py': 'bad\n' }).git('add', 'a.py')
    renameSync(path(repository, 'a.py'), path(repository, 'b.py'))
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1] })
  })

  test('with the project as it is staged', async () => {
    const repository = makeRepository({ 'b.py': 'old = 1\n', 'deleted.py': 'x = 1\n', 'absent.py': 'y = 1\n' })
    repository.write({ 'b.py': 'staged = 1\n', 'a.py': 'members__b\nmembers__c\nmembers__absent\nall_files\n' })
    repository.git('add', 'a.py', 'b.py')
    repository.git('rm', '--quiet', 'deleted.py')
    rmSync(path(repository, 'absent.py'))
    repository.write({ 'b.py': 'on_disk = 1\n', 'c.py': 'untracked = 1\n', 'd.py': 'intended = 1\n' }).git('add', '--intent-to-add', 'd.py')
    for (const threads of ['1', '2']) {
      const { files } = await kraitJson(repository.folder, ['--staged', '--concurrency', threads])
      expect(files['a.py']!.map(({ message }) => message)).toEqual(['staged', 'missing', 'y', 'a.py absent.py b.py'])
    }
  })

  test('without files that git knows nothing of, or only the name of', async () => {
    const repository = makeRepository({ 'a.py': 'x\n' })
    repository.write({ 'untracked.py': 'bad\n', 'intended.py': 'bad\n', 'a.py': 'bad\n' })
    repository.git('add', 'a.py')
    repository.git('add', '--intent-to-add', 'intended.py')
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1] })
    expect(await repository.report('--staged', 'untracked.py', 'a.py')).toEqual({ 'a.py': [1] })
  })

  test('with renames, deletions and modes', async () => {
    const repository = makeRepository({ 'pure.py': pythonLines(9, 1), 'edited.py': pythonLines(20, 1), 'gone.py': 'bad\n', 'mode.py': 'bad\n', 'tree.py': 'bad\n' })
    repository.git('mv', 'pure.py', 'moved.py')
    repository.git('mv', 'edited.py', 'renamed.py')
    repository.write({ 'renamed.py': pythonLines(20, 1, 7) }).git('add', 'renamed.py')
    repository.git('rm', '--quiet', '--cached', 'gone.py')
    repository.git('update-index', '--chmod=+x', 'mode.py')
    repository.write({ 'renamed.py': pythonLines(20, 1, 2) })
    expect(await repository.report('--staged')).toEqual({ 'renamed.py': [7] })
  })

  test('if it is a file, whatever is on disk', async () => {
    const repository = makeRepository({ 'a.py': 'x\n', 'b.py': 'x\n' })
    repository.write({ 'a.py': 'bad\n', 'b.py': 'bad\n' }).git('add', '--all')
    for (const name of ['a.py', 'b.py']) rmSync(path(repository, name))
    symlinkSync('krait.config.json', path(repository, 'a.py'))
    repository.write({ 'b.py/c.py': 'bad\n' })
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1], 'b.py': [1] })
  })

  test('and told if it can not be read', async () => {
    const repository = makeRepository({ 'a.py': 'x\n', 'b.py': 'x\n', 'c.py': 'bad\n' })
    repository.write({ 'a.py': Uint8Array.of(98, 0, 10), 'b.py': `#${'x'.repeat(2 * 1024 * 1024)}` }).git('add', '--all')
    repository.write({ 'a.py': 'bad\n', 'b.py': 'bad\n', 'c.py': Uint8Array.of(0) })
    const { files } = await kraitJson(repository.folder, ['--staged'])
    expect(files).toEqual({
      'a.py': [expect.objectContaining({ message: 'This file was not linted: it holds a NUL byte at offset 1, so it is binary or not UTF-8.' })],
      'b.py': [expect.objectContaining({ message: 'This file was not linted: it is 2.0 MB large, and the limit is 2 MB.' })],
    })
  })

  test('in the encoding that it declares', async () => {
    const repository = makeRepository()
    const text = Buffer.from('# coding: latin-1\ncafé = bad\n', 'latin1')
    repository.write({ 'a.py': text }).git('add', 'a.py')
    repository.write({ 'a.py': '' })
    const { files } = await kraitJson(repository.folder, ['--staged'])
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ line: 2, column: 8 })] })
  })

  test('with the line breaks that it is staged with', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(5, 1) })
    repository.git('config', 'core.autocrlf', 'true')
    repository.write({ 'a.py': pythonLines(5, 1, 3).replaceAll('\n', '\r\n') }).git('add', 'a.py')
    expect(await repository.report('--staged')).toEqual({ 'a.py': [3] })
    repository.write({ 'a.py': '\r\n' })
    expect(await repository.report('--staged')).toEqual({ 'a.py': [3] })
  })

  test('before the first commit', async () => {
    const repository = emptyRepository({ ...gitToyFiles, 'a.py': 'bad\n', 'b.py': 'bad\n' })
    expect(await repository.report('--staged')).toEqual({})
    repository.git('add', 'lint', 'krait.config.json', 'a.py')
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1] })
  })

  test('unless it is in conflict: then nothing is staged', async () => {
    const repository = makeRepository({ 'a.py': 'x\n', 'b.py': 'x\n' })
    repository.git('switch', '--quiet', '--create', 'other')
    repository.commit({ 'a.py': 'other\n', 'b.py': 'bad\n' })
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'a.py': 'bad\n' })
    expect(() => repository.git('merge', '--quiet', 'other')).toThrow()
    expect(await repository.report('--staged')).toEqual({ 'b.py': [1] })
    expect(Object.keys(await repository.report('--since', 'HEAD'))).toEqual(['a.py', 'b.py'])
  })

  test('and compared with the base of --since, if both are given', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(9, 1) })
    repository.git('switch', '--quiet', '--create', 'feature')
    repository.commit({ 'a.py': pythonLines(9, 1, 3) })
    repository.write({ 'a.py': pythonLines(9, 1, 3, 5) }).git('add', 'a.py')
    repository.write({ 'a.py': pythonLines(9, 1, 3, 5, 7), 'b.py': 'bad\n' })
    expect(await repository.report('--staged')).toEqual({ 'a.py': [5] })
    expect(await repository.report('--staged', '--since', 'main')).toEqual({ 'a.py': [3, 5] })
    expect(await repository.report('--since', 'main')).toEqual({ 'a.py': [3, 5, 7], 'b.py': [1] })
  })
})

describe('the index', () => {
  // `git commit --all` and `git commit PATH` give their hooks an index of its own; a plain commit names the usual one by a relative path.
  test.each(['absolute', 'relative'])('that git names for a hook is the one that counts: %s', async (kind) => {
    const repository = makeRepository({ 'a.py': 'x\n', 'sub/b.py': 'x\n' })
    repository.write({ 'a.py': 'bad\n' }).git('add', 'a.py')
    const index = '.git/next-index-1.lock'
    copyFileSync(path(repository, '.git/index'), path(repository, index))
    vi.stubEnv('GIT_INDEX_FILE', kind === 'absolute' ? path(repository, index) : index)
    repository.write({ 'sub/b.py': 'bad\n' }).git('add', 'sub/b.py')
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1], 'sub/b.py': [1] })
    expect(await reportedLines(path(repository, 'sub'), ['--staged'])).toEqual({ 'b.py': [1] })
    vi.stubEnv('GIT_INDEX_FILE', undefined)
    expect(await repository.report('--staged')).toEqual({ 'a.py': [1] })
  })
})

describe('fixes', () => {
  test('of what is staged are written where that is on disk', async () => {
    const repository = makeRepository({ 'a.py': 'bad\nx\nbad\n' })
    repository.write({ 'a.py': 'bad\nbad\nbad\n' }).git('add', 'a.py')
    expect((await krait(repository.folder, ['--staged', '--fix'])).exitCode).toBe(0)
    expect(readFileSync(path(repository, 'a.py'), 'utf8')).toBe('bad\ngood\nbad\n')
  })

  test('are not written over other changes', async () => {
    const repository = makeRepository({ 'a.py': 'x\nbad\n' })
    repository.write({ 'a.py': 'bad\nbad\n' }).git('add', 'a.py')
    repository.write({ 'a.py': 'bad\nother\n' })
    const { exitCode, stderr, files } = await kraitJson(repository.folder, ['--staged', '--fix'])
    expect(exitCode).toBe(2)
    expect(stderr).toBe(`krait: ${path(repository, 'a.py')} is not fixed: what is staged is not what is on disk; stage or stash the rest of the file.\n`)
    expect(files).toEqual({ 'a.py': [expect.objectContaining({ line: 1 })] })
    expect(readFileSync(path(repository, 'a.py'), 'utf8')).toBe('bad\nother\n')
  })

  test('as a patch fit the index', async () => {
    const repository = makeRepository({ 'a.py': 'x\nbad\n' })
    repository.write({ 'a.py': 'bad\nbad\n' }).git('add', 'a.py')
    repository.write({ 'a.py': 'other\n' })
    const { stdout } = await krait(repository.folder, ['--staged', '--diff'])
    repository.write({ 'fixes.patch': stdout }).git('apply', '--cached', 'fixes.patch')
    expect(repository.git('show', ':a.py')).toBe('good\nbad\n')
  })

  test('are made on changed lines alone', async () => {
    const repository = makeRepository({ 'a.py': 'bad\nx\nbad\n', 'b.py': 'bad\n' })
    repository.write({ 'a.py': 'bad\nbad\nx\nbad\n' })
    expect((await krait(repository.folder, ['--since', 'HEAD', '--fix'])).exitCode).toBe(0)
    expect(readFileSync(path(repository, 'a.py'), 'utf8')).toBe('bad\ngood\nx\nbad\n')
    expect(readFileSync(path(repository, 'b.py'), 'utf8')).toBe('bad\n')
  })
})
