import { remember } from '@krait/core'
import type { KeptReader, Settings, Tracked } from '@krait/core'
import { KNOWN_LIBRARIES } from '../data/known-libraries.ts'

/**
 * Where modules are looked for. Python takes them from `sys.path`, which no source file tells; this goes by the files alone:
 *
 * - `settings.paths.sourceRoots`, if given, names the folders;
 * - else a file's own root is the folder `src` above it, or the folder above its outermost package (a folder with `__init__.py`), or the
 *   project's root;
 * - an import is looked for in the importing file's own root, the project's root, `src`, and then the folders above the file and their `src`.
 */
export class SourceRoots {
  readonly #reader: KeptReader
  readonly #configured: readonly string[] | null
  readonly #roots = new Map<string, Tracked<string>>()
  readonly #searched = new Map<string, Tracked<Searched>>()
  readonly #searchedByFile = new Map<string, Tracked<Searched>>()
  /** Each list once. */
  readonly #lists = new Map<string, Searched>()

  /** @param configured from `configuredRoots` */
  constructor(reader: KeptReader, configured: readonly string[] | null) {
    this.#reader = reader
    this.#configured = configured
  }

  /** The folder from which the module name of a file counts; no trailing `/`, empty for the project's root. */
  rootOf(path: string): string {
    const folder = folderOf(path)
    return remember(this.#reader, this.#roots, folder, () => this.#findRoot(folder))
  }

  /** The folders in which an absolute import of a file is looked for; the same object for all files that look in the same ones. */
  searched(path: string): Searched {
    return remember(this.#reader, this.#searchedByFile, path, this.#searchedFrom)
  }

  readonly #searchedFrom = (path: string): Searched => remember(this.#reader, this.#searched, folderOf(path), (folder) => this.#findSearched(folder))

  #findRoot(folder: string): string {
    const configured = this.#configured?.filter((root) => isUnder(folder, root)) ?? []
    if (configured.length > 0) return configured.reduce((best, root) => (root.length > best.length ? root : best))
    const above = foldersAbove(folder)
    const sourceFolder = above.findLast((ancestor) => lastSegment(ancestor) === 'src' && !this.#isPackage(ancestor))
    if (sourceFolder !== undefined) return sourceFolder
    const outermost = above.find((ancestor) => ancestor !== '' && this.#isPackage(ancestor))
    if (outermost !== undefined) return folderOf(outermost)
    return above.findLast((ancestor) => ROOT_MARKERS.some((marker) => this.#reader.hasFile(join(ancestor, marker)))) ?? ''
  }

  #findSearched(folder: string): Searched {
    const own = this.#findRoot(folder)
    const found = new Map<string, SearchedRoot>()
    const add = (root: string, isGuess: boolean) => {
      if (!found.has(root) && (root === '' || this.#reader.hasFolder(root))) found.set(root, { folder: root, isGuess })
    }
    for (const root of this.#configured ?? []) add(root, false)
    add(own, false)
    add('', false)
    add('src', false)
    if (!this.#configured) {
      // A file inside a package is never run as a script, so that the folders of the package are not on the path.
      const isScript = !foldersAbove(folder).some((ancestor) => ancestor !== '' && this.#isPackage(ancestor))
      for (const ancestor of foldersAbove(isScript ? folder : own).reverse()) {
        add(ancestor, true)
        add(join(ancestor, 'src'), true)
      }
    }
    const folders = [...found.values()]
    const key = [own, ...folders.map((root) => `${root.folder}${root.isGuess ? '?' : ''}`)].join('\n')
    let searched = this.#lists.get(key)
    if (!searched) this.#lists.set(key, (searched = { key, own, folders }))
    return searched
  }

  #isPackage(folder: string): boolean {
    return this.#reader.hasFile(`${folder}/__init__.py`) || this.#reader.hasFile(`${folder}/__init__.pyi`)
  }
}

/** Where the imports of some files are looked for. */
export interface Searched {
  /** Different for each. */
  readonly key: string
  /** The folder from which the module names of the files count. */
  readonly own: string
  /** In order. */
  readonly folders: readonly SearchedRoot[]
}

/** A folder in which imports are looked for. */
export interface SearchedRoot {
  readonly folder: string
  /** Not certain: a module found here must not hide a library of the same name. */
  readonly isGuess: boolean
}

/** Whether a module of this name may be taken from the folder. */
export function mayHold(root: SearchedRoot, firstPart: string): boolean {
  return !root.isGuess || !KNOWN_LIBRARIES.has(firstPart)
}

/** Files that stand beside top-level packages. */
const ROOT_MARKERS = ['setup.py', 'manage.py', 'noxfile.py']

/** The folders that `settings.paths.sourceRoots` names; `null` if it is not given. */
export function configuredRoots(settings: Settings): readonly string[] | null {
  const paths = settings['paths'] as { readonly sourceRoots?: unknown } | undefined
  const roots = paths?.sourceRoots
  if (!Array.isArray(roots)) return null
  return roots.filter((root) => typeof root === 'string').map((root) => root.replace(/^\.\/?/, '').replace(/\/+$/, ''))
}

/** All folders from the project's root down to this one, itself included. */
function foldersAbove(folder: string): string[] {
  const found = ['']
  if (folder === '') return found
  for (let at = folder.indexOf('/'); at !== -1; at = folder.indexOf('/', at + 1)) found.push(folder.slice(0, at))
  found.push(folder)
  return found
}

/** The folder of a file or folder; empty for the project's root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isUnder(folder: string, root: string): boolean {
  return root === '' || folder === root || folder.startsWith(`${root}/`)
}
