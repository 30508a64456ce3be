import { remember } from '@krait/core'
import type { KeptReader, ProjectReader, Tracked } from '@krait/core'
import { canonicalLibraryName } from '../data/library-aliases.ts'
import { LIBRARY_CLASS_BASES } from '../data/library-classes.ts'
import { moduleFact } from '../facts/module-fact.ts'
import type { MemberFact, ModuleFact } from '../facts/module-fact-types.ts'
import { BUILTIN_NAMES } from '../data/builtins.ts'
import { KNOWN_LIBRARIES } from '../data/known-libraries.ts'
import { appendName, isRelative } from '../names/relative-name.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { mapNames } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import type { Ancestors, ProjectDefinition } from './definition.ts'
import { modulePathsIndex, moduleTopIndex } from './module-index.ts'
import type { ModuleMatch, Modules } from './modules.ts'
import type { Searched } from './source-roots.ts'

/** More re-exports in a row than this are taken for a cycle. */
const MAX_STEPS = 100
/** More classes above one class than this are not followed. */
const MAX_ANCESTORS = 500

/**
 * What names mean to the files that look for modules in the same folders: kept for all of them. The files that relative names belong to are always told.
 */
export class NameView {
  readonly #reader: KeptReader
  readonly #modules: Modules
  readonly #searched: Searched
  readonly #meanings = new Map<string, Tracked<ProjectDefinition | null>>()
  readonly #definitions = new Map<string, Tracked<ProjectDefinition | null>>()
  readonly #ancestors = new Map<string, Tracked<Ancestors>>()
  readonly #absolute = new Map<string, Tracked<string | null>>()
  /** By the file to which names are relative. */
  readonly #relative = new Map<string, Map<RelativeName, Tracked<string | null>>>()
  /** Values of facts with absolute names. */
  readonly #values = new WeakMap<Value, Tracked<{ readonly from: string; readonly absolute: Value }>>()

  constructor(reader: KeptReader, modules: Modules, searched: Searched) {
    this.#reader = reader
    this.#modules = modules
    this.#searched = searched
  }

  /** The view that belongs to a file. */
  static of(reader: ProjectReader, modules: Modules, path: string): NameView {
    const searched = modules.searched(path)
    return reader.kept(`python/names ${searched.key}`, (kept) => new NameView(kept, modules, searched))
  }

  /** What makes the view different from others. */
  get key(): string {
    return this.#searched.key
  }

  modulePath(moduleName: string): string | null {
    const last = this.#modules.findAbsolute(moduleName, this.#searched).at(-1)
    return last?.length === moduleName.split('.').length ? last.path : null
  }

  resolveImport(module: RelativeName, from: string): string | null {
    const found = this.#find(module, from)
    const last = found?.matches.at(-1)
    return found && last?.length === found.parts.length ? last.path : null
  }

  /** @param from the file to which the name is relative; `null` for an absolute name */
  resolveName(name: RelativeName, from: string | null): string | null {
    if (from === null || (!isRelative(name) && this.#modules.searched(from) === this.#searched)) {
      return remember(this.#reader, this.#absolute, name, this.#followAbsolute)
    }
    let names = this.#relative.get(from)
    if (!names) this.#relative.set(from, (names = new Map()))
    return remember(this.#reader, names, name, () => this.follow(name, from))
  }

  readonly #followAbsolute = (name: string): string | null => this.follow(name, null)

  value(value: Value, from: string): Value {
    const known = this.#values.get(value)
    if (known?.value.from === from) {
      this.#reader.include(known.reads)
      return known.value.absolute
    }
    const made = this.#reader.track(() => ({ from, absolute: mapNames(value, (name) => this.resolveName(name, from)) }))
    this.#values.set(value, made)
    return made.value.absolute
  }

  /** What an absolute name means, re-exports followed. */
  definition(name: string): ProjectDefinition | null {
    return remember(this.#reader, this.#meanings, name, this.#findMeaning)
  }

  readonly #findMeaning = (name: string): ProjectDefinition | null => {
    const canonical = this.resolveName(name, null)
    return canonical === null ? null : this.definitionOf(canonical)
  }

  /** The definition under a canonical name. */
  definitionOf(name: string): ProjectDefinition | null {
    return remember(this.#reader, this.#definitions, name, this.#findDefinition)
  }

  /** As `ProjectNames.ancestors`, for a canonical name. */
  ancestorsOf(name: string): Ancestors {
    return remember(this.#reader, this.#ancestors, name, this.#lineariseOne)
  }

  readonly #lineariseOne = (name: string): Ancestors => this.linearise([name])

  /** Classes and what they inherit from, each once, bases after all that derive from them. */
  linearise(roots: readonly string[]): Ancestors {
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
    const definition = this.definitionOf(name)
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
    const object = dot < 0 ? null : this.definitionOf(name.slice(0, dot))
    if (object?.kind !== 'variable' || !object.fact.value) return null
    const value = this.value(object.fact.value, object.path)
    const made = madeBy(value)
    if (made === null) return null
    // `SQLAlchemy(model_class=Base)` makes models of the project's own base.
    const given = value.kind === 'call' && name.endsWith('.Model') ? value.keywords['model_class'] : undefined
    const base = given ? baseName(given) : null
    return { names: [made + name.slice(dot), ...(base === null ? [] : [base])], complete: !given || base !== null }
  }

  readonly #findDefinition = (name: string): ProjectDefinition | null => {
    const parts = name.split('.')
    const importable = this.#modules.findAbsolute(name, this.#searched)
    const matches = importable.length > 0 ? importable : this.#elsewhere(parts)
    for (let m = matches.length - 1; m >= 0; m--) {
      const { path, length } = matches[m]!
      if (length === parts.length) {
        if (this.#isReadable(path)) return { kind: 'module', name, path, fact: null }
        continue
      }
      const first = this.#member(path, parts[length]!)
      const member = first && memberBelow(first, parts, length + 1)
      if (member && member.kind !== 'alias') return { kind: member.kind, name, path, fact: member } as ProjectDefinition
    }
    return null
  }

  /** A name from a part of the project that these files cannot import, as an index or another file's fact gives it. Of several modules the nearest one. */
  #elsewhere(parts: readonly string[]): readonly ModuleMatch[] {
    const first = parts[0]!
    if (KNOWN_LIBRARIES.has(first) || !this.#reader.ask(moduleTopIndex, first)) return []
    for (let length = parts.length; length > 0; length--) {
      const paths = this.#reader.ask(modulePathsIndex, parts.slice(0, length).join('.'))
      if (paths.length > 0) return [{ path: nearest(paths, this.#searched.own), length }]
    }
    return []
  }

  /** As `resolveName`, for a name that is not asked for again. */
  follow(name: RelativeName, from: string | null): string | null {
    let current = name
    let path = from
    for (let step = 0; step < MAX_STEPS; step++) {
      const next = this.#step(current, path)
      if (next === null || typeof next === 'string') return next
      current = next.name
      path = next.path
    }
    return null
  }

  /** Follows a name by one import: gives the final name, or where to go on, or `null`. */
  #step(name: RelativeName, from: string | null): Step {
    if (from !== null && name.startsWith('*.')) return this.#throughStars(name.slice(2), from)
    if (from !== null && name.startsWith(':')) return this.#ownName(name.slice(1).split('.'), from)
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
    if (bound === undefined || bound === null || typeof bound === 'string') return this.#modules.nameOf(last.path)
    return this.resolveImport(bound.name, bound.path) === last.path ? this.#modules.nameOf(last.path) : bound
  }

  /** Looks a name up among the members of a module. `undefined` if the module has no such member. */
  #inModule(path: string, parts: readonly string[]): Step | undefined {
    const first = this.#member(path, parts[0]!)
    if (!first) return this.#starMember(path, parts)
    const { member, used } = descend(first, parts)
    if (member.kind === 'alias') return { name: parts.slice(used).reduce(appendName, member.target), path }
    if (member.kind === 'variable' && member.ambiguous) return null
    return this.#nameIn(path, parts)
  }

  #member(path: string, name: string): MemberFact | undefined {
    return this.#reader.part(moduleFact, path, 'members', name)
  }

  /** Every module fact has the list of star imports, and hardly an edit changes it. */
  #isReadable(path: string): boolean {
    return this.#reader.part(moduleFact, path, 'stars') !== undefined
  }

  #starsOf(path: string): readonly RelativeName[] {
    return this.#reader.part(moduleFact, path, 'stars') ?? []
  }

  /** A member that a module of the project has by `from m import *`; the last such import wins. */
  #starMember(path: string, parts: readonly string[]): Step | undefined {
    const star = this.#starsOf(path).findLast((module) => {
      const file = this.resolveImport(module, path)
      return file !== null && this.#exports(file, parts[0]!)
    })
    return star === undefined ? undefined : { name: parts.reduce(appendName, star), path }
  }

  /** A name that nothing in the file binds: from a star import of the project, a builtin, or from the only star import of a library. */
  #throughStars(name: string, path: string): Step {
    const parts = name.split('.')
    const found = this.#starMember(path, parts)
    if (found) return found
    if (BUILTIN_NAMES.has(parts[0]!)) return canonicalLibraryName(`builtins.${name}`)
    const foreign = this.#starsOf(path).filter((module) => this.resolveImport(module, path) === null)
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
      const all = this.#reader.part(moduleFact, path, 'all')
      if (all && path === file && !this.#reader.part(moduleFact, path, 'allOpen')) {
        if (all.includes(name)) return true
        continue
      }
      if (name.startsWith('_') && !all?.includes(name)) continue
      if (this.#member(path, name)) return true
      for (const star of this.#starsOf(path)) {
        const next = this.resolveImport(star, path)
        if (next !== null) stack.push(next)
      }
    }
    return false
  }

  #find(name: RelativeName, from: string | null): { readonly matches: readonly ModuleMatch[]; readonly parts: readonly string[] } | null {
    if (from !== null && name.startsWith('.')) return this.#modules.findRelative(name, from)
    const searched = from === null ? this.#searched : this.#modules.searched(from)
    return { matches: this.#modules.findAbsolute(name, searched), parts: name.split('.') }
  }

  #nameIn(path: string, parts: readonly string[]): string {
    const module = this.#modules.nameOf(path)
    return module === '' ? parts.join('.') : [module, ...parts].join('.')
  }
}

/** Where following a name leads: its final name, the next name, or nowhere. */
type Step = string | { readonly name: RelativeName; readonly path: string } | null

/** A class is looked at this often on different paths before it is taken for a cycle. */
const MAX_VISITS = 20

/** Each name once, at its last place. */
function unique(names: readonly string[]): string[] {
  return [...new Set([...names].reverse())].reverse()
}

/** A property of a record of facts, whose names are the user's. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A member, or one of a class in it, by the parts of its path. */
export function memberAt(members: ModuleFact['members'], parts: readonly string[]): MemberFact | undefined {
  const first = own(members, parts[0]!)
  return first && memberBelow(first, parts, 1)
}

/** The member of classes in a member to which the parts of a path lead from one on. */
function memberBelow(first: MemberFact, parts: readonly string[], from: number): MemberFact | undefined {
  let member: MemberFact | undefined = first
  for (let i = from; i < parts.length && member; i++) member = member.kind === 'class' ? own(member.members, parts[i]!) : undefined
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
export function baseName(base: Value): string | null {
  if (base.kind === 'name') return base.name
  if (base.kind === 'subscript') return baseName(base.object)
  return madeBy(base)
}

/** `f()` for the result of a call of `f`. */
function madeBy(value: Value): string | null {
  return value.kind === 'call' && value.callee !== null ? `${value.callee}()` : null
}

/** The file with the most folders in common with a folder; the first of several. */
function nearest(paths: readonly string[], root: string): string {
  let best = paths[0]!
  for (const path of paths) if (sharedFolders(path, root) > sharedFolders(best, root)) best = path
  return best
}

function sharedFolders(path: string, folder: string): number {
  const folders = path.split('/').slice(0, -1)
  const others = folder.split('/')
  const apart = folders.findIndex((folder, i) => folder !== others[i])
  return apart < 0 ? folders.length : apart
}
