import { realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findGitRoot } from '../discover/git-root.ts'
import { UsageError } from '../io.ts'
import type { GitPlace } from './git-place.ts'

/**
 * Where to ask git about the files that were named.
 * @param paths as given: files, folders and globs; none is the current folder
 * @throws {UsageError} if they lie in several repositories: a revision means something else in each
 */
export function findPlace(paths: readonly string[], cwd: string): GitPlace {
  const folders = (paths.length > 0 ? paths : ['.']).map((path) => nearestFolder(resolve(cwd, path)))
  const roots = [...new Set(folders.map(findGitRoot))]
  if (roots.length > 1) {
    const names = roots.map((root, i) => root ?? folders[i]!).map((name) => `'${name}'`).join(' and ')
    throw new UsageError(`--since and --staged look at one git repository, and the paths lie in ${names}. Run krait once for each.`)
  }
  const current = realpathSync(cwd)
  return roots[0] === findGitRoot(current) ? { folder: current, isOfEnvironment: true } : { folder: folders[0]!, isOfEnvironment: false }
}

/** The folder itself, or the nearest one above that is there, by its real path. */
function nearestFolder(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(folder)
  }
}
