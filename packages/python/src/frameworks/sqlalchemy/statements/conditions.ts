import type { PythonNode } from '../../../syntax/node.ts'
import { alternativesOf, at, followed } from './frames.ts'
import type { Located } from './frames.ts'
import { columnsOf, nodeOf } from './expressions.ts'
import type { Expressions } from './expressions.ts'
import type { Hybrids } from './hybrids.ts'
import type { Resolver } from './resolver.ts'
import type { ColumnUse, Condition, Source, SqlExpression } from './statement.ts'
import type { CallTerm, OperatorTerm } from './term.ts'

/** What holds on one path: all of it. */
export type Conjunction = readonly Condition[]

/** Conditions with more paths than these are unknown. */
export const MAX_PATHS = 16
/** Deeper conditions are unknown. */
const MAX_DEPTH = 60

/** What conditions need to know of statements. */
export interface StatementLimits {
  /** Whether the statement gives one row at most, by its limit. */
  givesOneRow(located: Located): boolean
}

/** Reads conditions. */
export class Conditions {
  readonly #resolver: Resolver
  readonly #expressions: Expressions
  readonly #hybrids: Hybrids
  readonly #statements: StatementLimits

  constructor(resolver: Resolver, expressions: Expressions, hybrids: Hybrids, statements: StatementLimits) {
    this.#resolver = resolver
    this.#expressions = expressions
    this.#hybrids = hybrids
    this.#statements = statements
  }

  /** The conjunctions that a condition can be, one for each path. */
  pathsOf(located: Located): readonly Conjunction[] {
    return this.#paths(located, 0)
  }

  /** The conjunction of several conditions, on each path. */
  allOf(conditions: readonly Located[]): readonly Conjunction[] {
    return product(conditions.map((condition) => this.pathsOf(condition)))
  }

  /** `M.c == value` for a member and its value: what `filter_by(c=value)` says. */
  equality(left: SqlExpression, right: SqlExpression, node: PythonNode | null): Conjunction {
    if (left.kind === 'relationship') return relationshipEquals(left, right, node)
    if (right.kind === 'relationship') return relationshipEquals(right, left, node)
    const one = columnIn(left)
    const other = columnIn(right)
    if (one && other) return [{ kind: 'equated', left: one, right: other, node }]
    if (one || other) return [columnEquals((one ?? other)!, one ? right : left, node)]
    if ((left.kind === 'composed' && isReadable(right)) || (right.kind === 'composed' && isReadable(left))) {
      if (isSet(left) || isSet(right)) return [{ kind: 'other', columns: [...columnsOf(left), ...columnsOf(right)], node }]
      return [{ kind: 'computed', columns: [...columnsOf(left), ...columnsOf(right)], node }]
    }
    return [{ kind: 'unknown', node }]
  }

  #paths(located: Located, depth: number): readonly Conjunction[] {
    const node = nodeOf(located)
    const alternatives = depth > MAX_DEPTH ? null : alternativesOf(located)
    if (!alternatives) return [[{ kind: 'unknown', node }]]
    const paths = alternatives.flatMap((alternative) => this.#plain(alternative, depth))
    return paths.length > MAX_PATHS ? [[{ kind: 'unknown', node }]] : paths
  }

  #plain(located: Located, depth: number): readonly Conjunction[] {
    const { term } = located
    const node = nodeOf(located)
    if (term.kind === 'literal' && term.value === true) return [[]]
    if (term.kind === 'operator') return this.#operator(located as Located<OperatorTerm>, depth)
    if (term.kind === 'call') return this.#call(located as Located<CallTerm>, depth)
    if (this.#resolver.nameOf(located) === 'builtins.True') return [[]]
    return [this.#truth(this.#expressions.expressionOf(located), true, node, depth)]
  }

  #operator(located: Located<OperatorTerm>, depth: number): readonly Conjunction[] {
    const { operator, operands } = located.term
    const node = nodeOf(located)
    const inner = operands.map((operand) => at(operand, located))
    switch (operator) {
      case '&':
        return product(inner.map((operand) => this.#paths(operand, depth + 1)))
      case '|':
        return [this.#opaque(inner, node, depth)]
      case '~':
        return this.#negation(inner[0]!, node, depth)
      case '==':
        return inner.length === 2 ? [this.#equals(inner[0]!, inner[1]!, node)] : [[{ kind: 'unknown', node }]]
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return [this.#compared(inner, node)]
      default:
        return [[{ kind: 'unknown', node }]]
    }
  }

  #equals(left: Located, right: Located, node: PythonNode | null): Conjunction {
    const pairs = this.#tuples(left, right)
    if (pairs) return pairs.flatMap(([one, other]) => this.#equals(one, other, node))
    return this.equality(this.#expressions.expressionOf(left), this.#expressions.expressionOf(right), node)
  }

  /** `tuple_(M.a, M.b) == (x, y)`. */
  #tuples(left: Located, right: Located): readonly (readonly [Located, Located])[] | null {
    const made = followed(left)
    const given = followed(right)
    if (made.term.kind !== 'call' || made.term.open || given.term.kind !== 'items' || given.term.open) return null
    if (this.#resolver.nameOf(at(made.term.function, made)) !== 'sqlalchemy.tuple_') return null
    const { items } = given.term
    const parts = made.term.arguments
    return parts.length === items.length ? parts.map((part, i) => [at(part, made), at(items[i]!, given)] as const) : null
  }

  #compared(operands: readonly Located[], node: PythonNode | null): Conjunction {
    const read = operands.map((operand) => this.#expressions.expressionOf(operand))
    const isKnown = read.every(isReadable) && read.some(({ kind }) => kind !== 'value')
    return [isKnown ? { kind: 'other', columns: read.flatMap(columnsOf), node } : { kind: 'unknown', node }]
  }

  #call(located: Located<CallTerm>, depth: number): readonly Conjunction[] {
    const { term } = located
    const node = nodeOf(located)
    const given = term.arguments.map((argument) => at(argument, located))
    const unknown: readonly Conjunction[] = [[{ kind: 'unknown', node }]]
    switch (this.#resolver.nameOf(at(term.function, located))) {
      case 'sqlalchemy.and_':
        return term.open ? unknown : product(given.map((argument) => this.#paths(argument, depth + 1)))
      case 'sqlalchemy.or_':
        if (term.open) return unknown
        return given.length === 1 ? this.#paths(given[0]!, depth + 1) : [this.#opaque(given, node, depth)]
      case 'sqlalchemy.not_':
        return given[0] ? this.#negation(given[0], node, depth) : unknown
      case 'sqlalchemy.true':
        return [[]]
      case 'sqlalchemy.type_coerce':
      case 'sqlalchemy.cast':
      case 'sqlmodel.col':
        return given[0] ? this.#paths(given[0], depth + 1) : unknown
      case 'typing.cast':
        return given[1] ? this.#paths(given[1], depth + 1) : unknown
    }
    if (term.function.kind === 'attribute') {
      const made = this.#method(located, term.function.attribute, at(term.function.object, located), given)
      if (made) return [made]
    }
    return [this.#truth(this.#expressions.expressionOf(located), true, node, depth)]
  }

  /** A condition that a column makes: `M.c.is_(None)`, `M.c.in_(values)`. */
  #method(located: Located<CallTerm>, method: string, object: Located, given: readonly Located[]): Conjunction | null {
    const node = nodeOf(located)
    const on = this.#expressions.expressionOf(object)
    if (on.kind === 'relationship' && (method === 'is_' || method === 'is_not' || method === 'isnot')) return [{ kind: 'other', columns: [], node }]
    const column = columnIn(on)
    if (!column) return null
    const [first] = given
    switch (method) {
      case '__eq__':
        return first ? this.#equals(object, first, node) : null
      case 'is_':
      case 'is_not_distinct_from':
      case 'isnot_distinct_from':
        return [first ? this.#identity(column, first, node) : { kind: 'unknown', node }]
      case 'in_':
        return [first && this.#statements.givesOneRow(first) ? { kind: 'bound', column, node } : { kind: 'other', columns: [column], node }]
      default:
        return null
    }
  }

  /** `M.c.is_(True)`. */
  #identity(column: ColumnUse, value: Located, node: PythonNode | null): Condition {
    const { term } = followed(value)
    const name = this.#resolver.nameOf(term.kind === 'call' ? at(term.function, followed(value)) : value)
    const isBoolean = (term.kind === 'literal' && typeof term.value === 'boolean') || name === 'sqlalchemy.true' || name === 'sqlalchemy.false'
    if (isBoolean) return { kind: 'bound', column, node }
    const read = this.#expressions.expressionOf(value)
    if (read.kind === 'value' && read.isNull) return { kind: 'null', column, node }
    return isReadable(read) ? { kind: 'computed', columns: [column, ...columnsOf(read)], node } : { kind: 'unknown', node }
  }

  #negation(operand: Located, node: PythonNode | null, depth: number): readonly Conjunction[] {
    const { term } = followed(operand)
    if (term.kind === 'operator' || term.kind === 'call') return [this.#opaque([operand], node, depth)]
    return [this.#truth(this.#expressions.expressionOf(operand), false, node, depth)]
  }

  /** Conditions of which only some hold, or whose contrary holds: they bind nothing, if they can be read at all. */
  #opaque(conditions: readonly Located[], node: PythonNode | null, depth: number): Conjunction {
    const paths = conditions.flatMap((condition) => this.#paths(condition, depth + 1))
    const isNegated = conditions.length === 1
    if (isNegated && paths.some((path) => path.some(({ kind }) => kind === 'unknown'))) return [{ kind: 'unknown', node }]
    return [{ kind: 'other', columns: paths.flatMap((path) => path.flatMap(columnsOfCondition)), node }]
  }

  /** An expression that is a condition by itself: `M.is_active`. */
  #truth(expression: SqlExpression, isPositive: boolean, node: PythonNode | null, depth: number): Conjunction {
    switch (expression.kind) {
      case 'column': {
        const { source, column } = expression
        const isFlag = column.family === 'boolean' || column.family === null
        return [isFlag ? { kind: 'bound', column: { source, column }, node } : { kind: 'other', columns: [{ source, column }], node }]
      }
      case 'composed':
        return [{ kind: 'other', columns: expression.columns, node }]
      case 'exists':
        return [{ kind: 'other', columns: [], node }]
      case 'attribute':
        return this.#hybrid(expression.source, expression.attribute, isPositive, node, depth)
      default:
        return [{ kind: 'unknown', node }]
    }
  }

  /** A hybrid property whose expression the class says. */
  #hybrid(source: Source, attribute: string, isPositive: boolean, node: PythonNode | null, depth: number): Conjunction {
    const body = depth > MAX_DEPTH ? null : this.#hybrids.bodyOf(source, attribute)
    if (!body) return [{ kind: 'unknown', node }]
    const paths = isPositive ? this.#paths(body, depth + 1) : this.#negation(body, node, depth + 1)
    const conditions = paths.length === 1 ? paths[0]! : [{ kind: 'unknown', node } as const]
    return conditions.map((condition) => ({ ...condition, node }))
  }
}

/** Each path of one condition with each path of the others. */
export function product(conditions: readonly (readonly Conjunction[])[]): readonly Conjunction[] {
  let paths: readonly Conjunction[] = [[]]
  for (const alternatives of conditions) {
    paths = paths.flatMap((path) => alternatives.map((alternative) => [...path, ...alternative]))
    if (paths.length > MAX_PATHS) return [[{ kind: 'unknown', node: null }]]
  }
  return paths
}

export function columnsOfCondition(condition: Condition): readonly ColumnUse[] {
  switch (condition.kind) {
    case 'bound':
    case 'null':
      return [condition.column]
    case 'equated':
      return [condition.left, condition.right]
    case 'computed':
    case 'other':
      return condition.columns
    case 'unknown':
      return []
  }
}

function columnIn(expression: SqlExpression): ColumnUse | null {
  return expression.kind === 'column' ? { source: expression.source, column: expression.column } : null
}

function columnEquals(column: ColumnUse, value: SqlExpression, node: PythonNode | null): Condition {
  switch (value.kind) {
    case 'value':
      return value.isNull ? { kind: 'null', column, node } : { kind: 'bound', column, node }
    case 'subquery':
      return { kind: 'bound', column, node }
    case 'composed':
      if (value.isSet) return { kind: 'other', columns: [column], node }
      return value.columns.length === 0 ? { kind: 'bound', column, node } : { kind: 'computed', columns: [column, ...value.columns], node }
    default:
      return { kind: 'unknown', node }
  }
}

/** `M.rel == obj` binds the foreign key, if the model has it. */
function relationshipEquals(left: SqlExpression & { kind: 'relationship' }, value: SqlExpression, node: PythonNode | null): Conjunction {
  const { source, relationship } = left
  const { pairs, direction } = relationship
  const columns = (pairs ?? []).flatMap(({ local }) => source.model.columns.find(({ attribute }) => attribute === local) ?? [])
  const isKnown = direction === 'many-to-one' && columns.length > 0 && columns.length === pairs?.length
  if (value.kind !== 'value' || (!isKnown && !value.isNull)) return [{ kind: 'unknown', node }]
  if (value.isNull && !isKnown) return [{ kind: 'other', columns: [], node }]
  return columns.map((column) => ({ kind: value.isNull ? 'null' : 'bound', column: { source, column }, node }))
}

function isReadable({ kind }: SqlExpression): boolean {
  return kind === 'column' || kind === 'composed' || kind === 'value' || kind === 'subquery' || kind === 'exists'
}

function isSet(expression: SqlExpression): boolean {
  return expression.kind === 'composed' && expression.isSet
}
