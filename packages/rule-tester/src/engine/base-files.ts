import type { ChangedFile, ProjectChanges } from '@krait/core'
import { allLines } from '@krait/core'

/** Paths below this folder are those of the base that a test compares with. */
const BASE_FOLDER = '@base/'

export interface SplitFiles {
  /** The files of the project. */
  readonly files: ReadonlyMap<string, string>
  /** `null` if the test names no file of a base. */
  readonly changes: ProjectChanges | null
}

/**
 * Takes the files of a base out of those of a test: `@base/app/models.py` is what `app/models.py` was at the base. A file of the base that is no more is
 * deleted, or renamed if another one has its text. All others are as they were.
 */
export function splitBase(given: ReadonlyMap<string, string>): SplitFiles {
  const files = new Map([...given].filter(([path]) => !path.startsWith(BASE_FOLDER)))
  const base = new Map([...given].flatMap(([path, text]) => (path.startsWith(BASE_FOLDER) ? [[path.slice(BASE_FOLDER.length), text] as const] : [])))
  if (base.size === 0) return { files, changes: null }
  const changed = [...base].flatMap(([path, text]) => changeOf(files, base, path, text) ?? []).sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    files,
    changes: {
      base: 'ba5e0000'.repeat(5),
      files: changed,
      file: (path) => changed.find((file) => file.path === path),
      baseText(path) {
        const file = changed.find((one) => one.path === path)
        return file && base.get(file.oldPath ?? file.path)
      },
    },
  }
}

function changeOf(files: ReadonlyMap<string, string>, base: ReadonlyMap<string, string>, path: string, text: string): ChangedFile | null {
  const now = files.get(path)
  if (now === text) return null
  if (now !== undefined) return { path, status: 'modified', lines: allLines, deletions: [] }
  const renamed = [...files].find(([other, otherText]) => otherText === text && !base.has(other))
  if (renamed) return { path: renamed[0], status: 'renamed', oldPath: path, lines: [], deletions: [] }
  return { path, status: 'deleted', lines: [], deletions: [] }
}
