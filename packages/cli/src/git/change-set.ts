import { join } from 'node:path'
import { allLines, type ChangedFile } from '@krait/core'
import { UsageError } from '../io.ts'
import type { Overlay } from '../run/overlay.ts'
import type { GitPlace } from './git-place.ts'
import { openRepository } from './open-repository.ts'
import { diffArguments, parseDiff, type DiffEntry } from './parse-diff.ts'
import { parseStatus, statusArguments, type WorkTreeStatus } from './parse-status.ts'
import { GitError, runGit } from './run-git.ts'
import { readStagedTexts } from './staged-texts.ts'

/** Which change to look at. */
export interface ChangeRequest {
  readonly place: GitPlace
  /** Compare with the best common ancestor of this revision and HEAD; with HEAD itself if there is none. */
  readonly since: string | undefined
  /** Look at what is staged in the index, not at the files on disk. */
  readonly isStaged: boolean
  /** Whether the content of a file of this name is needed. */
  isSourceFile(name: string): boolean
}

/** A changed file. Its paths are absolute. */
export interface FileChange extends ChangedFile {
  /** The id of the content at the base; `null` if there was none. */
  readonly baseId: string | null
}

/** What differs from the base in one work tree. */
export interface ChangeSet {
  readonly place: GitPlace
  /** The top of the work tree: absolute, real. */
  readonly root: string
  /** The id of the commit compared with; `null` before the first commit. */
  readonly base: string | null
  /** By the path on the new side. */
  readonly files: ReadonlyMap<string, FileChange>
  /** Where the index is looked at: how it differs from the disk. */
  readonly index: IndexView | null
}

/** How the files in the index differ from those on disk. Paths are absolute. */
export interface IndexView {
  /** On disk only. */
  readonly untracked: ReadonlySet<string>
  /** Source files in the index only. */
  readonly missing: readonly string[]
  /** The contents of source files whose content on disk is another, or that are missing there. */
  readonly texts: Overlay
}

/**
 * Asks git for the change. Three short processes, two of them at the same time; a fourth where staged contents are not on disk.
 * @throws {UsageError} if git can not tell
 */
export async function readChangeSet(request: ChangeRequest): Promise<ChangeSet> {
  const { root, base } = await openRepository(request.place, request.since)
  try {
    return await readChanges(request, root, base)
  } catch (error) {
    throw error instanceof GitError ? new UsageError(`git can not tell what is changed in '${root}': ${error.message}`) : error
  }
}

async function readChanges(request: ChangeRequest, root: string, base: string | undefined): Promise<ChangeSet> {
  const { place, isStaged } = request
  const sides = [...(isStaged ? ['--cached'] : []), ...(base === undefined ? [] : [base]), '--']
  const [diff, statusOutput] = await Promise.all([runGit(place, [...diffArguments, ...sides]), runGit(place, statusArguments)])
  const status = parseStatus(statusOutput)
  const files = new Map<string, FileChange>()
  for (const entry of parseDiff(diff)) add(files, absolute(entry, root))
  if (!isStaged) for (const path of status.untracked) addUntracked(files, join(root, path))
  const index = isStaged ? await readIndex(request, root, status) : null
  return { place, root, base: base ?? status.head, files, index }
}

function absolute({ path, oldPath, oldId, ...entry }: DiffEntry, root: string): FileChange {
  return { ...entry, path: join(root, path), ...(oldPath !== undefined && { oldPath: join(root, oldPath) }), baseId: oldId }
}

function add(files: Map<string, FileChange>, file: FileChange): void {
  files.set(file.path, file)
}

/** A file that was taken out of the index but not from disk counts as deleted for git: here it is another version of itself. */
function addUntracked(files: Map<string, FileChange>, path: string): void {
  const baseId = files.get(path)?.baseId ?? null
  add(files, { path, status: baseId === null ? 'added' : 'modified', lines: allLines, deletions: [], baseId })
}

async function readIndex({ place, isSourceFile }: ChangeRequest, root: string, status: WorkTreeStatus): Promise<IndexView> {
  const unstaged = status.unstaged.filter(({ path }) => isSourceFile(path))
  const texts = await readStagedTexts(place, unstaged.map(({ id }) => id))
  return {
    untracked: new Set(status.untracked.map((path) => join(root, path))),
    missing: unstaged.filter(({ isOnDisk }) => !isOnDisk).map(({ path }) => join(root, path)),
    texts: new Map(unstaged.map(({ path }, i) => [join(root, path), texts[i]!])),
  }
}
