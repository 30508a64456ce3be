import type { FactDefinition, IndexDefinition, KeptReader, ProjectChanges, ProjectReader, Settings, Tracked } from '@krait/core'
import { importsFact } from '../facts/imports-fact.ts'
import type { ImportFact } from '../facts/imports-fact.ts'
import { moduleFact } from '../facts/module-fact.ts'
import type { ModuleFact } from '../facts/module-fact-types.ts'
import { isRelative } from '../names/relative-name.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { mapNames } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import type { Ancestors, Callable, ClassMember, ProjectDefinition } from './definition.ts'
import { Modules } from './modules.ts'
import { NameView, baseName, own } from './name-view.ts'

/** What names mean around one file: modules, definitions, class hierarchies. Every look into another file goes through the reader, so that it is logged. */
export class ProjectNames {
  readonly #reader: ProjectReader
  /** `null` if no file is at hand, but what is kept for many. */
  readonly #path: string | null
  readonly #settings: Settings
  /** Opened when a name is asked for: a file whose rules ask for none has read nothing. */
  #openModules: Modules | undefined
  #openView: NameView | undefined
  /** What names of this file mean: no other file asks for most of them. */
  readonly #ownNames = new Map<RelativeName, string | null>()
  readonly #ownValues = new WeakMap<Value, Value>()
  readonly #answers = new Map<string, Map<string, Tracked<unknown>>>()
  /** Tracks the reads behind what is remembered; set where that outlasts one check. */
  readonly tracker: KeptReader | undefined

  /**
   * @param path the file from which the project is seen: its imports decide where modules are looked for
   * @param view that of the file; given where there is no file
   * @param tracker given where the object is kept for more than one check
   */
  constructor(reader: ProjectReader, settings: Settings, path: string | null, view?: NameView, tracker?: KeptReader) {
    this.#reader = reader
    this.tracker = tracker
    this.#settings = settings
    this.#path = path
    this.#openView = view
  }

  /** The file from which the project is seen. */
  get path(): string {
    return this.#path ?? ''
  }

  /** The module name of a file: `app.models` for `src/app/models.py`. */
  moduleName(path: string = this.path): string {
    return this.#modules.nameOf(path)
  }

  /** What a definition is called in its module: `User.name` for `app.models.User.name` in the file of `app.models`. Facts have it for a key. */
  pathInModule(name: string, path: string): string {
    const module = this.moduleName(path)
    return module === '' ? name : name.slice(module.length + 1)
  }

  /** The qualified name of what is called so in the module of a file; the opposite of `pathInModule`. */
  nameInModule(pathInModule: string, path: string): string {
    const module = this.moduleName(path)
    return module === '' ? pathInModule : `${module}.${pathInModule}`
  }

  /** The folder from which the module name of a file counts, empty for the project's root. */
  sourceRoot(path: string = this.path): string {
    return this.#modules.rootOf(path)
  }

  /** The file of a module, `null` if the project has none of this name. */
  modulePath(moduleName: string): string | null {
    return this.#view.modulePath(moduleName)
  }

  /**
   * The file that an import statement loads: `from .models import User` gives the file of `models`.
   * @param module as written: `app.models`, `..core`
   * @returns `null` for libraries and modules that are not there
   */
  resolveImport(module: RelativeName, from: string = this.path): string | null {
    return this.#view.resolveImport(module, from)
  }

  /** The module fact of a file; names inside are relative to it. */
  module(path: string): ModuleFact | undefined {
    return this.#reader.fact(moduleFact, path)
  }

  /** What a file imports, in order. */
  imports(path: string = this.path): readonly ImportFact[] {
    return this.#reader.fact(importsFact, path) ?? []
  }

  /** A fact of one file, say one that a pack defines. */
  fact<T>(fact: FactDefinition<T, never>, path: string): T | undefined {
    return this.#reader.fact(fact, path)
  }

  /** One property of the fact of a file, such as what it says of one function: findings then rest on that alone. */
  part<T, First extends keyof T & string>(fact: FactDefinition<T, never>, path: string, key: First): T[First] | undefined {
    return this.#reader.part(fact, path, key)
  }

  /** A fact of every file, sorted by path. Costs a parse of the whole project where facts are not at hand. */
  facts<T>(fact: FactDefinition<T, never>): Iterable<readonly [path: string, value: T]> {
    return this.#reader.facts(fact)
  }

  /** All files of the project, sorted. */
  files(): readonly string[] {
    return this.#reader.files()
  }

  /** The answer of an index, say one that a pack defines. Findings then rest on the answer alone, not on what the index read. */
  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer {
    return this.#reader.ask(index, key)
  }

  /**
   * Answers a question about the project once. An error is not remembered.
   * @param topic what is asked
   * @param key of whom
   * @param inside the answer to the same question while it is being answered
   */
  answerOnce<Answer>(topic: string, key: string, inside: Answer, work: () => Answer): Answer {
    let answers = this.#answers.get(topic)
    if (!answers) this.#answers.set(topic, (answers = new Map()))
    const known = answers.get(key)
    if (known) {
      this.tracker?.include(known.reads)
      return known.value as Answer
    }
    answers.set(key, { value: inside, reads: undefined })
    try {
      const found = this.tracker ? this.tracker.track(work) : { value: work(), reads: undefined }
      answers.set(key, found)
      return found.value
    } catch (error) {
      answers.delete(key)
      throw error
    }
  }

  /** What is worked out for all files that see the project as this one does. See `ProjectReader.kept`. */
  protected keep<Kept>(what: string, make: (reader: KeptReader, settings: Settings, view: NameView) => Kept): Kept {
    return this.#reader.kept(`${what} ${this.#view.key}`, (reader) => make(reader, this.#settings, this.#view))
  }

  /** What was changed since the base of `--since` or `--staged`; `null` if the run compares with none. */
  changes(): ProjectChanges | null {
    return this.#reader.changes()
  }

  /**
   * The canonical qualified name behind a name that is relative to a file: imports and re-exports followed to the module that defines it, library
   * names in their canonical form. `null` for a name with several meanings.
   */
  resolveName(name: RelativeName, from: string | null = this.#path): string | null {
    if (from !== this.#path) return this.#view.resolveName(name, from)
    if (!isRelative(name)) return this.#view.resolveName(name, null)
    let resolved = this.#ownNames.get(name)
    if (resolved === undefined) this.#ownNames.set(name, (resolved = this.#view.follow(name, from)))
    return resolved
  }

  /** A value of a fact with absolute names. */
  value(value: Value, from: string = this.path): Value {
    if (from !== this.#path) return this.#view.value(value, from)
    let absolute = this.#ownValues.get(value)
    if (!absolute) this.#ownValues.set(value, (absolute = mapNames(value, (name) => this.resolveName(name))))
    return absolute
  }

  /** What a qualified name means, re-exports followed; `null` if it belongs to a library or is unknown. */
  definition(qualifiedName: string): ProjectDefinition | null {
    if (!isRelative(qualifiedName)) return this.#view.definition(qualifiedName)
    const name = this.resolveName(qualifiedName)
    return name === null ? null : this.#view.definitionOf(name)
  }

  /** The value that a module or class variable is bound to, with absolute names; `null` if it is not bound once by a plain assignment. */
  valueOf(qualifiedName: string): Value | null {
    const definition = this.definition(qualifiedName)
    if (definition?.kind !== 'variable' || !definition.fact.value) return null
    return this.value(definition.fact.value, definition.path)
  }

  /** What can be called under a name: a function, or a class with its `__init__`. `null` for all else. */
  callable(qualifiedName: string): Callable | null {
    const definition = this.definition(qualifiedName)
    if (!definition) return null
    const { name, path } = definition
    if (definition.kind === 'function') return { kind: 'function', name, path, function: definition.fact, class: null }
    if (definition.kind !== 'class') return null
    const init = this.member(name, '__init__') ?? this.member(name, '__new__')
    return { kind: 'class', name, path, function: init?.fact.kind === 'function' ? init.fact : null, class: definition.fact }
  }

  /**
   * The classes that a class inherits from, project and library, itself first.
   *
   * A base that is a variable (`Base = declarative_base()`) is followed by what it was made by: `sqlalchemy.orm.declarative_base()`. An attribute
   * of an object (`db.Model` with `db = SQLAlchemy()`) is followed by `flask_sqlalchemy.SQLAlchemy().Model`.
   */
  ancestors(qualifiedClass: string): Ancestors {
    const name = this.resolveName(qualifiedClass)
    if (name === null) return { names: [], complete: false }
    return this.#view.ancestorsOf(name)
  }

  /**
   * As `ancestors`, for a class that has no qualified name because it stands in a function.
   * @param bases with absolute names, such as `context.values` gives
   */
  ancestorsOfBases(bases: readonly Value[]): Ancestors {
    const names = bases.map(baseName)
    const known = this.#view.linearise(names.filter((name) => name !== null))
    return { names: known.names, complete: known.complete && !names.includes(null) }
  }

  /**
   * Whether a class is one of these classes or inherits from one. `undefined` if that is not known, because some base is not.
   * @param names canonical names
   */
  isSubclassOf(qualifiedClass: string, names: readonly string[] | ReadonlySet<string>): boolean | undefined {
    const wanted = names instanceof Set ? (names as ReadonlySet<string>) : new Set(names as readonly string[])
    const ancestors = this.ancestors(qualifiedClass)
    if (ancestors.names.some((name) => wanted.has(name))) return true
    return ancestors.complete ? false : undefined
  }

  /**
   * A member of a class, also an inherited one.
   * @returns `null` if it is certainly not there; `undefined` if not known, because some base is a library's or unknown
   */
  member(qualifiedClass: string, memberName: string): ClassMember | null | undefined {
    const ancestors = this.ancestors(qualifiedClass)
    let sawLibrary = false
    for (const owner of ancestors.names) {
      const definition = this.#view.definitionOf(owner)
      if (definition?.kind !== 'class') {
        sawLibrary ||= definition === null && !MEMBERLESS.has(owner)
        continue
      }
      if (sawLibrary) return undefined
      const fact = own(definition.fact.members, memberName)
      if (fact) return { owner, path: definition.path, fact }
    }
    return ancestors.complete && !sawLibrary ? null : undefined
  }

  /** Opens what names are looked up in. */
  protected readView(): void {
    this.#openView = NameView.of(this.#reader, this.#modules, this.path)
  }

  get #modules(): Modules {
    return (this.#openModules ??= Modules.of(this.#reader, this.#settings))
  }

  get #view(): NameView {
    return (this.#openView ??= NameView.of(this.#reader, this.#modules, this.path))
  }
}

/** Bases without members that a lookup could miss. */
const MEMBERLESS: ReadonlySet<string> = new Set(['builtins.object', 'abc.ABC', 'typing.Generic', 'typing.Protocol'])
