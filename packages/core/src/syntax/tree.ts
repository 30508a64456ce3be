import type { LineTable } from '../source/line-table.ts'
import type { Offsets, Parents } from './columns.ts'
import type { Grammar } from './grammar.ts'
import type { SyntaxNode } from './node.ts'

/** Bits of `FlatTree.flags`. */
export const NodeFlag = { missing: 1, extra: 2 } as const

/**
 * A syntax tree as columns of numbers, in pre-order: node 0 is the root, the subtree of node `i` is `i` up to (not including) `next[i]`.
 * So the first child of `i` is `i + 1` if `i + 1 < next[i]`, and the next sibling of `i` is `next[i]` if that is still inside the parent.
 * Offsets are UTF-16 code units in `text`.
 */
export interface FlatTree {
  readonly grammar: Grammar
  readonly text: string
  /** The number of nodes. */
  readonly size: number
  /** Kind id of each node; see `Grammar.kindNames`. */
  readonly kind: Uint16Array
  /** Field id under which the node stands in its parent, 0 for none. */
  readonly field: Uint8Array
  /** See `NodeFlag`. */
  readonly flags: Uint8Array
  readonly start: Offsets
  readonly end: Offsets
  /** Index just behind the node's subtree. */
  readonly next: Offsets
  /** Index of the parent, -1 for the root. */
  readonly parent: Parents
  /** Whether the parser found a syntax error. There are a few that leave neither an ERROR nor a MISSING node. */
  readonly hasErrors: boolean
  /** What the columns take, in bytes. */
  readonly byteLength: number
  /** Lines and columns of the text; made when first asked for. */
  readonly lineTable: LineTable
  /** The same tree without the objects of its nodes. */
  copy(): FlatTree
  /** The one node object of this index: two calls give the same object. */
  node(index: number): SyntaxNode
}
