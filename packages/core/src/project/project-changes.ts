/** Lines of a file from the first to the last, both included; they start at 1. The last may lie behind the end of the file. */
export type LineRange = readonly [first: number, last: number]

/** The lines of a file that is new from its first line to its end, however long it is. */
export const allLines: readonly LineRange[] = [[1, Number.MAX_SAFE_INTEGER]]

/** A file that differs from the base. Paths are relative to the project root, with `/`. */
export interface ChangedFile {
  /** Where it is now; where it was, if it was deleted. */
  readonly path: string
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed'
  /** Where a renamed file was. It begins with `../` if that was outside the project. */
  readonly oldPath?: string
  /** The lines that were added or modified, in order: all lines of an added file, none of a deleted one or of one that was only renamed. */
  readonly lines: readonly LineRange[]
  /** Where lines were only taken away: the line before each such place, at least 1. */
  readonly deletions: readonly number[]
}

/** What was changed in the project since a base. All files count, not only those of a language that krait knows. */
export interface ProjectChanges {
  /** The full id of the commit that the project is compared with; `null` in a repository without commits. */
  readonly base: string | null
  /** Sorted by path. */
  readonly files: readonly ChangedFile[]
  /** `undefined` if the file is as it was. */
  file(path: string): ChangedFile | undefined
  /**
   * The text of a changed file at the base, without byte order mark; of a renamed file, under its old path. It is read when it is asked for.
   * `undefined` if the file was added, is not changed, or can not be read as text.
   */
  baseText(path: string): string | undefined
}

/** Whether the file's content is another than at the base: not only its path or its mode. */
export function hasNewContent({ lines, deletions }: ChangedFile): boolean {
  return lines.length > 0 || deletions.length > 0
}
