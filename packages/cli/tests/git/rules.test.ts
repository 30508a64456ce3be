import { utimesSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { kraitJson } from '../support/cli.ts'
import { emptyRepository, gitToyFiles, makeRepository, path, pythonLines } from './repository.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))

interface ShownChanges {
  readonly base: string | null
  readonly files: readonly object[]
}

/** What the rule in the file learned of the change. */
async function shown(folder: string, file: string, ...args: readonly string[]): Promise<ShownChanges | null> {
  const { files } = await kraitJson(folder, args)
  const { message } = files[file]!.find(({ ruleId }) => ruleId === 'toy/changes')!
  return JSON.parse(message) as ShownChanges | null
}

const toEnd = Number.MAX_SAFE_INTEGER

describe('a rule learns', () => {
  test.each([['1'], ['2']])('what was changed, and how it was: %s threads', async (threads) => {
    const twenty = pythonLines(20)
    const repository = makeRepository({
      'edited.py': pythonLines(9, 2), 'deleted.py': 'gone = 1\n', 'moved.py': twenty, 'pure.py': 'pure = 1\n', 'shortened.py': 'a\nb\nc\n', 'headless.py': 'a\nb\n',
      'notes.md': '# One\n', 'latin.py': Buffer.from('# coding: latin-1\n# é\n', 'latin1'), 'bom.py': '\uFEFFx\n', 'logo.png': Uint8Array.of(0, 1), 'same.py': 'show_changes\n',
    })
    const base = repository.git('rev-parse', 'HEAD').trim()
    repository.git('rm', '--quiet', 'deleted.py')
    repository.git('mv', 'moved.py', 'new place.py')
    repository.git('mv', 'pure.py', 'sub.py')
    repository.write({
      'edited.py': pythonLines(9, 2, 4, 5, 8), 'new place.py': twenty.replace('# 3\n', '# three\n'), 'shortened.py': 'a\nc\n', 'headless.py': 'b\n', 'notes.md': '# One\n\nTwo\n',
      'latin.py': Buffer.from('# coding: latin-1\n# è\n', 'latin1'), 'bom.py': '\uFEFFy\n', 'logo.png': Uint8Array.of(0, 2), 'show.py': 'show_changes\n', 'untracked.txt': '',
    })
    // Written again, as it was.
    utimesSync(path(repository, 'same.py'), 1, 1)
    const changes = await shown(repository.folder, 'show.py', '--since', 'HEAD', '--concurrency', threads)
    expect(changes).toEqual({
      base,
      files: [
        { path: 'bom.py', status: 'modified', lines: [[1, 1]], deletions: [], baseText: 'x\n' },
        { path: 'deleted.py', status: 'deleted', lines: [], deletions: [], baseText: 'gone = 1\n' },
        { path: 'edited.py', status: 'modified', lines: [[4, 5], [8, 8]], deletions: [], baseText: pythonLines(9, 2) },
        { path: 'headless.py', status: 'modified', lines: [], deletions: [1], baseText: 'a\nb\n' },
        { path: 'latin.py', status: 'modified', lines: [[2, 2]], deletions: [], baseText: '# coding: latin-1\n# é\n' },
        { path: 'logo.png', status: 'modified', lines: [[1, toEnd]], deletions: [] },
        { path: 'new place.py', status: 'renamed', oldPath: 'moved.py', lines: [[3, 3]], deletions: [], baseText: twenty },
        { path: 'notes.md', status: 'modified', lines: [[2, 3]], deletions: [], baseText: '# One\n' },
        { path: 'shortened.py', status: 'modified', lines: [], deletions: [1], baseText: 'a\nb\nc\n' },
        { path: 'show.py', status: 'added', lines: [[1, toEnd]], deletions: [] },
        { path: 'sub.py', status: 'renamed', oldPath: 'pure.py', lines: [], deletions: [], baseText: 'pure = 1\n' },
        { path: 'untracked.txt', status: 'added', lines: [[1, toEnd]], deletions: [] },
      ],
      other: [null, null],
    })
  })

  test('of the index and the base that were asked for', async () => {
    const repository = makeRepository({ 'a.py': 'one\n' })
    const first = repository.git('rev-parse', 'HEAD').trim()
    const second = repository.commit({ 'a.py': 'one\ntwo\n' })
    repository.write({ 'a.py': 'one\ntwo\nthree\n', 'show.py': 'show_changes\n' }).git('add', '--all')
    repository.write({ 'a.py': '' })
    const show = { path: 'show.py', status: 'added', lines: [[1, toEnd]], deletions: [] }
    expect(await shown(repository.folder, 'show.py', '--staged')).toMatchObject({
      base: second, files: [{ path: 'a.py', status: 'modified', lines: [[3, 3]], baseText: 'one\ntwo\n' }, show],
    })
    expect(await shown(repository.folder, 'show.py', '--staged', '--since', first)).toMatchObject({
      base: first, files: [{ path: 'a.py', status: 'modified', lines: [[2, 3]], baseText: 'one\n' }, show],
    })
  })

  test('of its own project only', async () => {
    const project = (folder: string) => Object.fromEntries(Object.entries(gitToyFiles).map(([name, content]) => [`${folder}/${name}`, content]))
    const repository = emptyRepository()
    repository.commit({ ...project('one'), ...project('two'), 'one/a.py': pythonLines(20), 'one/kept.py': 'x\n', 'outside.txt': '' })
    repository.git('mv', 'one/a.py', 'two/a.py')
    repository.git('mv', 'one/kept.py', 'one/renamed.py')
    repository.write({ 'one/show.py': 'show_changes\n', 'two/show.py': 'show_changes\n', 'outside.txt': 'x\n' })
    const { files: one } = (await shown(repository.folder, 'one/show.py', '--since', 'HEAD'))!
    expect(one).toEqual([
      { path: 'a.py', status: 'deleted', lines: [], deletions: [], baseText: pythonLines(20) },
      { path: 'renamed.py', status: 'renamed', oldPath: 'kept.py', lines: [], deletions: [], baseText: 'x\n' },
      { path: 'show.py', status: 'added', lines: [[1, toEnd]], deletions: [] },
    ])
    const { files: two } = (await shown(repository.folder, 'two/show.py', '--since', 'HEAD', 'two'))!
    expect(two).toEqual([
      { path: 'a.py', status: 'renamed', oldPath: '../one/a.py', lines: [], deletions: [], baseText: pythonLines(20) },
      { path: 'show.py', status: 'added', lines: [[1, toEnd]], deletions: [] },
    ])
  })

  test('that there is no base before the first commit', async () => {
    const repository = emptyRepository({ ...gitToyFiles, 'show.py': 'show_changes\n' })
    repository.git('add', 'show.py')
    expect(await shown(repository.folder, 'show.py', '--staged')).toEqual({
      base: null, files: [{ path: 'show.py', status: 'added', lines: [[1, toEnd]], deletions: [] }], other: [null, null],
    })
  })

  test('of this run, whatever an earlier one has left in the cache', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n', 'show.py': '\n' })
    const bases = [repository.git('rev-parse', 'HEAD').trim(), repository.commit({ 'b.py': '' })]
    repository.write({ 'show.py': 'show_changes\n', 'a.py': 'bad\nbad\n' })
    for (const [revision, base] of [['HEAD', bases[1]], ['HEAD~1', bases[0]], ['HEAD', bases[1]]] as const) {
      expect(await shown(repository.folder, 'show.py', '--since', revision)).toMatchObject({ base })
      expect((await repository.report('--since', revision))['a.py']).toEqual([2])
    }
    expect(await shown(repository.folder, 'show.py')).toBeNull()
    expect((await repository.report())['a.py']).toEqual([1, 2])
  })

  test('nothing where no base was asked for', async () => {
    const repository = makeRepository()
    repository.write({ 'show.py': 'show_changes\n' })
    expect(await shown(repository.folder, 'show.py')).toBeNull()
    expect(await shown(repository.folder, 'show.py', path(repository, 'show.py'))).toBeNull()
  })
})
