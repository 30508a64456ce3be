import type { AssignmentNode, Definition, PythonNode } from '@krait/python'

/** The expression that an unpacking of known items binds to the name: `aliased(User)` for `b` of `a, b = User, aliased(User)`. */
export function unpackedValue({ name, node }: Definition): PythonNode | null {
  return node.kind === 'assignment' ? (itemsByTarget(node)?.find(([target]) => target === name)?.[1] ?? null) : null
}

/** The target that gets an item of the right side. */
export function unpackedFrom(assignment: AssignmentNode, item: PythonNode): PythonNode | null {
  return itemsByTarget(assignment)?.find(([, value]) => value === item)?.[0] ?? null
}

/** Targets and items pairwise; `null` if one side is no plain list, or has a star. */
function itemsByTarget({ left, right }: AssignmentNode): readonly (readonly [target: PythonNode, item: PythonNode])[] | null {
  if (left.kind !== 'pattern_list' || (right?.kind !== 'expression_list' && right?.kind !== 'tuple')) return null
  const targets = left.namedChildren
  const items = right.namedChildren
  const hasStar = [...targets, ...items].some(({ kind }) => kind === 'list_splat' || kind === 'list_splat_pattern')
  return hasStar || targets.length !== items.length ? null : targets.map((target, position) => [target, items[position]!] as const)
}
