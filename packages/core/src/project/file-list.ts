/** The files of a project by name. */
export class FileList {
  /** Sorted by code units. */
  readonly paths: readonly string[]
  readonly #set: ReadonlySet<string>
  readonly #folders: ReadonlySet<string>

  /** @param paths relative to the project root, with `/`; any order */
  constructor(paths: readonly string[]) {
    this.paths = [...paths].sort(compareCodeUnits)
    this.#set = new Set(this.paths)
    this.#folders = foldersOf(this.paths)
  }

  has(path: string): boolean {
    return this.#set.has(path)
  }

  /** Whether some file lies under this folder (no trailing `/`; `''` is the root). */
  hasFolder(path: string): boolean {
    return this.#folders.has(path)
  }
}

/** Compares by UTF-16 code units: the same order on every machine, whatever its locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>([''])
  for (const file of files) {
    for (let slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
      const folder = file.slice(0, slash)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return folders
}
