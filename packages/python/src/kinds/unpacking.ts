import type { PythonNode } from '../syntax/node.ts'
import { UNKNOWN_KIND } from './kind.ts'
import type { Kind } from './kind.ts'

/** The value of a chain of assignments. */
export function rightmost(value: PythonNode): PythonNode {
  let node = value
  while (node.kind === 'assignment' && node.right) node = node.right
  return node
}

/** The part of an unpacked value that a target gets. */
export function partOf(kind: Kind, pattern: PythonNode, target: PythonNode): Kind {
  let current = kind
  let node = pattern
  while (node.index !== target.index) {
    if (current.kind !== 'tuple') return UNKNOWN_KIND
    const parts = node.namedChildren
    const position = parts.findIndex((part) => part.start <= target.start && target.end <= part.end)
    if (position < 0 || parts.slice(0, position + 1).some((part) => part.kind === 'list_splat_pattern')) return UNKNOWN_KIND
    current = current.items[position] ?? UNKNOWN_KIND
    node = parts[position]!
  }
  return current
}
