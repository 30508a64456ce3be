import { lastPart, withoutLastPart } from '../../../shared/dotted-name.ts'
import { isCallOf } from '../../../values/value.ts'
import { withSqlalchemyNames } from '../library-names.ts'
import type { Model, ModelColumn } from '../model.ts'
import { modelId } from '../model-index.ts'
import { alternativesOf, at, followed } from './frames.ts'
import type { Located } from './frames.ts'
import type { Resolver } from './resolver.ts'
import type { ColumnUse, Source } from './statement.ts'
import type { Term } from './term.ts'

/** Longer chains of names and aliases are not followed. */
const MAX_STEPS = 12

/** Functions that make an alias of a model. */
const ALIASES: readonly string[] = ['sqlalchemy.orm.aliased', 'sqlalchemy.alias', 'sqlalchemy.tablesample']

/** Functions that make an element of a FROM list which is not looked into. */
const OPAQUE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...'cte lateral subquery values table'.split(' ').map((name) => `sqlalchemy.${name}`),
  'sqlalchemy.orm.with_polymorphic',
])
const OPAQUE_METHODS: ReadonlySet<string> = new Set('alias cte lateral subquery table_valued render_derived tablesample'.split(' '))

/** A member of something in a FROM list. */
export interface SourceMember {
  readonly source: Source
  /** `t.c.name`, by the column's name in the database; else an attribute of the model. */
  readonly isKey: boolean
  readonly name: string
}

/** Tells which expressions stand for models, Core tables, aliases and other elements of FROM lists. */
export class Sources {
  readonly #resolver: Resolver
  readonly #aliases = new WeakMap<Term, number>()
  readonly #named = new Map<string, Source | null>()
  #aliasCount = 0

  constructor(resolver: Resolver) {
    this.#resolver = resolver
  }

  /** What an expression adds to a FROM list; `null` if it is nothing of the kind, or not known. */
  sourceOf(located: Located): Source | null {
    const source = this.#sourceOf(located, 0)
    const { node } = located.term
    // An alias goes by the name of the variable that holds it.
    return source && located.frame.isHere && node?.kind === 'identifier' ? { ...source, text: node.text } : source
  }

  /** `User.id`, `users.c.id`, `users.c["id"]`. */
  memberOf(located: Located): SourceMember | null {
    const { term } = located
    if (term.kind === 'name') {
      const name = this.#resolver.nameOf(located)
      return name === null ? null : this.#memberNamed(name)
    }
    if (term.kind === 'call') return this.#memberByGetattr(located)
    const name = term.kind === 'attribute' ? term.attribute : term.kind === 'subscript' && term.index?.kind === 'literal' ? term.index.value : null
    if (typeof name !== 'string' || (term.kind !== 'attribute' && term.kind !== 'subscript')) return null
    const object = followed(at(term.object, located))
    if (object.term.kind === 'attribute' && (object.term.attribute === 'c' || object.term.attribute === 'columns')) {
      const source = this.sourceOf(at(object.term.object, object))
      if (source) return { source, isKey: true, name }
    }
    if (term.kind === 'subscript') return null
    const source = this.sourceOf(object)
    return source && { source, isKey: false, name }
  }

  /** The column that a member means. */
  columnOf({ source, isKey, name }: SourceMember): ColumnUse | null {
    if (!source.model) return null
    const column = findColumn(source.model, name, isKey)
    return column ? { source: source as ColumnUse['source'], column } : null
  }

  /** The source of a model or table by its qualified name. */
  ofName(name: string, text: string | null = null): Source | null {
    return this.#ofName(name, text, 0)
  }

  #sourceOf(located: Located, depth: number): Source | null {
    if (depth > MAX_STEPS) return null
    const alternatives = alternativesOf(located)
    if (alternatives?.length !== 1) return this.#agreed(alternatives ?? [], depth)
    const [only] = alternatives
    const { term } = only!
    switch (term.kind) {
      case 'name':
        return this.#byName(only!, depth)
      case 'attribute':
        if (term.attribute === '__table__') return this.#sourceOf(at(term.object, only!), depth + 1)
        return this.#byName(only!, depth) ?? this.#ofClass(only!)
      case 'parameter':
        return this.#ofClass(only!)
      case 'call':
        return this.#ofCall(only as Located<typeof term>, depth)
      default:
        return null
    }
  }

  /** Several ways that lead to one model. */
  #agreed(alternatives: readonly Located[], depth: number): Source | null {
    const sources = alternatives.map((located) => this.#sourceOf(located, depth + 1))
    const [first] = sources
    return first && sources.every((source) => source?.key === first.key) ? first : null
  }

  #byName(located: Located, depth: number): Source | null {
    const name = this.#resolver.nameOf(located)
    return name === null ? null : this.#ofName(name, located.frame.isHere ? (located.term.node?.text ?? null) : null, depth)
  }

  #ofName(name: string, text: string | null, depth: number): Source | null {
    let source = this.#named.get(name)
    if (source === undefined) this.#named.set(name, (source = this.#find(name, depth)))
    return source && { ...source, text }
  }

  #find(name: string, depth: number): Source | null {
    const { project } = this.#resolver
    const plain = name.endsWith('.__table__') ? withoutLastPart(name) : name
    const model = project.model(plain)
    if (model) return this.#ofModel(model, null)
    const value = depth > MAX_STEPS ? null : project.valueOf(plain)
    if (!value) return null
    const bound = withSqlalchemyNames(project, value)
    if (bound.kind === 'name') return this.#ofName(bound.name, null, depth + 1)
    const aliased = isCallOf(bound, ...ALIASES) ? bound.arguments[0] : null
    const of = aliased?.kind === 'name' ? this.#ofName(aliased.name, null, depth + 1) : null
    if (of?.model) return { key: plain, model: of.model, isAlias: true, text: null }
    const isOpaque = bound.kind === 'call' && bound.callee !== null && (OPAQUE_FUNCTIONS.has(bound.callee) || OPAQUE_METHODS.has(lastPart(bound.callee)))
    const isMade = bound.kind === 'call' && bound.function?.kind === 'attribute' && OPAQUE_METHODS.has(bound.function.attribute)
    return isOpaque || isMade || aliased ? { key: plain, model: null, isAlias: true, text: null } : null
  }

  /** `type[User]`, `self.model`, `cls`. */
  #ofClass(located: Located): Source | null {
    const name = this.#resolver.classObjectOf(located)
    const model = name === null ? null : this.#resolver.project.model(name)
    return model && this.#ofModel(model, located.frame.isHere ? (located.term.node?.text ?? null) : null)
  }

  #ofCall(call: Located<Term & { kind: 'call' }>, depth: number): Source | null {
    const { term } = call
    const [first] = term.arguments
    const name = this.#resolver.nameOf(at(term.function, call))
    if (name !== null && ALIASES.includes(name)) {
      const of = first && term.arguments.length === 1 ? this.#sourceOf(at(first, call), depth + 1) : null
      return this.#alias(call, of?.model ?? null)
    }
    if (name !== null && OPAQUE_FUNCTIONS.has(name)) return this.#alias(call, null)
    if (term.function.kind !== 'attribute' || !OPAQUE_METHODS.has(term.function.attribute)) return null
    const of = term.function.attribute === 'alias' ? this.#sourceOf(at(term.function.object, call), depth + 1) : null
    return this.#alias(call, of?.model?.kind === 'table' ? of.model : null)
  }

  /** A class that inherits from a mapped class selects from that one's table, too, so that both are one element. */
  #ofModel(model: Model, text: string | null): Source {
    let root = model
    for (let step = 0; step < MAX_STEPS && root.inherits; step++) {
      const above = this.#resolver.project.model(root.inherits.model)
      if (!above) break
      root = above
    }
    return { key: modelId(root.path, root.name), model, isAlias: false, text }
  }

  #alias({ term, frame }: Located, model: Model | null): Source {
    let number = this.#aliases.get(term)
    if (number === undefined) this.#aliases.set(term, (number = ++this.#aliasCount))
    return { key: `alias ${frame.id} ${number}`, model, isAlias: true, text: null }
  }

  /** `app.models.User.id`, `app.tables.users.c.id`. */
  #memberNamed(name: string): SourceMember | null {
    const owner = withoutLastPart(name)
    if (owner === '') return null
    const isKey = /\.(c|columns)$/.test(owner)
    const source = this.#ofName(isKey ? withoutLastPart(owner) : owner, null, 0)
    return source && { source, isKey, name: lastPart(name) }
  }

  /** `getattr(User, "id")`. */
  #memberByGetattr(located: Located): SourceMember | null {
    const { term } = located
    if (term.kind !== 'call' || term.arguments.length !== 2) return null
    if (this.#resolver.nameOf(at(term.function, located)) !== 'builtins.getattr') return null
    const name = followed(at(term.arguments[1]!, located)).term
    const source = name.kind === 'literal' && typeof name.value === 'string' ? this.sourceOf(at(term.arguments[0]!, located)) : null
    return source && { source, isKey: false, name: (name as Term & { kind: 'literal' }).value as string }
  }
}

/** A column by its attribute, or by its key in `t.c`. */
function findColumn({ columns, kind }: Model, name: string, isKey: boolean): ModelColumn | undefined {
  if (!isKey) return kind === 'table' ? undefined : columns.find(({ attribute }) => attribute === name)
  return columns.find((column) => (kind === 'table' ? column.attribute : column.name) === name) ?? columns.find(({ attribute }) => attribute === name)
}
