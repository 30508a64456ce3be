import type { FixFunction } from '@krait/core'
import type { CallNode } from '../generated/nodes.ts'

/** Adds an argument behind all others: `timeout=10`. `null` where the only argument is a comprehension without parentheses of its own. */
export function addArgument({ arguments: list }: CallNode, text: string): FixFunction | null {
  if (list.kind !== 'argument_list') return null
  const last = list.namedChildren.findLast(({ kind }) => kind !== 'comment')
  if (last) return (fixer) => fixer.insertTextAfter(last, `, ${text}`)
  const [open] = list.children
  return open ? (fixer) => fixer.insertTextAfter(open, text) : null
}
