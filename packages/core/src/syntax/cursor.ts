import type { Tree, TreeCursor } from 'web-tree-sitter'
import { createColumns } from './columns.ts'
import type { TreeColumns } from './columns.ts'
import { NodeFlag } from './tree.ts'

/**
 * The columns of a tree by web-tree-sitter's public cursor: slow, but documented. Used to check the fast way, and where that does not work.
 * @param errorKind The kind id to give to ERROR nodes.
 */
export function readWithCursor(tree: Tree, errorKind: number): TreeColumns {
  const root = tree.rootNode
  const columns = createColumns(root.descendantCount, root.endIndex)
  columns.hasErrors = root.hasError
  const cursor = tree.walk()
  try {
    fill(columns, cursor, errorKind)
  } finally {
    cursor.delete()
  }
  return columns
}

function fill(columns: TreeColumns, cursor: TreeCursor, errorKind: number): void {
  const { kind, field, flags, start, end, next, parent } = columns
  let index = 0
  let up = -1
  for (;;) {
    const node = cursor.currentNode
    kind[index] = node.isError ? errorKind : node.typeId
    field[index] = cursor.currentFieldId || 0
    flags[index] = (node.isMissing ? NodeFlag.missing : 0) | (node.isExtra ? NodeFlag.extra : 0)
    start[index] = node.startIndex
    end[index] = node.endIndex
    parent[index] = up
    const current = index++
    if (cursor.gotoFirstChild()) {
      up = current
      continue
    }
    next[current] = index
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return
      next[up] = index
      up = parent[up]!
    }
  }
}
