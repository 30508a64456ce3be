import { lastPart } from '../../../shared/dotted-name.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import { classOf } from '../../../types/type.ts'
import { alternativesOf, at, followed } from './frames.ts'
import type { Frame, Located } from './frames.ts'
import { AGGREGATES, STATEMENT_FUNCTIONS } from './names.ts'
import type { Resolver } from './resolver.ts'
import type { SourceMember, Sources } from './sources.ts'
import type { ColumnUse, SqlExpression } from './statement.ts'
import type { AttributeTerm, CallTerm, OperatorTerm, Term } from './term.ts'

/** Deeper expressions are unknown. */
const MAX_DEPTH = 60

/** Functions that give their first argument, as far as SQL goes. */
const PASSES: ReadonlySet<string> = new Set([
  ...'asc desc nulls_first nulls_last nullsfirst nullslast label'.split(' ').map((name) => `sqlalchemy.${name}`),
  'sqlalchemy.orm.foreign',
  'sqlalchemy.orm.remote',
  'sqlmodel.col',
])
const PASSING_METHODS: ReadonlySet<string> = new Set('asc desc label nulls_first nulls_last nullsfirst nullslast self_group'.split(' '))

/** Functions of SQLAlchemy that make a value of their arguments. */
const COMPOSING: ReadonlySet<string> = new Set(
  `and_ between bitwise_not case cast collate distinct extract funcfilter not_ or_ over tuple_ try_cast type_coerce within_group`
    .split(' ')
    .map((name) => `sqlalchemy.${name}`),
)
const VALUES: ReadonlySet<string> = new Set('bindparam false literal true'.split(' ').map((name) => `sqlalchemy.${name}`))
const SETS: ReadonlySet<string> = new Set(['sqlalchemy.any_', 'sqlalchemy.all_', 'sqlalchemy.func.any', 'sqlalchemy.func.unnest'])
/** Methods that make a value of a SELECT. */
const SUBQUERY_METHODS: ReadonlySet<string> = new Set('as_scalar label scalar_subquery'.split(' '))

/** Reads SQL expressions. */
export class Expressions {
  readonly #resolver: Resolver
  readonly #sources: Sources

  /** What was read for the question at hand. */
  readonly #known = new Map<Frame, Map<Term, SqlExpression>>()
  /** Questions that are being answered: one may lead to another. */
  #open = 0

  constructor(resolver: Resolver, sources: Sources) {
    this.#resolver = resolver
    this.#sources = sources
  }

  expressionOf(located: Located): SqlExpression {
    if (this.#open === 0) this.#known.clear()
    this.#open++
    try {
      return this.#expression(located, 0)
    } finally {
      this.#open--
    }
  }

  /** A name that is bound anew from itself in each of many branches has more histories than can be told: each part is read once. */
  #expression(located: Located, depth: number): SqlExpression {
    let ofFrame = this.#known.get(located.frame)
    if (!ofFrame) this.#known.set(located.frame, (ofFrame = new Map()))
    const known = ofFrame.get(located.term)
    if (known) return known
    // What leads back to itself is not known.
    ofFrame.set(located.term, { kind: 'unknown', node: nodeOf(located) })
    const expression = this.#read(located, depth)
    ofFrame.set(located.term, expression)
    return expression
  }

  #read(located: Located, depth: number): SqlExpression {
    const node = nodeOf(located)
    const alternatives = depth > MAX_DEPTH ? null : alternativesOf(located)
    if (!alternatives) return { kind: 'unknown', node }
    if (alternatives.length > 1) return { ...this.#agreed(alternatives, depth), node }
    const expression = this.#plain(alternatives[0]!, depth)
    // An alias goes by the name of the variable that holds it.
    if (expression.kind === 'entity' && node?.kind === 'identifier') return { ...expression, source: { ...expression.source, text: node.text }, node }
    return { ...expression, node }
  }

  /** Several possible values are one; of anything else, nothing is said. */
  #agreed(alternatives: readonly Located[], depth: number): SqlExpression {
    const expressions = alternatives.map((located) => this.#expression(located, depth + 1))
    if (expressions.every(({ kind }) => kind === 'value')) return { kind: 'value', isNull: expressions.every((value) => isNull(value)), node: null }
    return { kind: 'unknown', node: null }
  }

  #plain(located: Located, depth: number): SqlExpression {
    const { term } = located
    const node = nodeOf(located)
    switch (term.kind) {
      case 'literal':
        return { kind: 'value', isNull: term.value === null, node }
      case 'name':
        return this.#named(located, null)
      case 'attribute':
        return this.#attribute(located as Located<AttributeTerm>, depth)
      case 'subscript': {
        const member = this.#sources.memberOf(located)
        if (member) return this.#member(member, node)
        return this.#composed('[]', [at(term.object, located)], node, depth)
      }
      case 'call':
        return this.#call(located as Located<CallTerm>, depth)
      case 'operator':
        return this.#operator(located as Located<OperatorTerm>, depth)
      case 'items':
        return this.#composed('()', term.items.map((item) => at(item, located)), node, depth)
      case 'parameter':
        return this.#sources.sourceOf(located) ? this.#entity(located) : this.#byType(located)
      case 'await':
      default:
        return { kind: 'value', isNull: false, node }
    }
  }

  #entity(located: Located): SqlExpression {
    const source = this.#sources.sourceOf(located)
    return source ? { kind: 'entity', source, node: nodeOf(located) } : { kind: 'unknown', node: nodeOf(located) }
  }

  #named(located: Located, otherwise: SqlExpression | null): SqlExpression {
    const node = nodeOf(located)
    // The member first: most expressions are `User.id`, and whether that is a model takes its type.
    const member = this.#sources.memberOf(located)
    const found = member && this.#member(member, node)
    if (found && found.kind !== 'unknown') return found
    const source = this.#sources.sourceOf(located)
    if (source) return { kind: 'entity', source, node }
    if (found) return found
    if (otherwise) return otherwise
    const name = this.#resolver.nameOf(located)
    const value = name === null ? null : this.#resolver.project.valueOf(name)
    // A variable of a module that holds SQL.
    if (value?.kind === 'call' && (value.callee === null || value.callee.startsWith('sqlalchemy.'))) return { kind: 'unknown', node }
    return { kind: 'value', isNull: false, node }
  }

  #attribute(located: Located<AttributeTerm>, depth: number): SqlExpression {
    const { term } = located
    const node = nodeOf(located)
    const found = this.#named(located, { kind: 'unknown', node })
    if (found.kind !== 'unknown') return found
    const object = followed(at(term.object, located))
    const mayBeSql = object.term.kind === 'call' || object.term.kind === 'attribute' || object.term.kind === 'subscript'
    const inner = mayBeSql ? this.#expression(object, depth + 1) : null
    // `M.data["key"].astext`.
    if (inner && isSql(inner)) return this.#composed(term.attribute, [object], node, depth)
    // A column of a subquery, or of something that is not known.
    if (object.term.kind === 'attribute' && (object.term.attribute === 'c' || object.term.attribute === 'columns')) return { kind: 'unknown', node }
    return this.#byType(located)
  }

  /** A value, unless its type is that of a column. */
  #byType(located: Located): SqlExpression {
    const className = classOf(this.#resolver.typeOf(located))
    const isColumn = className !== null && /^sqlalchemy\.(orm\.InstrumentedAttribute|ColumnElement|Column|orm\.Mapped)$/.test(className)
    return isColumn ? { kind: 'unknown', node: nodeOf(located) } : { kind: 'value', isNull: false, node: nodeOf(located) }
  }

  #member(member: SourceMember, node: PythonNode | null): SqlExpression {
    const { source, name } = member
    if (!source.model) return { kind: 'unknown', node }
    const owner = source as ColumnUse['source']
    const use = this.#sources.columnOf(member)
    if (use) return { kind: 'column', ...use, node }
    const relationship = source.model.relationships.find(({ attribute }) => attribute === name)
    if (relationship) return { kind: 'relationship', source: owner, relationship, extra: { target: null, conditions: [] }, node }
    if (source.model.attributes.some(({ attribute }) => attribute === name)) return { kind: 'attribute', source: owner, attribute: name, node }
    return { kind: 'unknown', node }
  }

  #operator(located: Located<OperatorTerm>, depth: number): SqlExpression {
    const { operator, operands } = located.term
    const node = nodeOf(located)
    // Python decides these by itself.
    if (['and', 'or', 'not', 'is', 'is not', 'in', 'not in', 'chain'].includes(operator)) {
      const read = operands.map((operand) => this.#expression(at(operand, located), depth + 1))
      return read.every(({ kind }) => kind === 'value') ? { kind: 'value', isNull: false, node } : { kind: 'unknown', node }
    }
    return this.#composed(operator, operands.map((operand) => at(operand, located)), node, depth)
  }

  #call(located: Located<CallTerm>, depth: number): SqlExpression {
    const { term } = located
    const node = nodeOf(located)
    const source = this.#sources.sourceOf(located)
    if (source) return { kind: 'entity', source, node }
    const name = this.#resolver.nameOf(at(term.function, located))
    if (name !== null && (name.startsWith('sqlalchemy.') || name.startsWith('sqlmodel.') || name.startsWith('typing.'))) {
      const known = this.#libraryCall(name, located, depth)
      if (known) return known
    }
    if (name === 'builtins.getattr') return this.#named(located, { kind: 'unknown', node })
    if (term.function.kind === 'attribute') {
      const made = this.#methodCall(located as Located<CallTerm & { function: AttributeTerm }>, depth)
      if (made) return made
    }
    // What a helper makes of SQL is not known.
    const given = [...term.arguments, ...term.keywords.map(([, value]) => value)]
    const isPlain = given.every((argument) => this.#expression(at(argument, located), depth + 1).kind === 'value')
    return isPlain ? this.#byType(located) : { kind: 'unknown', node }
  }

  #libraryCall(name: string, located: Located<CallTerm>, depth: number): SqlExpression | null {
    const { term } = located
    const node = nodeOf(located)
    const [first, second] = term.arguments
    if (name === 'typing.cast' && second) return this.#expression(at(second, located), depth + 1)
    if (PASSES.has(name) && first) return this.#expression(at(name === 'sqlalchemy.label' ? (second ?? first) : first, located), depth + 1)
    if (name === 'sqlalchemy.null') return { kind: 'value', isNull: true, node }
    if (VALUES.has(name)) return { kind: 'composed', name: lastPart(name), columns: [], bare: [], isAggregate: false, isSet: false, node }
    if (name === 'sqlalchemy.exists') return { kind: 'exists', node }
    if (SETS.has(name)) return { kind: 'composed', name: lastPart(name), columns: [], bare: [], isAggregate: false, isSet: true, node }
    const isFunction = name.startsWith('sqlalchemy.func.')
    if (!isFunction && !COMPOSING.has(name)) {
      return name.startsWith('sqlalchemy.') && !STATEMENT_FUNCTIONS.has(lastPart(name)) ? { kind: 'unknown', node } : null
    }
    if (term.open) return { kind: 'unknown', node }
    const parts = [...term.arguments, ...term.keywords.flatMap(([keyword, value]) => (keyword === 'type_' ? [] : [value]))]
    const composed = this.#composed(lastPart(name), typeless(name, parts).map((part) => at(part, located)), node, depth)
    // `over(func.count())` is a window.
    if (name === 'sqlalchemy.over' && composed.kind === 'composed') return { ...composed, isAggregate: false, bare: composed.columns }
    const isAggregate = isFunction && AGGREGATES.has(lastPart(name)) && composed.kind !== 'unknown'
    if (!isAggregate) return this.#asComposed(composed, lastPart(name), node)
    return { kind: 'composed', name: lastPart(name), columns: columnsOf(composed), bare: [], isAggregate: true, isSet: false, node }
  }

  /** A function without columns is still SQL: `func.now()`. */
  #asComposed(expression: SqlExpression, name: string, node: PythonNode | null): SqlExpression {
    return expression.kind === 'value' ? { kind: 'composed', name, columns: [], bare: [], isAggregate: false, isSet: false, node } : expression
  }

  #methodCall(located: Located<CallTerm & { function: AttributeTerm }>, depth: number): SqlExpression | null {
    const { term } = located
    const { attribute: method } = term.function
    const node = nodeOf(located)
    const object = at(term.function.object, located)
    if (this.#isStatement(object)) {
      if (method === 'exists') return { kind: 'exists', node }
      return SUBQUERY_METHODS.has(method) ? { kind: 'subquery', node } : { kind: 'unknown', node }
    }
    const on = this.#expression(object, depth + 1)
    switch (on.kind) {
      case 'column':
      case 'composed':
      case 'subquery':
      case 'attribute':
        if (PASSING_METHODS.has(method)) return on
        if (on.kind === 'composed' && on.isAggregate) {
          if (method === 'over') return { ...on, isAggregate: false, bare: on.columns }
          if (method === 'filter' || method === 'within_group') return on
        }
        return this.#composed(method, [object, ...term.arguments.map((argument) => at(argument, located))], node, depth)
      case 'relationship':
        return this.#relationshipCall(on, located, method)
      case 'exists':
        return on
      case 'unknown':
        return on
      case 'entity':
        return { kind: 'unknown', node }
      case 'value':
        return null
    }
  }

  #relationshipCall(on: SqlExpression & { kind: 'relationship' }, located: Located<CallTerm>, method: string): SqlExpression {
    const { term } = located
    const node = nodeOf(located)
    if (method === 'any' || method === 'has') return { kind: 'exists', node }
    if (method === 'of_type' && term.arguments[0]) {
      const target = this.#sources.sourceOf(at(term.arguments[0], located))
      return target ? { ...on, extra: { ...on.extra, target }, node } : { kind: 'unknown', node }
    }
    if (method === 'and_' && !term.open) {
      const conditions = [...on.extra.conditions, ...term.arguments.map((condition) => at(condition, located))]
      return { ...on, extra: { ...on.extra, conditions }, node }
    }
    return { kind: 'unknown', node }
  }

  /** Whether a chain of calls begins a statement. */
  #isStatement(start: Located): boolean {
    let current = followed(start)
    for (let step = 0; step < MAX_DEPTH && current.term.kind === 'call'; step++) {
      const called: Located = at(current.term.function, current)
      const name = this.#resolver.nameOf(called)
      if (name !== null && /^(sqlalchemy|sqlmodel)\.\w+$/.test(name) && STATEMENT_FUNCTIONS.has(lastPart(name))) return true
      if (called.term.kind !== 'attribute') return false
      if (called.term.attribute === 'query') return true
      current = followed(at(called.term.object, called))
    }
    return current.term.kind === 'attribute' && current.term.attribute === 'query'
  }

  /** An expression of parts; a value if all of them are. */
  #composed(name: string, parts: readonly Located[], node: PythonNode | null, depth: number): SqlExpression {
    const columns: ColumnUse[] = []
    const bare: ColumnUse[] = []
    let isAggregate = false
    let hasSql = false
    for (const part of parts) {
      const expression = this.#expression(part, depth + 1)
      if (expression.kind === 'unknown' || expression.kind === 'attribute' || expression.kind === 'relationship') return { kind: 'unknown', node }
      hasSql ||= expression.kind !== 'value'
      columns.push(...columnsOf(expression))
      bare.push(...(expression.kind === 'composed' ? expression.bare : columnsOf(expression)))
      isAggregate ||= expression.kind === 'composed' && expression.isAggregate
    }
    return hasSql ? { kind: 'composed', name, columns, bare, isAggregate, isSet: false, node } : { kind: 'value', isNull: false, node }
  }
}

/** The columns that an expression is made of; those in subqueries are not among them. */
export function columnsOf(expression: SqlExpression): readonly ColumnUse[] {
  switch (expression.kind) {
    case 'column':
      return [{ source: expression.source, column: expression.column }]
    case 'composed':
      return expression.columns
    default:
      return []
  }
}

/** The arguments without the type of `cast(x, Integer)` and the field of `extract("year", x)`. */
function typeless(name: string, parts: readonly Term[]): readonly Term[] {
  if (/\.(cast|try_cast|type_coerce|collate)$/.test(name)) return parts.slice(0, 1)
  return name === 'sqlalchemy.extract' ? parts.slice(1) : parts
}

function isSql({ kind }: SqlExpression): boolean {
  return kind === 'column' || kind === 'composed' || kind === 'subquery'
}

function isNull(expression: SqlExpression): boolean {
  return expression.kind === 'value' && expression.isNull
}

/** The node of a term, if it stands in the file at hand. */
export function nodeOf({ term, frame }: Located): PythonNode | null {
  return frame.isHere ? (term.node ?? null) : null
}
