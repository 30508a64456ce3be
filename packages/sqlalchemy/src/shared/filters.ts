import type { Located, Statement, Statements } from '@krait/python'
import { alternativesOf, at, columnsOf, followed, sourcesOf } from '@krait/python'
import { argumentsOf, expressionKey } from './statement-parts.ts'

/** One condition of a statement that holds as a whole. */
export interface Filter {
  /** Equal for conditions that say the same, however they are written. */
  readonly key: string
  /** As people read it: `deleted_at IS NULL`. */
  readonly text: string
  /** The columns in it, as `app.models.Client.gone`. */
  readonly columns: readonly string[]
}

const IS: ReadonlySet<string> = new Set(['is_', 'is_not_distinct_from'])
const IS_NOT: ReadonlySet<string> = new Set(['is_distinct_from', 'is_not', 'isnot'])
/** Deeper conditions are not known. */
const MAX_DEPTH = 30

/** The conditions of a statement in one form; `null` if some can not be read. */
export function filtersOf(statements: Statements, statement: Statement): readonly Filter[] | null {
  const found: Filter[] = []
  for (const step of statement.steps) {
    if (step.name === 'where' || step.name === 'filter') {
      if (step.call.term.open) return null
      for (const argument of argumentsOf(step)) if (!addFilters(statements, argument, found, 0)) return null
    } else if (step.name === 'filter_by') {
      const entity = statement.joins.at(-1)?.source ?? statement.selectFrom[0] ?? sourcesOf(statement.selected)[0]
      if (step.call.term.open || !entity?.model) return null
      for (const [name, value] of step.call.term.keywords) {
        found.push(equality(statements, { key: `${entity.model.name}.${name}`, text: name, columns: [`${entity.model.name}.${name}`] }, at(value, step.call), true))
      }
    }
  }
  return found
}

/** An operand of a comparison. */
type Operand = Filter

function addFilters(statements: Statements, located: Located, found: Filter[], depth: number): boolean {
  const alternatives = alternativesOf(located)
  const [only] = alternatives ?? []
  if (depth > MAX_DEPTH || !only || alternatives!.length > 1) return false
  const { term } = only
  if (term.kind === 'operator' && term.operator === '&') return term.operands.every((operand) => addFilters(statements, at(operand, only), found, depth + 1))
  if (term.kind === 'call' && statements.nameOf(at(term.function, only)) === 'sqlalchemy.and_') {
    return !term.open && term.arguments.every((argument) => addFilters(statements, at(argument, only), found, depth + 1))
  }
  const filter = filterOf(statements, only, true)
  if (filter) found.push(filter)
  return filter !== null
}

function filterOf(statements: Statements, located: Located, isPositive: boolean): Filter | null {
  const { term } = located
  if (term.kind === 'operator') {
    const [left, right] = term.operands.map((operand) => followed(at(operand, located)))
    if (term.operator === '~' && left) return filterOf(statements, left, !isPositive)
    if ((term.operator === '==' || term.operator === '!=') && left && right) {
      const isEqual = (term.operator === '==') === isPositive
      const one = operandOf(statements, left)
      if (one) return equality(statements, one, right, isEqual)
      const other = operandOf(statements, right)
      return other && equality(statements, other, left, isEqual)
    }
  }
  if (term.kind === 'call') {
    const [first] = term.arguments
    if (statements.nameOf(at(term.function, located)) === 'sqlalchemy.not_' && first) return filterOf(statements, followed(at(first, located)), !isPositive)
    if (term.function.kind === 'attribute' && first && (IS.has(term.function.attribute) || IS_NOT.has(term.function.attribute))) {
      const on = operandOf(statements, followed(at(term.function.object, located)))
      return on && equality(statements, on, at(first, located), IS.has(term.function.attribute) === isPositive)
    }
  }
  const expression = statements.sqlOf(located)
  if (expression.kind === 'column') {
    const column = operandOf(statements, located)!
    return { ...column, key: `${column.key} is ${isPositive ? 'true' : 'false'}`, text: `${column.text} IS ${isPositive ? 'TRUE' : 'FALSE'}` }
  }
  if (expression.kind !== 'composed' && expression.kind !== 'exists') return null
  const text = term.node?.text.replace(/\s+/g, ' ') ?? ''
  const columns = columnsOf(expression).map(({ source, column }) => `${source.model.name}.${column.attribute}`)
  return { key: `${isPositive ? '' : 'not '}${expressionKey(statements, located)}`, text: isPositive ? text : `NOT ${text}`, columns }
}

/** A column, or a function of columns. */
function operandOf(statements: Statements, located: Located): Operand | null {
  const expression = statements.sqlOf(located)
  if (expression.kind === 'column') {
    const name = `${expression.source.model.name}.${expression.column.attribute}`
    return { key: name, text: expression.column.attribute, columns: [name] }
  }
  if (expression.kind !== 'composed' || expression.columns.length === 0) return null
  const columns = expression.columns.map(({ source, column }) => `${source.model.name}.${column.attribute}`)
  return { key: expressionKey(statements, located), text: located.term.node?.text ?? '', columns }
}

function equality(statements: Statements, operand: Operand, value: Located, isEqual: boolean): Filter {
  const { term } = followed(value)
  const isConstant = term.kind === 'literal' && (term.value === null || typeof term.value === 'boolean')
  if (isConstant) {
    const isTrue = term.value === null ? isEqual : term.value === isEqual
    const constant = term.value === null ? (isTrue ? 'null' : 'not null') : isTrue ? 'true' : 'false'
    return { ...operand, key: `${operand.key} is ${constant}`, text: `${operand.text} IS ${constant.toUpperCase()}` }
  }
  const text = value.term.node?.text.replace(/\s+/g, ' ') ?? expressionKey(statements, value)
  const operator = isEqual ? '==' : '!='
  return { ...operand, key: `${operand.key} ${operator} ${text}`, text: `${operand.text} ${operator} ${text}` }
}
