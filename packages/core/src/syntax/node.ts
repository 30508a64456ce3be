import type { FlatTree } from './tree.ts'

/** A line and column; both start at 1, columns count UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Where something stands: from `start` up to, not including, `end`. */
export interface Location {
  readonly start: Position
  readonly end: Position
}

/** From offset to offset (end excluded), in UTF-16 code units. */
export type Range = readonly [start: number, end: number]

/**
 * One node of a syntax tree: a lazy view of (tree, index). There is exactly one object per node, so `===` and WeakMaps work.
 * The grammar's fields are properties of the node classes that a language generates (`call.function`); this is what all of them share.
 */
export interface SyntaxNode {
  /** The grammar's name of the node, such as `call`; `ERROR` for a part that could not be parsed. For a token, its text. */
  readonly kind: string
  readonly kindId: number
  readonly tree: FlatTree
  /** The node's index in the tree's arrays. */
  readonly index: number
  readonly start: number
  readonly end: number
  readonly range: Range
  readonly loc: Location
  readonly text: string
  readonly parent: SyntaxNode | null
  /** All children in order: nodes, tokens and comments. */
  readonly children: readonly SyntaxNode[]
  /** The children that are named nodes, without tokens and without comments and line continuations. */
  readonly namedChildren: readonly SyntaxNode[]
  readonly nextSibling: SyntaxNode | null
  readonly previousSibling: SyntaxNode | null
  /** The next sibling that is a named node other than a comment. */
  readonly nextNamedSibling: SyntaxNode | null
  /** The previous sibling that is a named node other than a comment. */
  readonly previousNamedSibling: SyntaxNode | null
  /** False for tokens such as `(` or the keyword `def`. */
  readonly isNamed: boolean
  /** True for a node that the parser invented to go on. */
  readonly isMissing: boolean
  /** True for comments and line continuations: nodes that may stand anywhere. */
  readonly isExtra: boolean
  /** The name of the field under which the node stands in its parent, or `null`. */
  readonly fieldName: string | null
  /** The first child in this field, or `null`. */
  field(name: string): SyntaxNode | null
  /** All children in this field. */
  fieldAll(name: string): readonly SyntaxNode[]
  /** Whether `other` is this node or lies below it. */
  contains(other: SyntaxNode): boolean
  /** All nodes below this one (itself excluded) in source order, of the given kinds if any are given. */
  descendants(...kinds: string[]): Generator<SyntaxNode>
  /** The nearest ancestor (itself excluded) of one of the kinds, or `null`. */
  closest(...kinds: string[]): SyntaxNode | null
}
