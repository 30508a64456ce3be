import type { AugmentedAssignmentNode, BinaryOperatorNode, ComparisonOperatorNode, PythonNode, PythonRuleContext } from '@krait/python'
import { withoutParentheses } from '@krait/python'

export type OperationNode = ComparisonOperatorNode | BinaryOperatorNode | AugmentedAssignmentNode

/** An operator with its two sides: a link of a chain of comparisons, `a - b`, `a -= b`. */
export interface Operation {
  readonly node: OperationNode
  readonly left: PythonNode
  readonly operator: string
  readonly right: PythonNode
}

export const ORDERING: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])
export const EQUALITY: ReadonlySet<string> = new Set(['==', '!='])

/** The comparisons of order or equality in a chain, each with its operator. */
export function comparisons(node: ComparisonOperatorNode): readonly Operation[] {
  if (latest?.node !== node) latest = { node, operations: comparisonsIn(node) }
  return latest.operations
}

/** All rules ask about the same node, one after the other. */
let latest: { readonly node: ComparisonOperatorNode; readonly operations: readonly Operation[] } | undefined

function comparisonsIn(node: ComparisonOperatorNode): readonly Operation[] {
  const found: Operation[] = []
  const operators = node.operators
  if (!operators.some(({ kind }) => isComparing(kind))) return found
  const operands = node.namedChildren.filter(({ kind }) => kind !== 'comment')
  for (const [i, { kind: operator }] of operators.entries()) {
    const left = operands[i]
    const right = operands[i + 1]
    if (left && right && isComparing(operator)) found.push({ node, left, operator, right })
  }
  return found
}

function isComparing(operator: string): boolean {
  return ORDERING.has(operator) || EQUALITY.has(operator)
}

/** `a - b` as an operation; `null` for other operators. */
export function subtraction(node: BinaryOperatorNode | AugmentedAssignmentNode): Operation | null {
  const { left, right, operator: { kind: operator } } = node
  return operator === '-' || operator === '-=' ? { node, left, operator, right } : null
}

/** Whether an operand is the target of `a -= b`, in whose place no call can stand. */
export function isTarget({ parent, fieldName }: PythonNode): boolean {
  return parent?.kind === 'augmented_assignment' && fieldName === 'left'
}

/** Whether an expression can be a point in time at all, by its shape. */
export function mayBeTime(expression: PythonNode): boolean {
  return TIMES.has(withoutParentheses(expression).kind)
}

/** Whether both operands can be points in time, by their shapes and the names in them, which most rule out. */
export function mayBothBeTimes({ kinds }: PythonRuleContext, left: PythonNode, right: PythonNode): boolean {
  return mayBeTime(left) && mayBeTime(right) && [left, right].every((side) => kinds.mayBeKnown(side) || isOfColumn(kinds, side))
}

function isOfColumn({ project }: PythonRuleContext['kinds'], expression: PythonNode): boolean {
  const node = withoutParentheses(expression)
  return node.kind === 'attribute' && project.isColumnName(node.attribute.text)
}

const TIMES: ReadonlySet<string> = new Set([
  'identifier',
  'attribute',
  'call',
  'await',
  'binary_operator',
  'boolean_operator',
  'conditional_expression',
  'named_expression',
  'subscript',
])
