import { realpathSync } from 'node:fs'
import { normalize } from 'node:path'
import { UsageError } from '../io.ts'
import type { GitPlace } from './git-place.ts'
import { GitError, runGit } from './run-git.ts'

/** The work tree that a run looks at. */
export interface OpenRepository {
  /** The absolute, real path of its top folder. */
  readonly root: string
  /** The id of the best common ancestor of the given revision and HEAD; `undefined` if no revision was given. */
  readonly base: string | undefined
}

/**
 * Finds the work tree around a folder, and the base in it.
 * @param since a revision, or `undefined`
 * @throws {UsageError} if there is no git, no work tree, no such revision or no common ancestor
 */
export async function openRepository(place: GitPlace, since: string | undefined): Promise<OpenRepository> {
  if (since !== undefined && !/^[^-]/.test(since)) throw new UsageError(`--since takes a commit, branch or tag, not '${since}'.`)
  const questions = ['rev-parse', '--is-shallow-repository', '--show-toplevel']
  let output: string
  try {
    output = String(await runGit(place, since === undefined ? questions : [...questions, `${since}...HEAD`, '--']))
  } catch (error) {
    throw await explain(error, place, since)
  }
  const { isShallow, root, bases } = readAnswers(output)
  if (since !== undefined && bases.length === 0) throw new UsageError(withoutCommonAncestor(since, root, isShallow))
  return { root: realpathSync(normalize(root)), base: bases[0] }
}

/** Git's answers, one a line; a folder's name may hold a line break. `^` stands before a common ancestor, the best one first. */
function readAnswers(output: string): { isShallow: boolean; root: string; bases: string[] } {
  const [shallow, ...rest] = output.replace(/\n$/, '').split('\n')
  const revisions = /^(?:\^?[0-9a-f]{40,64}|--)$/
  const end = rest.findIndex((line) => revisions.test(line))
  const bases = rest.filter((line) => line.startsWith('^') && revisions.test(line)).map((line) => line.slice(1))
  return { isShallow: shallow === 'true', root: rest.slice(0, end === -1 ? undefined : end).join('\n'), bases }
}

/** Says what was wrong, where, and what to do. */
async function explain(error: unknown, place: GitPlace, since: string | undefined): Promise<unknown> {
  if (!(error instanceof GitError)) return error
  const option = since === undefined ? '--staged' : '--since'
  if (error.startError !== undefined) {
    return new UsageError(`${option} needs git, which can not be started here (${error.startError}). Install git, or run krait without ${option}.`)
  }
  if (error.stderr.includes('not a git repository')) {
    return new UsageError(`${option} needs a git repository, and '${place.folder}' is in none. Run krait in a clone, or without ${option}.`)
  }
  if (error.stderr.includes('must be run in a work tree')) {
    return new UsageError(
      `${option} needs a work tree, and '${place.folder}' is a bare repository or git's own folder. Run krait in a clone, or in a tree made with 'git worktree add'.`,
    )
  }
  // Only a revision can be wrong once git has told of the repository.
  if (since === undefined || error.stdout === '') return new UsageError(`${option}: git can not read the repository of '${place.folder}': ${error.message}`)
  const { isShallow, root } = readAnswers(error.stdout)
  if (!(await hasCommit(place, 'HEAD'))) {
    return new UsageError(`--since: the repository '${root}' has no commit yet. Use --staged before the first commit, or run krait without either.`)
  }
  if (await hasCommit(place, since)) return new UsageError(`--since: git can not compare '${since}' with HEAD: ${error.message}`)
  const hint = isShallow ? 'This is a shallow clone: fetch the branch or commit with its history' : `Fetch it, or name a commit, branch or tag that 'git log' finds`
  return new UsageError(`--since: there is no commit '${since}' in '${root}'. ${hint}.`)
}

async function hasCommit(place: GitPlace, revision: string): Promise<boolean> {
  try {
    await runGit(place, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
    return true
  } catch {
    return false
  }
}

function withoutCommonAncestor(since: string, root: string, isShallow: boolean): string {
  const what = `--since: '${since}' and HEAD have no common ancestor in '${root}'`
  if (!isShallow) return `${what}: their histories are unrelated. Name a commit from the history of HEAD.`
  return `${what}, because it is a shallow clone. Fetch more of the history: 'git fetch --unshallow', or a greater fetch depth in the CI job.`
}
