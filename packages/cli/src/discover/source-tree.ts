import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { compareCodeUnits } from '@krait/core'
import { decide, dropIgnoring, layersBelow, layersOf, layersOfGitRoot, type IgnoreLayer } from './ignore-layers.ts'
import { ALEMBIC_CONFIG_NAME } from './alembic-config-name.ts'
import { isNeverEntered, VIRTUAL_ENVIRONMENT_MARKER } from './never-entered.ts'

/** A file or folder that can not be linted, and why. */
export interface UnreadablePath {
  readonly path: string
  readonly reason: string
}

/** What a folder holds for a linter: names only. */
interface FolderContent {
  readonly files: readonly string[]
  /** Symbolic links to files. Links to folders are not followed: what lies behind one is linted where it stands. */
  readonly links: readonly string[]
  readonly folders: readonly string[]
  readonly hasIgnoreFile: boolean
  readonly isGitRoot: boolean
  readonly isVirtualEnvironment: boolean
  readonly mayHaveConfig: boolean
  readonly hasAlembicConfig: boolean
}

/** What git does not ignore of a folder's own files. Absolute. */
interface KeptFiles {
  readonly files: readonly string[]
  readonly links: readonly string[]
}

/**
 * The source files on disk, without those that git ignores. Each folder is read once, however many walks pass through it. Paths are
 * absolute; results are sorted by code units.
 */
export class SourceTree {
  readonly #extensions: readonly string[]
  readonly #contents = new Map<string, FolderContent>()
  readonly #layers = new Map<string, readonly IgnoreLayer[]>()
  readonly #entered = new Map<string, boolean>()
  readonly #kept = new Map<string, KeptFiles>()
  readonly #links = new Set<string>()
  readonly #unreadable = new Map<string, UnreadablePath>()

  /** @param extensions lower case, with the dot */
  constructor(extensions: readonly string[]) {
    this.#extensions = extensions
  }

  /** Folders that can not be read and names that can not be written as text, as far as walks met them. */
  get unreadable(): readonly UnreadablePath[] {
    return [...this.#unreadable.values()].sort((a, b) => compareCodeUnits(a.path, b.path))
  }

  isSourceFile(name: string): boolean {
    const lowerCase = name.toLowerCase()
    return this.#extensions.some((extension) => lowerCase.endsWith(extension))
  }

  /** Whether a file that a walk has found is a symbolic link. */
  isLink(path: string): boolean {
    return this.#links.has(path)
  }

  /** Whether the folder holds a file whose name a config can have. */
  mayHaveConfig(folder: string): boolean {
    return this.#content(folder).mayHaveConfig
  }

  hasAlembicConfig(folder: string): boolean {
    return this.#content(folder).hasAlembicConfig
  }

  /**
   * All source files in a folder and below.
   * @param enters asked for each folder below the start; `false` leaves it out
   */
  filesBelow(start: string, enters: (folder: string) => boolean = () => true): string[] {
    const files: string[] = []
    const links: string[] = []
    const pending = [start]
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const content = this.#content(folder)
      if (content.isVirtualEnvironment && folder !== start) continue
      const layers = this.#layersInside(folder)
      const kept = this.#keptIn(folder)
      for (const path of kept.files) files.push(path)
      for (const path of kept.links) links.push(path)
      for (const name of content.folders) {
        const below = join(folder, name)
        if (this.#entersBelow(below, layers) && enters(below)) pending.push(below)
      }
    }
    return mergeLinks(files, links)
  }

  /** Several walks may pass through a folder, and to ask what git ignores is most of their work. */
  #keptIn(folder: string): KeptFiles {
    let kept = this.#kept.get(folder)
    if (!kept) {
      const layers = this.#layersInside(folder)
      const { files, links } = this.#content(folder)
      const keep = (names: readonly string[]) => names.map((name) => join(folder, name)).filter((path) => decide(layers, path, false) !== 'ignored')
      kept = { files: keep(files), links: keep(links) }
      this.#kept.set(folder, kept)
      for (const path of kept.links) this.#links.add(path)
    }
    return kept
  }

  #entersBelow(folder: string, layers: readonly IgnoreLayer[]): boolean {
    let isEntered = this.#entered.get(folder)
    if (isEntered === undefined) this.#entered.set(folder, (isEntered = this.#decideToEnter(folder, layers)))
    return isEntered
  }

  #decideToEnter(folder: string, layers: readonly IgnoreLayer[]): boolean {
    const decision = decide(layers, folder, true)
    if (decision === 'ignored') return false
    if (!this.#layers.has(folder)) {
      this.#layers.set(folder, this.#addLayers(decision === 'kept' ? layers : dropIgnoring(layers, folder), folder))
    }
    return true
  }

  #layersInside(folder: string): readonly IgnoreLayer[] {
    let layers = this.#layers.get(folder)
    if (!layers) this.#layers.set(folder, (layers = layersOf(folder)))
    return layers
  }

  #addLayers(around: readonly IgnoreLayer[], folder: string): readonly IgnoreLayer[] {
    const content = this.#content(folder)
    if (content.isGitRoot) return layersOfGitRoot(folder)
    return content.hasIgnoreFile && this.#isInGit(folder, around) ? layersBelow(around, folder) : around
  }

  /** A `.gitignore` counts only inside a work tree, and a work tree without any ignore file so far has no layers to tell by. */
  #isInGit(folder: string, around: readonly IgnoreLayer[]): boolean {
    return around.length > 0 || layersOf(folder).length > 0
  }

  #content(folder: string): FolderContent {
    let content = this.#contents.get(folder)
    if (!content) this.#contents.set(folder, (content = this.#read(folder)))
    return content
  }

  #read(folder: string): FolderContent {
    const files: string[] = []
    const links: string[] = []
    const folders: string[] = []
    const others = new Set<string>()
    for (const entry of this.#entries(folder)) {
      const { name } = entry
      const isSource = this.isSourceFile(name)
      if (!isSource) others.add(name)
      if (name.includes('\uFFFD') && (isSource || entry.isDirectory()) && !this.#hasTextName(join(folder, name))) continue
      if (entry.isDirectory()) {
        if (!isNeverEntered(name)) folders.push(name)
      } else if (isSource && entry.isFile()) {
        files.push(name)
      } else if (isSource && entry.isSymbolicLink() && isRegularFile(join(folder, name))) {
        links.push(name)
      }
    }
    return {
      files,
      links,
      folders,
      hasIgnoreFile: others.has('.gitignore'),
      isGitRoot: others.has('.git'),
      isVirtualEnvironment: others.has(VIRTUAL_ENVIRONMENT_MARKER),
      mayHaveConfig: [...others].some(isConfigName),
      hasAlembicConfig: others.has(ALEMBIC_CONFIG_NAME),
    }
  }

  #entries(folder: string): readonly Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true })
    } catch (error) {
      this.#unreadable.set(folder, { path: folder, reason: `the folder can not be read (${codeOf(error)})` })
      return []
    }
  }

  /** A name that is not valid UTF-8 reaches us with replacement characters, and no file is found under that name. */
  #hasTextName(path: string): boolean {
    if (lstatSync(path, { throwIfNoEntry: false })) return true
    this.#unreadable.set(path, { path, reason: 'its name is not valid UTF-8: rename it' })
    return false
  }
}

/** Adds the links whose target is not a file of the list; of several links to one target, the first. */
export function mergeLinks(files: readonly string[], links: readonly string[]): string[] {
  if (links.length === 0) return [...files].sort(compareCodeUnits)
  const seen = new Set(files)
  const kept = [...links].sort(compareCodeUnits).filter((link) => {
    const target = realpathSync(link)
    return !seen.has(target) && seen.add(target)
  })
  return [...files, ...kept].sort(compareCodeUnits)
}

function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // A link that leads nowhere, or to itself.
    return false
  }
}

function isConfigName(name: string): boolean {
  return name === 'pyproject.toml' || name === 'package.json' || name.startsWith('krait.config.') || name.startsWith('.kraitrc')
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
