import { mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { krait, makeFolder, writeFiles } from '../support/cli.ts'
import { emptyRepository, gitToyFiles, makeRepository, path, pythonLines, reportedLines, runGit, type Repository } from './repository.ts'

vi.mock('../../src/official-packs.ts', () => import('../support/no-packs.ts'))
afterEach(() => void vi.unstubAllEnvs())

/** The toy pack and its config, in a folder. */
function projectIn(folder: string): Record<string, string | Uint8Array> {
  return Object.fromEntries(Object.entries(gitToyFiles).map(([name, content]) => [`${folder}/${name}`, content]))
}

describe('a project', () => {
  test('below the top of the work tree', async () => {
    const repository = emptyRepository()
    repository.git('config', 'diff.relative', 'true')
    repository.commit({ ...projectIn('services/api'), 'services/api/a.py': pythonLines(5, 1), 'services/api/sub/b.py': 'see__a__4\n', 'elsewhere.py': 'x\n' })
    repository.write({ 'services/api/a.py': pythonLines(5, 1, 4), 'services/api/sub/c.py': 'bad\n', 'elsewhere.py': 'bad\n' })
    const api = path(repository, 'services/api')
    const all = { 'a.py': [4], 'sub/b.py': [1], 'sub/c.py': [1] }
    expect(await reportedLines(api, ['--since', 'HEAD'])).toEqual(all)
    expect(await reportedLines(api, ['--since', 'HEAD', 'sub'])).toEqual({ 'sub/b.py': [1], 'sub/c.py': [1] })
    expect(await reportedLines(path(repository, 'services/api/sub'), ['--since', 'HEAD'])).toEqual({ 'b.py': [1], 'c.py': [1] })
    expect(await reportedLines(path(repository, 'services/api/sub'), ['--since', 'HEAD', '*.py'])).toEqual({ 'b.py': [1], 'c.py': [1] })
    repository.git('add', '--all')
    expect(await reportedLines(api, ['--staged'])).toEqual(all)
  })

  test('beside others in one run: each has its part of the change', async () => {
    const repository = emptyRepository()
    repository.commit({
      ...projectIn('one'), 'one/a.py': pythonLines(20, 1), 'one/b.py': 'see__a__4\nsee__moved__5\n',
      ...projectIn('two'), 'two/a.py': pythonLines(5, 1), 'two/b.py': 'see__a__4\nsee__moved__5\n',
    })
    repository.git('mv', 'one/a.py', 'two/moved.py')
    repository.write({ 'two/moved.py': pythonLines(20, 1, 5), 'one/new.py': 'bad\n' })
    // What `one/b.py` speaks of was in a file that is gone from its project.
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'one/b.py': [1], 'one/new.py': [1], 'two/b.py': [2], 'two/moved.py': [5] })
    expect(await repository.report('--since', 'HEAD', 'one')).toEqual({ 'one/b.py': [1], 'one/new.py': [1] })
  })

  test('is not held up by the broken config of another one', async () => {
    const repository = emptyRepository()
    repository.commit({ ...projectIn('one'), 'two/krait.config.json': '{', 'two/a.py': 'x\n' })
    repository.write({ 'one/a.py': 'bad\n', 'two/a.py': 'bad\n' })
    expect(await repository.report('--since', 'HEAD', 'one')).toEqual({ 'one/a.py': [1] })
  })

  test('in another repository than the current folder', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n' })
    const other = makeRepository()
    repository.write({ 'a.py': 'bad\nbad\n' })
    // As in a hook of the other repository.
    vi.stubEnv('GIT_DIR', path(other, '.git'))
    vi.stubEnv('GIT_INDEX_FILE', path(other, '.git/index'))
    const results = await reportedLines(other.folder, ['--since', 'HEAD', repository.folder])
    expect(results).toEqual({ [path(repository, 'a.py')]: [2] })
  })
})

describe('a work tree', () => {
  test('that is linked', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(5, 1) })
    const linked = join(makeFolder(), 'linked')
    repository.git('worktree', 'add', '--quiet', '-b', 'feature', linked)
    writeFiles(linked, { 'a.py': pythonLines(5, 1, 3), 'b.py': 'bad\n' })
    expect(await reportedLines(linked, ['--since', 'main'])).toEqual({ 'a.py': [3], 'b.py': [1] })
    runGit(linked, ['add', 'a.py'])
    expect(await reportedLines(linked, ['--staged'])).toEqual({ 'a.py': [3] })
    expect(await repository.report('--since', 'HEAD')).toEqual({})
  })

  test('whose git folder is given by the environment, as hooks have it', async () => {
    const repository = makeRepository({ 'a.py': pythonLines(5, 1), 'sub/b.py': 'x\n' })
    repository.write({ 'a.py': pythonLines(5, 1, 3), 'sub/b.py': 'bad\n' })
    vi.stubEnv('GIT_DIR', '.git')
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'a.py': [3], 'sub/b.py': [1] })
    const gitFolder = join(makeFolder(), 'git')
    vi.stubEnv('GIT_DIR', gitFolder)
    vi.stubEnv('GIT_WORK_TREE', repository.folder)
    runGit(repository.folder, ['init', '--quiet'])
    runGit(repository.folder, ['add', '--all'])
    expect(Object.keys(await repository.report('--staged'))).toEqual(['a.py', 'sub/b.py'])
  })

  test('at the top of a sparse checkout', async () => {
    const repository = makeRepository({ 'in/a.py': pythonLines(5, 1), 'out/b.py': pythonLines(5, 1) })
    repository.git('sparse-checkout', 'set', 'in', 'lint')
    repository.write({ 'in/a.py': pythonLines(5, 1, 3) })
    expect(await repository.report('--since', 'HEAD')).toEqual({ 'in/a.py': [3] })
    repository.git('add', 'in')
    expect(await repository.report('--staged')).toEqual({ 'in/a.py': [3] })
  })

  test('that is a shallow clone, as CI makes it', async () => {
    const origin = makeRepository({ 'a.py': pythonLines(5, 1) })
    origin.commit({ 'a.py': pythonLines(5, 1, 3) })
    const clone = cloneOf(origin, '--depth', '1')
    writeFiles(clone, { 'a.py': pythonLines(5, 1, 3, 5) })
    expect(await reportedLines(clone, ['--since', 'HEAD'])).toEqual({ 'a.py': [5] })
    expect(await reportedLines(clone, ['--since', 'origin/main'])).toEqual({ 'a.py': [5] })
  })

  test('whose contents are fetched when they are needed', async () => {
    const origin = makeRepository({ 'a.py': pythonLines(5, 1) })
    origin.git('config', 'uploadpack.allowFilter', 'true')
    origin.commit({ 'a.py': pythonLines(5, 1, 3) })
    const clone = cloneOf(origin, '--filter=blob:none')
    expect(await reportedLines(clone, ['--since', 'HEAD~1'])).toEqual({ 'a.py': [3] })
  })

  test('is not written to', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n' })
    const index = readFileSync(path(repository, '.git/index'))
    // The index says when the file was written: git would note the new time.
    utimesSync(path(repository, 'a.py'), 1, 1)
    await repository.report('--since', 'HEAD')
    await repository.report('--staged')
    expect(readFileSync(path(repository, '.git/index')).equals(index)).toBe(true)
    repository.git('status')
    expect(readFileSync(path(repository, '.git/index')).equals(index)).toBe(false)
  })
})

describe('what can not be compared ends with 2 and says what to do', () => {
  async function failure(folder: string, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await krait(folder, args)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/\nRun 'krait --help' for help\.\n$/)
    return stderr.split('\n')[0]!
  }

  test.each([['--since', 'main'], ['--staged']])('no git repository: %s', async (...args) => {
    const folder = makeFolder({ ...gitToyFiles, 'a.py': 'bad\n' })
    expect(await failure(folder, ...args)).toBe(`krait: ${args[0]} needs a git repository, and '${folder}' is in none. Run krait in a clone, or without ${args[0]}.`)
  })

  test('a folder that is called .git and is no repository', async () => {
    expect(await failure(makeFolder({ '.git/HEAD': '', 'a.py': 'bad\n' }), '--staged')).toMatch(/^krait: --staged needs a git repository, and '.*' is in none\./)
  })

  test.each(['bare.git', 'tree/.git'])('%s', async (name) => {
    const folder = makeFolder()
    runGit(folder, ['init', '--quiet', '--bare', 'bare.git'])
    runGit(folder, ['init', '--quiet', 'tree'])
    expect(await failure(join(folder, name), '--since', 'main')).toBe(
      `krait: --since needs a work tree, and '${join(folder, name)}' is a bare repository or git's own folder. Run krait in a clone, or in a tree made with 'git worktree add'.`,
    )
  })

  test.each(['nowhere', 'main..HEAD', 'HEAD:a.py', '0123456789012345678901234567890123456789', 'yesterday', '../x', 'a b'])('an unknown revision: %s', async (revision) => {
    const repository = makeRepository({ 'a.py': 'x\n' })
    expect(await failure(repository.folder, '--since', revision)).toBe(
      `krait: --since: there is no commit '${revision}' in '${repository.folder}'. Fetch it, or name a commit, branch or tag that 'git log' finds.`,
    )
  })

  test.each(['', '-x', '--all', '--output=/tmp/x'])('a revision that is none: %j', async (revision) => {
    expect(await failure(makeRepository().folder, `--since=${revision}`)).toBe(`krait: --since takes a commit, branch or tag, not '${revision}'.`)
  })

  test('a repository without commits', async () => {
    const { folder } = emptyRepository({ ...gitToyFiles, 'a.py': 'bad\n' })
    expect(await failure(folder, '--since', 'HEAD')).toBe(
      `krait: --since: the repository '${folder}' has no commit yet. Use --staged before the first commit, or run krait without either.`,
    )
  })

  test('unrelated histories', async () => {
    const repository = makeRepository({ 'a.py': 'bad\n' })
    repository.git('switch', '--quiet', '--orphan', 'other')
    repository.commit(gitToyFiles)
    expect(await failure(repository.folder, '--since', 'main')).toBe(
      `krait: --since: 'main' and HEAD have no common ancestor in '${repository.folder}': their histories are unrelated. Name a commit from the history of HEAD.`,
    )
  })

  test('a shallow clone that does not reach back far enough', async () => {
    const origin = makeRepository({ 'a.py': pythonLines(5, 1) })
    origin.git('branch', 'feature')
    origin.commit({ 'a.py': pythonLines(5, 1, 3) })
    origin.git('switch', '--quiet', 'feature')
    origin.commit({ 'a.py': pythonLines(5, 1, 4) })
    const clone = cloneOf(origin, '--depth', '1')
    expect(await failure(clone, '--since', 'origin/main')).toBe(
      `krait: --since: there is no commit 'origin/main' in '${clone}'. This is a shallow clone: fetch the branch or commit with its history.`,
    )
    runGit(clone, ['fetch', '--quiet', '--depth', '1', 'origin', 'main:main'])
    expect(await failure(clone, '--since', 'main')).toBe(
      `krait: --since: 'main' and HEAD have no common ancestor in '${clone}', because it is a shallow clone. Fetch more of the history: 'git fetch --unshallow', or a greater fetch depth in the CI job.`,
    )
    runGit(clone, ['fetch', '--quiet', '--unshallow', 'origin'])
    expect(await reportedLines(clone, ['--since', 'main'])).toEqual({ 'a.py': [4] })
  })

  test('git that is not installed', async () => {
    const { folder } = makeRepository()
    vi.stubEnv('PATH', '')
    expect(await failure(folder, '--staged')).toBe('krait: --staged needs git, which can not be started here (ENOENT). Install git, or run krait without --staged.')
  })

  test('a repository that git refuses to read', async () => {
    const { folder } = makeRepository()
    writeFiles(folder, { '.git/config': '[core' })
    expect(await failure(folder, '--staged')).toMatch(/^krait: --staged: git can not read the repository of '.*': fatal: bad config line \d/)
  })

  test('a repository that is damaged', async () => {
    const repository = makeRepository({ 'a.py': 'x\n' })
    repository.write({ 'a.py': 'bad\n' })
    const id = repository.git('rev-parse', 'HEAD:a.py').trim()
    rmSync(path(repository, `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`))
    expect(await failure(repository.folder, '--since', 'HEAD')).toMatch(/^krait: git can not tell what is changed in '.*': fatal: unable to read/)
  })

  test('paths in several repositories', async () => {
    const repository = makeRepository({ 'a.py': 'x\n' })
    const other = makeRepository()
    expect(await failure(repository.folder, '--since', 'HEAD', 'a.py', other.folder)).toBe(
      `krait: --since and --staged look at one git repository, and the paths lie in '${repository.folder}' and '${other.folder}'. Run krait once for each.`,
    )
  })

  test('a path that does not exist', async () => {
    expect(await failure(makeRepository().folder, '--staged', 'nowhere/a.py')).toBe("krait: The path 'nowhere/a.py' does not exist.")
  })

  test('standard input', async () => {
    expect(await failure(makeRepository().folder, '--since', 'HEAD', '--stdin', '--stdin-filename', 'a.py')).toBe(
      'krait: --stdin takes a text that git does not know: give neither --since nor --staged with it.',
    )
  })
})

function cloneOf(origin: Repository, ...options: readonly string[]): string {
  const folder = makeFolder()
  mkdirSync(join(folder, 'clone'))
  runGit(folder, ['clone', '--quiet', ...options, `file://${origin.folder}`, 'clone'])
  return join(folder, 'clone')
}
