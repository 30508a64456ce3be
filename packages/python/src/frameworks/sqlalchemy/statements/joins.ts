import { lastPart } from '../../../shared/dotted-name.ts'
import { linksBetween } from '../links.ts'
import type { ColumnPair, ModelRelationship } from '../model.ts'
import { alternativesOf, at } from './frames.ts'
import type { Located } from './frames.ts'
import type { Conditions, Conjunction } from './conditions.ts'
import type { Expressions } from './expressions.ts'
import type { Resolver } from './resolver.ts'
import type { Sources } from './sources.ts'
import type { ColumnUse, Condition, Join, RelationshipExtra, Source, SqlExpression } from './statement.ts'
import type { AttributeTerm, CallTerm } from './term.ts'

type ModelSource = ColumnUse['source']

/** What a call of `join` adds, on one path. */
export type JoinPath = readonly Join[]

/** An element of a FROM list with what is joined to it, on each path. */
export interface FromClause {
  readonly source: Source
  readonly paths: readonly JoinPath[]
}

/** Reads joins. */
export class Joins {
  readonly #resolver: Resolver
  readonly #sources: Sources
  readonly #expressions: Expressions
  readonly #conditions: Conditions

  constructor(resolver: Resolver, sources: Sources, expressions: Expressions, conditions: Conditions) {
    this.#resolver = resolver
    this.#sources = sources
    this.#expressions = expressions
    this.#conditions = conditions
  }

  /**
   * What `.join(...)` and its kin add; `null` if that is not known.
   * @param before what the statement has in its FROM list already, the latest last
   */
  join(call: Located<CallTerm>, name: string, before: readonly Source[]): readonly JoinPath[] | null {
    const { term } = call
    const kind = kindOf(name, call)
    if (term.open || kind === null) return null
    const isFrom = name === 'join_from' || name === 'outerjoin_from'
    const positions = isFrom ? { left: 0, target: 1, on: 2 } : { left: -1, target: 0, on: 1 }
    const left = isFrom ? this.#argument(call, 'from_', positions.left) : null
    const target = this.#argument(call, 'target', positions.target) ?? this.#argument(call, 'right', positions.target)
    const on = this.#argument(call, 'onclause', positions.on)
    if (!target || (isFrom && !left) || term.arguments.length > positions.on + 1) return null
    const from = left ? this.#sources.sourceOf(left) : null
    if (left && !from) return null
    return this.#read(target, on, kind, from ? [from] : before)
  }

  /** What an argument of `select_from(...)` adds: a source, or `sa.join(A, B, condition)` and `a.join(b, condition)`; `null` if it is not known. */
  fromClause(located: Located): FromClause | null {
    const alternatives = alternativesOf(located)
    const [only] = alternatives ?? []
    if (!only || alternatives!.length > 1) return null
    const source = this.#sources.sourceOf(only)
    if (source) return { source, paths: [[]] }
    return only.term.kind === 'call' ? this.#joinCall(only as Located<CallTerm>) : null
  }

  #joinCall(call: Located<CallTerm>): FromClause | null {
    const { function: called } = call.term
    const name = this.#resolver.nameOf(at(called, call))
    const isFunction = name !== null && /^sqlalchemy\.(orm\.)?(join|outerjoin)$/.test(name)
    const method = isFunction ? lastPart(name) : called.kind === 'attribute' ? called.attribute : ''
    if (method !== 'join' && method !== 'outerjoin') return null
    const kind = kindOf(method, call)
    const left = isFunction ? this.#argument(call, 'left', 0) : at((called as AttributeTerm).object, call)
    const target = this.#argument(call, 'right', isFunction ? 1 : 0)
    const on = this.#argument(call, 'onclause', isFunction ? 2 : 1)
    const before = left && this.fromClause(left)
    if (!before || !target || kind === null || call.term.open) return null
    const paths = before.paths.map((path) => {
      const next = this.#read(target, on, kind, [before.source, ...path.map(({ source }) => source)])
      return next && next.map((joins): JoinPath => [...path, ...joins])
    })
    return paths.includes(null) ? null : { source: before.source, paths: paths.flatMap((path) => path!) }
  }

  #argument(call: Located<CallTerm>, keyword: string, position: number): Located | null {
    const named = call.term.keywords.find(([name]) => name === keyword)?.[1]
    const term = named ?? (position < 0 ? undefined : call.term.arguments[position])
    return term ? at(term, call) : null
  }

  #read(target: Located, on: Located | null, kind: Join['kind'], before: readonly Source[]): readonly JoinPath[] | null {
    const along = this.#expressions.expressionOf(target)
    if (along.kind === 'relationship') {
      if (!on) return this.#along(along, along.extra, kind)
      // `query.join(A.b, B.c)` of old: one relationship after the other.
      const next = this.#expressions.expressionOf(on)
      const first = this.#along(along, along.extra, kind)
      const second = next.kind === 'relationship' ? this.#along(next, next.extra, kind) : null
      return first && second && first.flatMap((one) => second.map((other) => [...one, ...other]))
    }
    const source = this.#sources.sourceOf(target)
    if (!source) return null
    if (!on) return this.#byForeignKey(source, kind, before)
    const condition = this.#expressions.expressionOf(on)
    if (condition.kind === 'relationship') return this.#along(condition, { ...condition.extra, target: source }, kind)
    return this.#conditions.pathsOf(on).map((conditions) => [{ source, left: null, kind, conditions, relationship: null }])
  }

  /** Along a relationship, through its secondary table if it has one. */
  #along(on: SqlExpression & { kind: 'relationship' }, extra: RelationshipExtra, kind: Join['kind']): readonly JoinPath[] | null {
    const { source: left, relationship, node } = on
    const target = extra.target ?? (relationship.target === null ? null : this.#sources.ofName(relationship.target))
    if (!target) return null
    const between = relationship.hasSecondary
      ? this.#secondary(left, relationship, target, kind, node)
      : this.#direct(left, relationship, target, kind, node)
    if (!between) return null
    return this.#conditions.allOf(extra.conditions).map((conditions): JoinPath => {
      const last = between.at(-1)!
      return [...between.slice(0, -1), { ...last, conditions: [...last.conditions, ...conditions] }]
    })
  }

  #direct(left: ModelSource, relationship: ModelRelationship, target: Source, kind: Join['kind'], node: Condition['node']): JoinPath | null {
    const conditions = target.model && relationship.pairs ? equated(left, target as ModelSource, relationship.pairs, node) : null
    return [{ source: target, left, kind, conditions: conditions ?? [{ kind: 'unknown', node }], relationship }]
  }

  #secondary(left: ModelSource, relationship: ModelRelationship, target: Source, kind: Join['kind'], node: Condition['node']): JoinPath | null {
    const middle = relationship.secondary === null ? null : this.#sources.ofName(relationship.secondary)
    if (!middle?.model || !target.model) return null
    // Each join along a relationship has a secondary table of its own.
    const table = { ...middle, key: `${middle.key} of ${left.key}.${relationship.attribute}` } as ModelSource
    const [toLeft, ...otherLeft] = linksBetween(table.model, left.model)
    const [toRight, ...otherRight] = linksBetween(table.model, target.model)
    if (!toLeft || !toRight || otherLeft.length > 0 || otherRight.length > 0) return null
    const first = equated(table, left, toLeft, node)
    const second = equated(table, target as ModelSource, toRight, node)
    if (!first || !second) return null
    return [
      { source: table, left, kind, conditions: first, relationship },
      { source: target, left: table, kind, conditions: second, relationship },
    ]
  }

  /** `join(Target)`: by the only foreign key between it and what is there already. */
  #byForeignKey(target: Source, kind: Join['kind'], before: readonly Source[]): readonly JoinPath[] | null {
    if (!target.model) return null
    const right = target as ModelSource
    const joined: { readonly left: ModelSource; readonly pairs: readonly ColumnPair[] }[] = []
    for (const left of before) {
      if (!left.model) return null
      if (left.key === target.key) continue
      const inward = linksBetween(right.model, left.model).map((pairs) => pairs.map(({ local, remote }) => ({ local: remote, remote: local })))
      for (const pairs of [...linksBetween(left.model, right.model), ...inward]) joined.push({ left: left as ModelSource, pairs })
    }
    // Of several, the one to the latest element counts.
    const latest = joined.filter(({ left }) => left.key === before.at(-1)?.key)
    const candidates = joined.length === 1 ? joined : latest
    const [only] = candidates
    if (candidates.length !== 1 || !only) return null
    const conditions = equated(only.left, right, only.pairs, null)
    return conditions && [[{ source: target, left: only.left, kind, conditions, relationship: null }]]
  }
}

/** The equality of columns of two sources; `null` if one of them is not known. */
function equated(left: ModelSource, right: ModelSource, pairs: readonly ColumnPair[], node: Condition['node']): Conjunction | null {
  const conditions: Condition[] = []
  for (const { local, remote } of pairs) {
    const one = left.model.columns.find(({ attribute }) => attribute === local)
    const other = right.model.columns.find(({ attribute }) => attribute === remote)
    if (!one || !other) return null
    conditions.push({ kind: 'equated', left: { source: left, column: one }, right: { source: right, column: other }, node })
  }
  return conditions
}

/** Inner, left or full, by the method's name and its options; `null` if an option is computed. */
function kindOf(name: string, call: Located<CallTerm>): Join['kind'] | null {
  let kind: Join['kind'] = name.startsWith('outerjoin') ? 'left' : 'inner'
  for (const [keyword, value] of call.term.keywords) {
    if (keyword === 'aliased') return null
    if (keyword !== 'isouter' && keyword !== 'full') continue
    if (value.kind !== 'literal' || typeof value.value !== 'boolean') return null
    if (value.value) kind = keyword === 'full' ? 'full' : 'left'
  }
  return kind
}
