import type { FactDefinition, IndexDefinition, ProjectChanges, ProjectReader, Settings } from '@krait/core'
import { canonicalLibraryName } from '../data/library-aliases.ts'
import { LIBRARY_CLASS_BASES } from '../data/library-classes.ts'
import { moduleFact } from '../facts/module-fact.ts'
import type { MemberFact, ModuleFact } from '../facts/module-fact-types.ts'
import { BUILTIN_NAMES } from '../data/builtins.ts'
import { KNOWN_LIBRARIES } from '../data/known-libraries.ts'
import { appendName } from '../names/relative-name.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { mapNames } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import type { Ancestors, Callable, ClassMember, ProjectDefinition } from './definition.ts'
import { modulePathsIndex, moduleTopIndex } from './module-index.ts'
import { Modules } from './modules.ts'
import type { ModuleMatch } from './modules.ts'
import { SourceRoots } from './source-roots.ts'

/** More re-exports in a row than this are taken for a cycle. */
const MAX_STEPS = 100
/** More classes above one class than this are not followed. */
const MAX_ANCESTORS = 500

/** What names mean around one file: modules, definitions, class hierarchies. Every look into another file goes through the reader, so that it is logged. */
export class ProjectNames {
  readonly #reader: ProjectReader
  readonly #path: string
  readonly #definitions = new Map<string, ProjectDefinition | null>()
  readonly #ancestors = new Map<string, Ancestors>()
  readonly #modules: Modules
  /** By the file to which names are relative. */
  readonly #names = new Map<string, Map<RelativeName, string | null>>()
  /** Values of facts with absolute names. */
  readonly #values = new WeakMap<Value, { readonly from: string; readonly absolute: Value }>()

  /**
   * @param path the file from which the project is seen: its imports decide where modules are looked for
   */
  constructor(reader: ProjectReader, settings: Settings, path: string) {
    this.#reader = reader
    this.#path = path
    this.#modules = new Modules(reader, new SourceRoots(reader, settings))
  }

  /** The file from which the project is seen. */
  get path(): string {
    return this.#path
  }

  /** The module name of a file: `app.models` for `src/app/models.py`. */
  moduleName(path: string = this.#path): string {
    return this.#modules.nameOf(path)
  }

  /** The folder from which the module name of a file counts, empty for the project's root. */
  sourceRoot(path: string = this.#path): string {
    return this.#modules.rootOf(path)
  }

  /** The file of a module, `null` if the project has none of this name. */
  modulePath(moduleName: string): string | null {
    const parts = moduleName.split('.')
    const last = this.#modules.findAbsolute(parts, this.#path).at(-1)
    return last?.length === parts.length ? last.path : null
  }

  /**
   * The file that an import statement loads: `from .models import User` gives the file of `models`.
   * @param module as written: `app.models`, `..core`
   * @returns `null` for libraries and modules that are not there
   */
  resolveImport(module: RelativeName, from: string = this.#path): string | null {
    const found = this.#find(module, from)
    const last = found?.matches.at(-1)
    return found && last?.length === found.parts.length ? last.path : null
  }

  /** The module fact of a file; names inside are relative to it. */
  module(path: string): ModuleFact | undefined {
    return this.#reader.fact(moduleFact, path)
  }

  /** A fact of one file, say one that a pack defines. */
  fact<T>(fact: FactDefinition<T, never>, path: string): T | undefined {
    return this.#reader.fact(fact, path)
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

  /** What was changed since the base of `--since` or `--staged`; `null` if the run compares with none. */
  changes(): ProjectChanges | null {
    return this.#reader.changes()
  }

  /**
   * The canonical qualified name behind a name that is relative to a file: imports and re-exports followed to the module that defines it, library
   * names in their canonical form. `null` for a name with several meanings.
   */
  resolveName(name: RelativeName, from: string = this.#path): string | null {
    let names = this.#names.get(from)
    if (!names) this.#names.set(from, (names = new Map()))
    let resolved = names.get(name)
    if (resolved === undefined) names.set(name, (resolved = this.#resolve(name, from)))
    return resolved
  }

  /** A value of a fact with absolute names. */
  value(value: Value, from: string = this.#path): Value {
    const known = this.#values.get(value)
    if (known?.from === from) return known.absolute
    const absolute = mapNames(value, (name) => this.resolveName(name, from))
    this.#values.set(value, { from, absolute })
    return absolute
  }

  /** What a qualified name means, re-exports followed; `null` if it belongs to a library or is unknown. */
  definition(qualifiedName: string): ProjectDefinition | null {
    const name = this.resolveName(qualifiedName)
    return name === null ? null : this.#definitionOf(name)
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
    let ancestors = this.#ancestors.get(name)
    if (!ancestors) this.#ancestors.set(name, (ancestors = this.#linearise([name])))
    return ancestors
  }

  /**
   * As `ancestors`, for a class that has no qualified name because it stands in a function.
   * @param bases with absolute names, such as `context.values` gives
   */
  ancestorsOfBases(bases: readonly Value[]): Ancestors {
    const names = bases.map(baseName)
    const known = this.#linearise(names.filter((name) => name !== null))
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
      const definition = this.#definitionOf(owner)
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

  #linearise(roots: readonly string[]): Ancestors {
    const order: string[] = []
    let complete = true
    // Depth first, each class once, at its last place: bases come after all classes that derive from them.
    const stack = [...roots].reverse()
    const onPath = new Map<string, number>()
    while (stack.length > 0) {
      const name = stack.pop()!
      if (order.length > MAX_ANCESTORS) return { names: unique(order), complete: false }
      order.push(name)
      const seen = (onPath.get(name) ?? 0) + 1
      onPath.set(name, seen)
      if (seen > MAX_VISITS) continue
      const bases = this.#basesOf(name)
      complete &&= bases.complete
      stack.push(...[...bases.names].reverse())
    }
    return { names: unique(order), complete }
  }

  #basesOf(name: string): Ancestors {
    const definition = this.#definitionOf(name)
    if (definition?.kind === 'class') {
      const bases = definition.fact.bases.map((base) => baseName(this.value(base, definition.path)))
      return { names: bases.filter((base) => base !== null), complete: !bases.includes(null) }
    }
    if (definition?.kind === 'variable') {
      const made = definition.fact.value && this.value(definition.fact.value, definition.path)
      const base = made ? madeBy(made) : null
      return { names: base === null ? [] : [base], complete: base !== null }
    }
    const ofObject = definition ? null : this.#attributeOfObject(name)
    if (ofObject) return ofObject
    if (Object.hasOwn(LIBRARY_CLASS_BASES, name)) return { names: LIBRARY_CLASS_BASES[name]!, complete: true }
    return { names: [], complete: false }
  }

  /** `app.db.db.Model` with `db = SQLAlchemy()` in `app.db` is `flask_sqlalchemy.SQLAlchemy().Model`. */
  #attributeOfObject(name: string): Ancestors | null {
    const dot = name.lastIndexOf('.')
    const object = dot < 0 ? null : this.#definitionOf(name.slice(0, dot))
    if (object?.kind !== 'variable' || !object.fact.value) return null
    const value = this.value(object.fact.value, object.path)
    const made = madeBy(value)
    if (made === null) return null
    // `SQLAlchemy(model_class=Base)` makes models of the project's own base.
    const given = value.kind === 'call' && name.endsWith('.Model') ? value.keywords['model_class'] : undefined
    const base = given ? baseName(given) : null
    return { names: [made + name.slice(dot), ...(base === null ? [] : [base])], complete: !given || base !== null }
  }

  /** The definition under a canonical name. */
  #definitionOf(name: string): ProjectDefinition | null {
    let definition = this.#definitions.get(name)
    if (definition === undefined) this.#definitions.set(name, (definition = this.#findDefinition(name)))
    return definition
  }

  #findDefinition(name: string): ProjectDefinition | null {
    const parts = name.split('.')
    const importable = this.#modules.findAbsolute(parts, this.#path)
    const matches = importable.length > 0 ? importable : this.#elsewhere(parts)
    for (let m = matches.length - 1; m >= 0; m--) {
      const { path, length } = matches[m]!
      const fact = this.module(path)
      if (!fact) continue
      if (length === parts.length) return { kind: 'module', name, path, fact }
      const member = memberAt(fact, parts, length)
      if (member && member.kind !== 'alias') return { kind: member.kind, name, path, fact: member } as ProjectDefinition
    }
    return null
  }

  /** A name from a part of the project that this file cannot import, as an index or another file's fact gives it. Of several modules the nearest one. */
  #elsewhere(parts: readonly string[]): readonly ModuleMatch[] {
    const first = parts[0]!
    if (KNOWN_LIBRARIES.has(first) || !this.#reader.ask(moduleTopIndex, first)) return []
    for (let length = parts.length; length > 0; length--) {
      const paths = this.#reader.ask(modulePathsIndex, parts.slice(0, length).join('.'))
      if (paths.length > 0) return [{ path: nearest(paths, this.#path), length }]
    }
    return []
  }

  #resolve(name: RelativeName, from: string): string | null {
    let current = name
    let path = from
    const seen = new Set<string>()
    for (let step = 0; step < MAX_STEPS; step++) {
      const key = `${path}\n${current}`
      if (seen.has(key)) return null
      seen.add(key)
      const next = this.#step(current, path)
      if (next === null || typeof next === 'string') return next
      current = next.name
      path = next.path
    }
    return null
  }

  /** Follows a name by one import: gives the final name, or where to go on, or `null`. */
  #step(name: RelativeName, from: string): Step {
    if (name.startsWith('*.')) return this.#throughStars(name.slice(2), from)
    if (name.startsWith(':')) return this.#ownName(name.slice(1).split('.'), from)
    const found = this.#find(name, from)
    if (!found) return null
    const { matches, parts } = found
    const last = matches.at(-1)
    if (!last) return name.startsWith('.') ? null : canonicalLibraryName(name)
    if (last.length === parts.length) return this.#moduleOrName(matches, parts)
    for (const match of [...matches].reverse()) {
      const inside = this.#inModule(match.path, parts.slice(match.length))
      if (inside !== undefined) return inside
    }
    return this.#nameIn(last.path, parts.slice(last.length))
  }

  /** A name relative to its own file. A lone name is its own answer: what the file says of it is in the name already. */
  #ownName(parts: readonly string[], from: string): Step {
    const inside = parts.length === 1 ? undefined : this.#inModule(from, parts)
    return inside === undefined ? this.#nameIn(from, parts) : inside
  }

  /** A name that could be a module: what the package around binds under it comes first, unless that is the module itself. */
  #moduleOrName(matches: readonly ModuleMatch[], parts: readonly string[]): Step {
    const last = matches.at(-1)!
    const outer = matches.at(-2)
    const bound = outer?.length === parts.length - 1 ? this.#inModule(outer.path, parts.slice(-1)) : undefined
    if (bound === undefined || bound === null || typeof bound === 'string') return this.moduleName(last.path)
    return this.resolveImport(bound.name, bound.path) === last.path ? this.moduleName(last.path) : bound
  }

  /** Looks a name up among the members of a module. `undefined` if the module has no such member. */
  #inModule(path: string, parts: readonly string[]): Step | undefined {
    const fact = this.module(path)
    if (!fact) return undefined
    const first = own(fact.members, parts[0]!)
    if (!first) return this.#starMember(fact, path, parts)
    const { member, used } = descend(first, parts)
    if (member.kind === 'alias') return { name: parts.slice(used).reduce(appendName, member.target), path }
    if (member.kind === 'variable' && member.ambiguous) return null
    return this.#nameIn(path, parts)
  }

  /** A member that a module of the project has by `from m import *`; the last such import wins. */
  #starMember(fact: ModuleFact, path: string, parts: readonly string[]): Step | undefined {
    const star = fact.stars.findLast((module) => {
      const file = this.resolveImport(module, path)
      return file !== null && this.#exports(file, parts[0]!)
    })
    return star === undefined ? undefined : { name: parts.reduce(appendName, star), path }
  }

  /** A name that nothing in the file binds: from a star import of the project, a builtin, or from the only star import of a library. */
  #throughStars(name: string, path: string): Step {
    const parts = name.split('.')
    const fact = this.module(path)
    const found = fact && this.#starMember(fact, path, parts)
    if (found) return found
    if (BUILTIN_NAMES.has(parts[0]!)) return canonicalLibraryName(`builtins.${name}`)
    const foreign = fact?.stars.filter((module) => this.resolveImport(module, path) === null) ?? []
    return foreign.length === 1 && !foreign[0]!.startsWith('.') ? canonicalLibraryName(`${foreign[0]}.${name}`) : null
  }

  /** Whether `from <module> import *` brings a name. */
  #exports(file: string, name: string): boolean {
    const seen = new Set<string>()
    const stack = [file]
    while (stack.length > 0) {
      const path = stack.pop()!
      if (seen.has(path)) continue
      seen.add(path)
      const fact = this.module(path)
      if (!fact) continue
      if (fact.all && !fact.allOpen && path === file) {
        if (fact.all.includes(name)) return true
        continue
      }
      if (name.startsWith('_') && !fact.all?.includes(name)) continue
      if (own(fact.members, name)) return true
      for (const star of fact.stars) {
        const next = this.resolveImport(star, path)
        if (next !== null) stack.push(next)
      }
    }
    return false
  }

  #find(name: RelativeName, from: string): { readonly matches: readonly ModuleMatch[]; readonly parts: readonly string[] } | null {
    if (name.startsWith('.')) return this.#modules.findRelative(name, from)
    const parts = name.split('.')
    return { matches: this.#modules.findAbsolute(parts, from), parts }
  }

  #nameIn(path: string, parts: readonly string[]): string {
    const module = this.moduleName(path)
    return module === '' ? parts.join('.') : [module, ...parts].join('.')
  }
}

/** Where following a name leads: its final name, the next name, or nowhere. */
type Step = string | { readonly name: RelativeName; readonly path: string } | null

/** A class is looked at this often on different paths before it is taken for a cycle. */
const MAX_VISITS = 20

/** Bases without members that a lookup could miss. */
const MEMBERLESS: ReadonlySet<string> = new Set(['builtins.object', 'abc.ABC', 'typing.Generic', 'typing.Protocol'])

/** Each name once, at its last place. */
function unique(names: readonly string[]): string[] {
  return [...new Set([...names].reverse())].reverse()
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function memberAt(fact: ModuleFact, parts: readonly string[], from: number): MemberFact | undefined {
  let member = own(fact.members, parts[from]!)
  for (let i = from + 1; i < parts.length && member; i++) member = member.kind === 'class' ? own(member.members, parts[i]!) : undefined
  return member
}

/** Goes from a member into classes as far as the parts lead. */
function descend(first: MemberFact, parts: readonly string[]): { readonly member: MemberFact; readonly used: number } {
  let member = first
  let used = 1
  for (; member.kind === 'class' && used < parts.length; used++) {
    const inner: MemberFact | undefined = own(member.members, parts[used]!)
    if (!inner) break
    member = inner
  }
  return { member, used }
}

/** The name of a base class: `Base`, `Generic[T]`, `declarative_base()`. */
function baseName(base: Value): string | null {
  if (base.kind === 'name') return base.name
  if (base.kind === 'subscript') return baseName(base.object)
  return madeBy(base)
}

/** `f()` for the result of a call of `f`. */
function madeBy(value: Value): string | null {
  return value.kind === 'call' && value.callee !== null ? `${value.callee}()` : null
}

/** The file with the most folders in common with another one; the first of several. */
function nearest(paths: readonly string[], from: string): string {
  let best = paths[0]!
  for (const path of paths) if (sharedFolders(path, from) > sharedFolders(best, from)) best = path
  return best
}

function sharedFolders(path: string, other: string): number {
  const folders = path.split('/').slice(0, -1)
  const others = other.split('/').slice(0, -1)
  const apart = folders.findIndex((folder, i) => folder !== others[i])
  return apart < 0 ? folders.length : apart
}
