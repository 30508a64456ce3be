import type { ProjectReader } from '@krait/core'
import { splitRelative } from '../names/relative-name.ts'
import { folderOf, join, mayHold } from './source-roots.ts'
import type { SourceRoots } from './source-roots.ts'

/** A file of the project as the beginning of a dotted name. */
export interface ModuleMatch {
  readonly path: string
  /** How many parts of the name the module takes. */
  readonly length: number
}

/** Finds the files behind module names, and the names of files. */
export class Modules {
  readonly #reader: ProjectReader
  readonly #roots: SourceRoots
  readonly #names = new Map<string, string>()
  readonly #walks = new Map<string, readonly ModuleMatch[]>()
  /** Neither a file nor a folder: most imports are of libraries. */
  readonly #absent = new Set<string>()

  constructor(reader: ProjectReader, roots: SourceRoots) {
    this.#reader = reader
    this.#roots = roots
  }

  /** The folder from which the module name of a file counts. */
  rootOf(path: string): string {
    return this.#roots.rootOf(path)
  }

  /** The module name of a file: `app.models` for `src/app/models.py` and for `src/app/models/__init__.py`. */
  nameOf(path: string): string {
    let name = this.#names.get(path)
    if (name !== undefined) return name
    const root = this.#roots.rootOf(path)
    const inside = root === '' ? path : path.slice(root.length + 1)
    name = inside.replace(/\.pyi?$/, '').replace(/(^|\/)__init__$/, '').replaceAll('/', '.')
    this.#names.set(path, name)
    return name
  }

  /**
   * The modules of the project that an absolute dotted name begins with, seen from a file, the longest last; empty if the name belongs to a library.
   */
  findAbsolute(parts: readonly string[], from: string): readonly ModuleMatch[] {
    const first = parts[0]
    if (first === undefined || first === '') return []
    for (const root of this.#roots.searched(from)) {
      if (!mayHold(root, first)) continue
      const found = this.#walk(root.folder, parts)
      if (found.length > 0) return found
    }
    return []
  }

  /**
   * The modules that a relative name begins with. `.` alone is the package of the file.
   * @returns the matches and the parts that they count in; `null` if the dots lead out of the project
   */
  findRelative(name: string, from: string): { readonly matches: readonly ModuleMatch[]; readonly parts: readonly string[] } | null {
    const { level, rest } = splitRelative(name)
    const parts = rest === '' ? [] : rest.split('.')
    let folder = folderOf(from)
    for (let up = 1; up < level; up++) {
      if (folder === '') return null
      folder = folderOf(folder)
    }
    const init = this.#initOf(folder)
    const own: ModuleMatch[] = init ? [{ path: init, length: 0 }] : []
    return { matches: [...own, ...this.#walk(folder, parts)], parts }
  }

  #walk(base: string, parts: readonly string[]): readonly ModuleMatch[] {
    const key = `${base}:${parts.join('.')}`
    let found = this.#walks.get(key)
    if (!found) this.#walks.set(key, (found = this.#walkFiles(base, parts)))
    return found
  }

  /** A package wins over a module of the same name, and that over a folder without `__init__.py` (PEP 420). */
  #walkFiles(base: string, parts: readonly string[]): readonly ModuleMatch[] {
    const found: ModuleMatch[] = []
    const first = join(base, parts[0] ?? '')
    if (this.#absent.has(first)) return found
    let folder = base
    for (let i = 0; i < parts.length; i++) {
      folder = join(folder, parts[i]!)
      const isFolder = this.#reader.hasFolder(folder)
      const init = isFolder ? this.#initOf(folder) : null
      const path = init ?? this.#fileOf(folder)
      if (path !== null) found.push({ path, length: i + 1 })
      if (!isFolder || (path !== null && init === null)) {
        if (i === 0 && path === null) this.#absent.add(first)
        break
      }
    }
    return found
  }

  #initOf(folder: string): string | null {
    return this.#fileOf(join(folder, '__init__'))
  }

  /** The source before its stub: only the source has bodies. */
  #fileOf(stem: string): string | null {
    if (this.#reader.hasFile(`${stem}.py`)) return `${stem}.py`
    return this.#reader.hasFile(`${stem}.pyi`) ? `${stem}.pyi` : null
  }
}
