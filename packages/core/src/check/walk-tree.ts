import type { ListenerTable, TableEntry } from '../rules/listener-table.ts'
import type { FlatTree } from '../syntax/tree.ts'

/** Called for each node that some listener waits for, in source order; on the way out after everything below it. */
export type Visit = (entries: readonly TableEntry[], index: number) => void

/**
 * One pass over the tree in pre-order. Only nodes whose kind has listeners become a call; nodes with exit listeners wait on a stack until
 * their subtree is behind.
 */
export function walkTree(tree: FlatTree, table: ListenerTable, visit: Visit): void {
  const { kind, next, size } = tree
  const { enter, exit } = table
  const open: number[] = []
  for (let index = 0; index < size; index++) {
    while (open.length > 0 && next[open[open.length - 1]!]! <= index) leave(open.pop()!)
    const id = kind[index]!
    const entering = enter[id]
    if (entering && entering.length > 0) visit(entering, index)
    const exiting = exit[id]
    if (exiting && exiting.length > 0) open.push(index)
  }
  while (open.length > 0) leave(open.pop()!)

  function leave(index: number): void {
    visit(exit[kind[index]!]!, index)
  }
}
