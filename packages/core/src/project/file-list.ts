/** The files of a project by name. */
export class FileList {
  /** Sorted by code units. */
  readonly paths: readonly string[]
  readonly #numbers: ReadonlyMap<string, number>
  readonly #folders: ReadonlySet<string>

  /** @param paths relative to the project root, with `/`; any order */
  constructor(paths: readonly string[]) {
    this.paths = [...paths].sort(compareCodeUnits)
    this.#numbers = new Map(this.paths.map((path, number) => [path, number]))
    this.#folders = foldersOf(this.paths)
  }

  has(path: string): boolean {
    return this.#numbers.has(path)
  }

  /** The place of a file in `paths`; -1 if it is not there. */
  numberOf(path: string): number {
    return this.#numbers.get(path) ?? -1
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
