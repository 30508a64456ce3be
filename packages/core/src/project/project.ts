import type { Language } from '../language/language.ts'
import { SourceCode } from '../source/source-code.ts'
import type { AnyFact, FactDefinition } from './fact.ts'
import type { ProjectReader } from './project-reader.ts'

export interface ProjectOptions {
  /** All files of the project, relative to its root, with `/`; any order. */
  readonly files: readonly string[]
  readonly languages: readonly Language[]
  /** Facts beside the languages' own, such as those of packs. */
  readonly facts?: readonly AnyFact[]
  /** The text of a project file (a byte order mark included), or `undefined` if it can not be read. */
  read(path: string): string | undefined
  /** How many bytes of trees to keep for later stages; the rest is parsed again when it is asked for. */
  readonly keepBytes?: number
}

type FactValues = Map<string, unknown>

const BYTE_ORDER_MARK = '\uFEFF'
const DEFAULT_KEEP_BYTES = 160 * 1024 * 1024
/** What one node takes in the columns of a flat tree, and one code unit of text, in bytes. */
const BYTES_PER_NODE = 20
const BYTES_PER_CODE_UNIT = 2

/** The files under one config, with their trees and facts. Both are made when they are first asked for. */
export class Project {
  readonly files: readonly string[]
  readonly languages: readonly Language[]
  readonly #options: ProjectOptions
  readonly #fileSet: ReadonlySet<string>
  readonly #folders: ReadonlySet<string>
  readonly #facts: readonly AnyFact[]
  readonly #sources = new Map<string, SourceCode | undefined>()
  readonly #values = new Map<string, FactValues>()
  readonly #derived = new Map<string, unknown>()
  #keptBytes = 0
  #seed: (path: string) => string | undefined = () => undefined

  constructor(options: ProjectOptions) {
    this.#options = options
    this.files = [...options.files].sort(compareCodeUnits)
    this.languages = options.languages
    this.#fileSet = new Set(this.files)
    this.#folders = foldersOf(this.files)
    this.#facts = [...options.languages.flatMap((language) => language.facts), ...(options.facts ?? [])]
  }

  /** The language of a file, by its extension. */
  languageOf(path: string): Language | undefined {
    const extension = path.slice(path.lastIndexOf('.')).toLowerCase()
    return this.languages.find((language) => language.extensions.includes(extension))
  }

  /** The file's text and tree; `undefined` if it can not be read or no language knows it. */
  source(path: string): SourceCode | undefined {
    if (this.#sources.has(path)) return this.#sources.get(path)
    const source = this.#parse(path)
    const bytes = source ? source.tree.size * BYTES_PER_NODE + source.text.length * BYTES_PER_CODE_UNIT : 0
    if (this.#keptBytes + bytes <= (this.#options.keepBytes ?? DEFAULT_KEEP_BYTES)) {
      this.#keptBytes += bytes
      this.#sources.set(path, source)
    }
    return source
  }

  /** Lets go of a file's tree once all rules have run on it. Its facts stay. */
  release(path: string): void {
    const source = this.#sources.get(path)
    if (!source) return
    this.#sources.delete(path)
    this.#keptBytes -= source.tree.size * BYTES_PER_NODE + source.text.length * BYTES_PER_CODE_UNIT
  }

  /**
   * All facts of one file as JSON text; `undefined` if it can not be read. Keys stand in the order in which the facts are declared.
   * A fact whose collector throws is left out: it is collected again, and the error reported, for the rule that asks for it.
   */
  collect(path: string): string | undefined {
    if (!this.#fileSet.has(path) || !this.source(path)) return undefined
    return JSON.stringify(Object.fromEntries(this.#facts.flatMap((fact) => this.#entry(fact, path))))
  }

  /** Says where facts come from before they are collected here: the JSON text that `collect` gave for the file, elsewhere. */
  seed(lookup: (path: string) => string | undefined): void {
    this.#seed = lookup
  }

  /** A view of the project in which one file has another text. Nothing in the project itself changes. */
  withText(path: string, text: string): Project {
    const view = new Project({
      ...this.#options,
      files: this.#fileSet.has(path) ? this.files : [...this.files, path],
      read: (other) => (other === path ? text : this.#options.read(other)),
    })
    view.seed((other) => (other === path ? undefined : this.collect(other)))
    return view
  }

  /** A reader for one check. */
  reader(): ProjectReader {
    return {
      files: () => this.files,
      hasFile: (path) => this.#fileSet.has(path),
      hasFolder: (path) => this.#folders.has(path),
      fact: <Value>(fact: FactDefinition<Value, never>, path: string) => this.#value(fact as AnyFact, path) as Value | undefined,
      facts: <Value>(fact: FactDefinition<Value, never>) => this.#allValues<Value>(fact as AnyFact),
      derived: <Value>(key: string, compute: (reader: ProjectReader) => Value) => this.#derive(key, compute),
    }
  }

  #entry(fact: AnyFact, path: string): [string, unknown][] {
    try {
      return [[fact.name, this.#value(fact, path)]]
    } catch {
      return []
    }
  }

  #derive<Value>(key: string, compute: (reader: ProjectReader) => Value): Value {
    if (!this.#derived.has(key)) this.#derived.set(key, compute(this.reader()))
    return this.#derived.get(key) as Value
  }

  *#allValues<Value>(fact: AnyFact): Generator<readonly [string, Value]> {
    for (const path of this.files) {
      const value = this.#value(fact, path)
      if (value !== undefined) yield [path, value as Value]
    }
  }

  #value(fact: AnyFact, path: string): unknown {
    if (!this.#fileSet.has(path)) return undefined
    let values = this.#values.get(path)
    if (!values) {
      const seeded = this.#seed(path)
      values = new Map(seeded === undefined ? [] : Object.entries(JSON.parse(seeded) as Record<string, unknown>))
      this.#values.set(path, values)
    }
    if (!values.has(fact.name)) values.set(fact.name, this.#collectOne(fact, path))
    return values.get(fact.name)
  }

  #collectOne(fact: AnyFact, path: string): unknown {
    const sourceCode = this.source(path)
    const language = this.languageOf(path)
    if (!sourceCode || !language) return undefined
    return fact.collect({ sourceCode, services: language.createFactServices(sourceCode) })
  }

  #parse(path: string): SourceCode | undefined {
    const language = this.languageOf(path)
    if (!language) return undefined
    const text = this.#options.read(path)
    if (text === undefined) return undefined
    const hasBom = text.startsWith(BYTE_ORDER_MARK)
    return new SourceCode(path, language.parse(hasBom ? text.slice(1) : text), hasBom)
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
