import { remember } from '@krait/core'
import type { KeptReader, ProjectReader, Settings, Tracked } from '@krait/core'
import { splitRelative } from '../names/relative-name.ts'
import { SourceRoots, configuredRoots, folderOf, join, mayHold } from './source-roots.ts'
import type { Searched } from './source-roots.ts'

/** A file of the project as the beginning of a dotted name. */
export interface ModuleMatch {
  readonly path: string
  /** How many parts of the name the module takes. */
  readonly length: number
}

/**
 * What stands where a dotted name leads to. A package wins over a module of the same name, and that over a folder without `__init__.py` (PEP 420).
 */
interface Place {
  readonly path: string | null
  /** Where modules inside lie; `null` if there are none. */
  readonly inside: Folder | null
}

/** A folder with what stands in it, as far as somebody has asked. */
interface Folder {
  readonly places: Map<string, Tracked<Place>>
  readonly find: (part: string) => Place
}

/** Most imports are of libraries. */
const NO_PLACE: Place = { path: null, inside: null }

/** Finds the files behind module names, and the names of files. */
export class Modules {
  readonly #reader: KeptReader
  readonly #roots: SourceRoots
  readonly #names = new Map<string, Tracked<string>>()
  readonly #folders = new Map<string, Folder>()

  constructor(reader: KeptReader, roots: SourceRoots) {
    this.#reader = reader
    this.#roots = roots
  }

  /** The modules of a project, as the settings have it. */
  static of(reader: ProjectReader, settings: Settings): Modules {
    const roots = configuredRoots(settings)
    return reader.kept(`python/modules ${JSON.stringify(roots)}`, (kept) => new Modules(kept, new SourceRoots(kept, roots)))
  }

  /** The folder from which the module name of a file counts. */
  rootOf(path: string): string {
    return this.#roots.rootOf(path)
  }

  /** The folders in which an absolute import of a file is looked for; the same object for all files that look in the same ones. */
  searched(path: string): Searched {
    return this.#roots.searched(path)
  }

  /** The module name of a file: `app.models` for `src/app/models.py` and for `src/app/models/__init__.py`. */
  nameOf(path: string): string {
    return remember(this.#reader, this.#names, path, () => {
      const root = this.#roots.rootOf(path)
      const inside = root === '' ? path : path.slice(root.length + 1)
      return inside.replace(/\.pyi?$/, '').replace(/(^|\/)__init__$/, '').replaceAll('/', '.')
    })
  }

  /**
   * The modules of the project that an absolute dotted name begins with, the longest last; empty if the name belongs to a library.
   * @param searched from `searched`
   */
  findAbsolute(name: string, { folders }: Searched): readonly ModuleMatch[] {
    const dot = name.indexOf('.')
    const first = dot < 0 ? name : name.slice(0, dot)
    if (first === '') return []
    for (const root of folders) {
      if (!mayHold(root, first)) continue
      const folder = this.#folder(root.folder)
      if (this.#placeIn(folder, first) === NO_PLACE) continue
      const found = this.#walk(folder, name)
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
    let folder = folderOf(from)
    for (let up = 1; up < level; up++) {
      if (folder === '') return null
      folder = folderOf(folder)
    }
    const init = this.#initOf(folder)
    const own: ModuleMatch[] = init ? [{ path: init, length: 0 }] : []
    return { matches: rest === '' ? own : [...own, ...this.#walk(this.#folder(folder), rest)], parts: rest === '' ? [] : rest.split('.') }
  }

  #walk(base: Folder, name: string): readonly ModuleMatch[] {
    const found: ModuleMatch[] = []
    const parts = name.split('.')
    let folder: Folder | null = base
    for (let i = 0; i < parts.length && folder; i++) {
      const place: Place = this.#placeIn(folder, parts[i]!)
      if (place.path !== null) found.push({ path: place.path, length: i + 1 })
      folder = place.inside
    }
    return found
  }

  #placeIn({ places, find }: Folder, part: string): Place {
    return remember(this.#reader, places, part, find)
  }

  #findPlace(stem: string): Place {
    const isFolder = this.#reader.hasFolder(stem)
    const init = isFolder ? this.#initOf(stem) : null
    const path = init ?? this.#fileOf(stem)
    if (path === null && !isFolder) return NO_PLACE
    return { path, inside: isFolder && (path === null || init !== null) ? this.#folder(stem) : null }
  }

  #folder(path: string): Folder {
    let folder = this.#folders.get(path)
    if (!folder) this.#folders.set(path, (folder = { places: new Map(), find: (part) => this.#findPlace(join(path, part)) }))
    return folder
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
