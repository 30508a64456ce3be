import type { BooleanOperatorNode, ComparisonOperatorNode, PythonNode } from '@krait/python'
import { withoutParentheses } from '@krait/python'
import type { SqlExpressions } from './sql-expressions.ts'

/** An operator that Python evaluates by itself, so that no SQL comes of it. */
export type PythonOperator = Comparison | Negation | Connection

/** `X is None`, `X not in Y`. */
interface Comparison {
  readonly kind: 'is' | 'is not' | 'in' | 'not in'
  readonly column: PythonNode
  readonly other: PythonNode
  /** It stands in a chain such as `1 < X is not None`. */
  readonly isChained: boolean
}

interface Negation {
  readonly kind: 'not'
  readonly operand: PythonNode
}

/** `A and B and C` as one. */
interface Connection {
  readonly kind: 'and' | 'or'
  readonly operands: readonly PythonNode[]
}

/** The operator of a node, if Python applies it to SQL; `null` for all else. */
export function pythonOperator(node: PythonNode, sql: SqlExpressions): PythonOperator | null {
  switch (node.kind) {
    case 'comparison_operator':
      return comparisonOf(node, sql)
    case 'not_operator':
      return sql.isSql(node.argument) ? { kind: 'not', operand: node.argument } : null
    case 'boolean_operator':
      return sql.isSql(node) ? { kind: node.operator.kind, operands: operandsOf(node) } : null
    default:
      return null
  }
}

function comparisonOf(node: ComparisonOperatorNode, sql: SqlExpressions): Comparison | null {
  const operands = node.namedChildren
  for (const [position, { kind }] of node.operators.entries()) {
    if (kind !== 'is' && kind !== 'is not' && kind !== 'in' && kind !== 'not in') continue
    const left = operands[position]
    const right = operands[position + 1]
    if (!left || !right) return null
    const isChained = operands.length > 2
    if (sql.isSql(left)) return { kind, column: left, other: right, isChained }
    if ((kind === 'is' || kind === 'is not') && sql.isSql(right)) return { kind, column: right, other: left, isChained }
  }
  return null
}

/** The operands of a chain of the same operator from left to right. */
function operandsOf(node: BooleanOperatorNode): readonly PythonNode[] {
  const operands: PythonNode[] = []
  let left: PythonNode = node
  while (left.kind === 'boolean_operator' && left.operator.kind === node.operator.kind) {
    operands.push(left.right)
    left = left.left
  }
  return [left, ...operands.reverse()]
}

/** How SQL is written in a project. */
export interface SqlStyle {
  /** `and_` or `or_` as the file can write it, or `null` to write `&` or `|`. */
  connective(kind: 'and' | 'or'): string | null
  /** SQLAlchemy before 1.4 has `isnot` and `notin_` only. */
  readonly isOld: boolean
}

interface Code {
  readonly text: string
  /** It may stand before a dot, and as operand of any operator. */
  readonly isPrimary: boolean
}

/** Operators nested deeper than this stay as they are. */
const MAX_DEPTH = 20

const PRIMARY_KINDS: ReadonlySet<string> = new Set(['attribute', 'call', 'identifier', 'parenthesized_expression', 'subscript'])

/** The operator as SQLAlchemy has it: `X.is_(None)`, `~X`, `and_(A, B)`. */
export function sqlText(operator: PythonOperator, sql: SqlExpressions, style: SqlStyle): string {
  return rewritten(operator, 0).text

  function rewritten(current: PythonOperator, depth: number): Code {
    switch (current.kind) {
      case 'not': {
        const operand = part(current.operand, depth)
        return { text: `~${inParentheses(operand)}`, isPrimary: false }
      }
      case 'and':
      case 'or':
        return connected(current, depth)
      default:
        return compared(current)
    }
  }

  function part(node: PythonNode, depth: number): Code {
    const inner = withoutParentheses(node)
    const nested = depth < MAX_DEPTH ? pythonOperator(inner, sql) : null
    return nested && !isChained(nested) ? rewritten(nested, depth + 1) : asWritten(node)
  }

  function connected({ kind, operands: nodes }: Connection, depth: number): Code {
    const name = style.connective(kind)
    const operands = nodes.map((node) => part(node, depth))
    if (name !== null) return { text: `${name}(${operands.map(({ text }) => text).join(', ')})`, isPrimary: true }
    return { text: operands.map(inParentheses).join(kind === 'and' ? ' & ' : ' | '), isPrimary: false }
  }

  function compared({ kind, column, other }: Comparison): Code {
    const isSingleton = other.kind === 'none' || other.kind === 'true' || other.kind === 'false'
    if ((kind === 'is' || kind === 'is not') && (!isSingleton || sql.isRelationship(column))) {
      return { text: `${column.text} ${kind === 'is' ? '==' : '!='} ${other.text}`, isPrimary: false }
    }
    return { text: `${inParentheses(asWritten(column))}.${method(kind)}(${other.text})`, isPrimary: true }
  }

  function method(kind: Comparison['kind']): string {
    switch (kind) {
      case 'is':
        return 'is_'
      case 'is not':
        return style.isOld ? 'isnot' : 'is_not'
      case 'in':
        return 'in_'
      case 'not in':
        return style.isOld ? 'notin_' : 'not_in'
    }
  }
}

function isChained(operator: PythonOperator): boolean {
  return 'isChained' in operator && operator.isChained
}

function asWritten({ text, kind }: PythonNode): Code {
  return { text, isPrimary: PRIMARY_KINDS.has(kind) }
}

function inParentheses({ text, isPrimary }: Code): string {
  return isPrimary ? text : `(${text})`
}
