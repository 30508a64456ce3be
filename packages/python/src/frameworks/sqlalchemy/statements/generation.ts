import { MAX_PATHS, columnsOfCondition } from './conditions.ts'
import type { Conditions, Conjunction } from './conditions.ts'
import { nodeOf } from './expressions.ts'
import type { Expressions } from './expressions.ts'
import { at, followed } from './frames.ts'
import type { Located } from './frames.ts'
import type { Joins } from './joins.ts'
import { GENERATIVE_METHODS, NEUTRAL_METHODS } from './names.ts'
import type { Sources } from './sources.ts'
import type { ColumnUse, Selected, Source, SqlExpression, Statement } from './statement.ts'
import type { CallTerm } from './term.ts'

const EMPTY: Statement = {
  kind: 'select',
  isQuery: false,
  selected: [],
  target: null,
  selectFrom: [],
  joins: [],
  conditions: [],
  limit: null,
  isDistinct: false,
  isGrouped: false,
  steps: [],
  isOpen: false,
}

/** Begins statements and applies the methods that change them. */
export class Generation {
  readonly #sources: Sources
  readonly #expressions: Expressions
  readonly #conditions: Conditions
  readonly #joins: Joins

  constructor(sources: Sources, expressions: Expressions, conditions: Conditions, joins: Joins) {
    this.#sources = sources
    this.#expressions = expressions
    this.#conditions = conditions
    this.#joins = joins
  }

  /** What `select(...)`, `session.query(...)`, `insert(...)` and so on begin. */
  begin(name: string, call: Located<CallTerm>): readonly Statement[] {
    const { term } = call
    const steps = [{ name, call }]
    const isOpen = term.open === true
    switch (name) {
      case 'select':
      case 'query':
        return [{ ...EMPTY, isQuery: name === 'query', steps, selected: this.#selected(call), isOpen: isOpen || term.keywords.length > 0 }]
      case 'insert':
      case 'update':
      case 'delete': {
        const target = term.arguments[0] ? this.#sources.sourceOf(at(term.arguments[0], call)) : null
        return [{ ...EMPTY, kind: name, steps, target, isOpen: isOpen || !target }]
      }
      default:
        return [{ ...EMPTY, kind: 'compound', steps, isOpen }]
    }
  }

  /** `users.select()`, `users.insert()`. */
  onTable(name: 'select' | 'insert' | 'update' | 'delete', table: Source, call: Located<CallTerm>): readonly Statement[] {
    const steps = [{ name, call }]
    const isOpen = call.term.arguments.length > 0 || call.term.keywords.length > 0
    if (name === 'select') return [{ ...EMPTY, steps, selected: [{ kind: 'entity', source: table, node: nodeOf(call) }], isOpen }]
    return [{ ...EMPTY, kind: name, steps, target: table, isOpen }]
  }

  /** `User.query`. */
  queryOf(source: Source): readonly Statement[] {
    return [{ ...EMPTY, isQuery: true, selected: [{ kind: 'entity', source, node: null }] }]
  }

  /** Applies calls one after the other; `null` if one of them is no method of statements. */
  apply(statements: readonly Statement[], calls: readonly Located<CallTerm>[]): readonly Statement[] | null {
    let paths: readonly Statement[] = statements
    for (const call of calls) {
      const { function: called } = call.term
      const name = called.kind === 'attribute' ? called.attribute : ''
      if (!GENERATIVE_METHODS.has(name)) return null
      paths = paths.flatMap((statement) => this.#step({ ...statement, steps: [...statement.steps, { name, call }] }, name, call))
      if (paths.length > MAX_PATHS) return null
    }
    return paths
  }

  #step(statement: Statement, name: string, call: Located<CallTerm>): readonly Statement[] {
    const given = call.term.arguments.map((argument) => at(argument, call))
    switch (name) {
      case 'where':
      case 'filter':
        return this.#withConditions(statement, call, this.#conditions.allOf(given))
      case 'filter_by':
        return this.#withConditions(statement, call, [this.#filterBy(statement, call)])
      case 'join':
      case 'outerjoin':
      case 'join_from':
      case 'outerjoin_from':
        return this.#join(statement, name, call)
      case 'select_from':
        return this.#selectFrom(statement, call)
      case 'limit':
      case 'fetch':
        return [{ ...statement, limit: given[0] ? limitOf(given[0]) : 'unknown' }]
      case 'slice':
        return [{ ...statement, limit: sliceLength(given) }]
      case 'distinct':
        return [{ ...statement, isDistinct: true }]
      case 'group_by':
      case 'having':
        return [{ ...statement, isGrouped: true }]
      case 'with_only_columns':
      case 'with_entities':
        return [{ ...statement, selected: this.#selected(call), isOpen: statement.isOpen || call.term.open === true }]
      case 'returning':
        return [{ ...statement, selected: [...statement.selected, ...this.#selected(call)] }]
      case 'add_columns':
      case 'add_entity':
      case 'column':
        return [{ ...statement, selected: [...statement.selected, ...this.#selected(call)], isOpen: statement.isOpen || call.term.open === true }]
      case 'union':
      case 'union_all':
      case 'intersect':
      case 'intersect_all':
      case 'except_':
      case 'except_all':
        return [{ ...EMPTY, kind: 'compound', isQuery: statement.isQuery, steps: statement.steps }]
      case 'values':
      case 'on_conflict_do_nothing':
      case 'on_conflict_do_update':
      case 'on_duplicate_key_update':
      case 'return_defaults':
        return [statement]
      default:
        return [NEUTRAL_METHODS.has(name) ? statement : { ...statement, isOpen: true }]
    }
  }

  #withConditions(statement: Statement, call: Located<CallTerm>, paths: readonly Conjunction[]): readonly Statement[] {
    const unread: Conjunction = call.term.open ? [{ kind: 'unknown', node: nodeOf(call) }] : []
    return paths.map((conditions) => ({ ...statement, conditions: [...statement.conditions, ...conditions, ...unread] }))
  }

  /** `filter_by(name=value)` speaks of the latest join, else of what `select_from` says, else of the first that is selected. */
  #filterBy(statement: Statement, call: Located<CallTerm>): Conjunction {
    const source = statement.joins.at(-1)?.source ?? statement.selectFrom[0] ?? statement.target ?? sourcesOf(statement.selected)[0] ?? null
    return call.term.keywords.flatMap(([name, value]): Conjunction => {
      const node = nodeOf(at(value, call))
      const left = source && this.#attribute(source, name)
      if (!left) return [{ kind: 'unknown', node }]
      return this.#conditions.equality(left, this.#expressions.expressionOf(at(value, call)), node)
    })
  }

  #attribute(source: Source, name: string): SqlExpression | null {
    if (!source.model) return null
    const owner = source as ColumnUse['source']
    const column = source.model.columns.find(({ attribute }) => attribute === name)
    if (column) return { kind: 'column', source: owner, column, node: null }
    const relationship = source.model.relationships.find(({ attribute }) => attribute === name)
    return relationship ? { kind: 'relationship', source: owner, relationship, extra: { target: null, conditions: [] }, node: null } : null
  }

  #join(statement: Statement, name: string, call: Located<CallTerm>): readonly Statement[] {
    const first = statement.selectFrom.length > 0 ? statement.selectFrom : sourcesOf(statement.selected)
    const before = [...first, ...statement.joins.map(({ source }) => source)]
    const paths = this.#joins.join(call, name, before)
    if (!paths) return [{ ...statement, isOpen: true }]
    return paths.map((joins) => ({ ...statement, joins: [...statement.joins, ...joins] }))
  }

  #selectFrom(statement: Statement, call: Located<CallTerm>): readonly Statement[] {
    const clauses = call.term.arguments.map((argument) => this.#joins.fromClause(at(argument, call)))
    if (call.term.open || clauses.includes(null)) return [{ ...statement, isOpen: true }]
    let paths: readonly Statement[] = [statement]
    for (const clause of clauses) {
      const { source, paths: joined } = clause!
      paths = paths.flatMap((path) => joined.map((joins) => ({ ...path, selectFrom: [...path.selectFrom, source], joins: [...path.joins, ...joins] })))
    }
    return paths
  }

  /** What a call selects: its arguments, also in a list as in SQLAlchemy 1.3. */
  #selected(call: Located<CallTerm>): readonly Selected[] {
    return call.term.arguments.flatMap((argument) => {
      const located = at(argument, call)
      const { term, frame } = followed(located)
      if (term.kind !== 'items' || term.type === 'tuple') return [this.#selectedExpression(located)]
      const items = term.items.map((item) => this.#selectedExpression({ term: item, frame }))
      return term.open ? [...items, { kind: 'unknown', node: nodeOf(located) } as const] : items
    })
  }

  /** What is no SQL, and no constant either, may be a model. */
  #selectedExpression(located: Located): Selected {
    const expression = this.#expressions.expressionOf(located)
    return expression.kind === 'value' && followed(located).term.kind !== 'literal' ? { kind: 'unknown', node: expression.node } : expression
  }
}

/** The sources of what is selected, in order. */
export function sourcesOf(selected: readonly Selected[]): readonly Source[] {
  const found = new Map<string, Source>()
  for (const expression of selected) {
    const sources = expression.kind === 'composed' ? expression.columns.map(({ source }) => source) : 'source' in expression ? [expression.source] : []
    for (const source of sources) if (!found.has(source.key)) found.set(source.key, source)
  }
  return [...found.values()]
}

/** All elements of the FROM list: what is selected, named by `select_from`, joined, or mentioned by conditions alone. */
export function fromListOf(statement: Statement): readonly Source[] {
  const found = new Map<string, Source>()
  const conditions = [...statement.conditions, ...statement.joins.flatMap((join) => join.conditions)]
  const mentioned = conditions.flatMap(columnsOfCondition).map(({ source }) => source)
  const joined = statement.joins.flatMap(({ source, left }) => (left ? [left, source] : [source]))
  for (const source of [...sourcesOf(statement.selected), ...statement.selectFrom, ...joined, ...mentioned]) {
    if (!found.has(source.key)) found.set(source.key, source)
  }
  return [...found.values()]
}

/** `None` sets no limit. */
function limitOf(located: Located): Statement['limit'] {
  const { term } = followed(located)
  if (term.kind !== 'literal') return 'unknown'
  return term.value === null ? null : typeof term.value === 'number' ? term.value : 'unknown'
}

function sliceLength([start, stop]: readonly Located[]): Statement['limit'] {
  const from = start ? limitOf(start) : null
  const to = stop ? limitOf(stop) : null
  return typeof from === 'number' && typeof to === 'number' ? to - from : 'unknown'
}
