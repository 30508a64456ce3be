import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../io.ts'
import { relativePath } from './relative-path.ts'
import { mergeLinks, type SourceTree, type UnreadablePath } from './source-tree.ts'

/** What the paths on the command line stand for. All paths are absolute and sorted. */
export interface Targets {
  readonly files: readonly string[]
  readonly unreadable: readonly UnreadablePath[]
  /** Files that were named but are in no language that krait knows. */
  readonly foreign: readonly string[]
  /** Those of the files that are symbolic links. */
  readonly links: readonly string[]
}

/**
 * Finds the files to lint. A folder stands for the source files below it that git does not ignore, a glob for those that match it; a file
 * that is named is taken even if git ignores it.
 * @param paths as given, relative to `cwd` or absolute
 * @throws {UsageError} for a path that does not exist and a glob that matches nothing
 */
export async function findTargets(paths: readonly string[], cwd: string, tree: SourceTree): Promise<Targets> {
  const found: string[] = []
  const named = new Set<string>()
  const unreadable: UnreadablePath[] = []
  const foreign: string[] = []
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const stats = statusOf(absolute)
    if (!stats) found.push(...(await filesOfGlob(path, cwd, tree)))
    else if (stats.isDirectory()) found.push(...tree.filesBelow(realpathSync(absolute)))
    else if (!tree.isSourceFile(absolute)) foreign.push(absolute)
    else if (!stats.isFile()) unreadable.push({ path: inRealFolder(absolute), reason: 'it is not a regular file' })
    else named.add(inRealFolder(absolute))
  }
  const all = [...new Set([...found, ...named])]
  const linkSet = new Set(all.filter((path) => (named.has(path) ? isLink(path) : tree.isLink(path))))
  const links = [...linkSet]
  const files = all.filter((path) => !linkSet.has(path))
  return { files: mergeLinks(files, links), unreadable: [...unreadable, ...tree.unreadable], foreign, links }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EINVAL') return undefined
    throw new UsageError(`Cannot look at '${path}': ${(error as Error).message}`)
  }
}

/** A named file keeps its own name, also if it is a link, in the real path of its folder: so that one file has one path. */
function inRealFolder(path: string): string {
  return join(realpathSync(dirname(path)), basename(path))
}

async function filesOfGlob(pattern: string, cwd: string, tree: SourceTree): Promise<string[]> {
  const { default: micromatch } = await import('micromatch')
  const { base, isGlob, glob } = micromatch.scan(pattern)
  if (!isGlob) throw new UsageError(`The path '${pattern}' does not exist.`)
  const start = resolve(cwd, base)
  if (!statusOf(start)?.isDirectory()) throw new UsageError(`The glob '${pattern}' matches nothing: the folder '${base}' does not exist.`)
  const realStart = realpathSync(start)
  const matches = micromatch.matcher(`{${glob},${glob}/**}`, { dot: true })
  const files = tree.filesBelow(realStart).filter((path) => matches(relativePath(realStart, path)))
  if (files.length === 0) throw new UsageError(`The glob '${pattern}' matches no Python file.`)
  return files
}
