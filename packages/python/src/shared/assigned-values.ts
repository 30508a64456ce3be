import type { AssignmentNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'

/** A target of an assignment, and what it is given. */
export interface AssignedValue {
  readonly target: PythonNode
  readonly value: PythonNode
}

/** What an assignment gives to which target: `a = b = 1` gives 1 to `a` (`b = 1` is an assignment of its own), `a, b = 1, 2` two values. What is unpacked is left out. */
export function assignedValues({ left, right }: AssignmentNode): readonly AssignedValue[] {
  let value: PythonNode | null = right
  while (value?.kind === 'assignment') value = value.right
  if (!value) return []
  if (left.kind !== 'pattern_list' && left.kind !== 'tuple_pattern') return [{ target: left, value }]
  const values = value.kind === 'expression_list' || value.kind === 'tuple' ? value.namedChildren : []
  const isUnpacked = values.length !== left.namedChildren.length || [...values, ...left.namedChildren].some(({ kind }) => kind === 'list_splat' || kind === 'list_splat_pattern')
  return isUnpacked ? [] : left.namedChildren.map((target, position) => ({ target, value: values[position]! }))
}
