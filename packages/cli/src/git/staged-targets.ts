import { isNeverEntered } from '../discover/never-entered.ts'
import { isInside, relativePath } from '../discover/relative-path.ts'
import type { IndexView } from './change-set.ts'

/**
 * The files to lint where the index is looked at: without those that are on disk only, with those that are missing there.
 * @param files absolute: what was found on disk
 * @param folders absolute: where files were looked for
 */
export function stagedTargets(files: readonly string[], { untracked, missing }: IndexView, folders: readonly string[]): string[] {
  const found = missing.filter((path) => folders.some((folder) => isInside(folder, path) && isWalked(relativePath(folder, path))))
  return [...files.filter((path) => !untracked.has(path)), ...found]
}

/** A walk would come to the file if it were on disk. */
function isWalked(path: string): boolean {
  return !path.split('/').some(isNeverEntered)
}
