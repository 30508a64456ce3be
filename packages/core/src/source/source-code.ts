import type { Location, Position, Range, SyntaxNode } from '../syntax/node.ts'
import type { FlatTree } from '../syntax/tree.ts'
import type { LineTable } from './line-table.ts'

/** One file's text with its tree. A leading byte order mark is not part of `text`; offsets count from behind it. */
export class SourceCode {
  readonly text: string
  readonly hasBom: boolean
  readonly tree: FlatTree
  #comments: readonly SyntaxNode[] | undefined

  constructor(
    /** Relative to the project root, with `/`. */
    readonly path: string,
    tree: FlatTree,
    hasBom: boolean,
  ) {
    this.text = tree.text
    this.tree = tree
    this.hasBom = hasBom
  }

  /** The root node. */
  get ast(): SyntaxNode {
    return this.tree.node(0)
  }

  get lineTable(): LineTable {
    return this.tree.lineTable
  }

  /** The lines without their line breaks. */
  get lines(): readonly string[] {
    return this.lineTable.lines
  }

  /** The line break that the file uses first; `\n` if it has none. New lines in a fix use it. */
  get lineBreak(): string {
    return /\r\n|\r|\n/.exec(this.text)?.[0] ?? '\n'
  }

  /** All comments, in source order. */
  get comments(): readonly SyntaxNode[] {
    return (this.#comments ??= this.#findComments())
  }

  /** The text of a node or of the whole file, with some code units around it if asked for. */
  getText(node?: SyntaxNode, before = 0, after = 0): string {
    if (!node) return this.text
    return this.text.slice(Math.max(0, node.start - before), node.end + after)
  }

  getLocFromIndex(offset: number): Position {
    return this.lineTable.position(offset)
  }

  /** The offset of a position; the inverse of `getLocFromIndex`. */
  getIndexFromLoc(position: Position): number {
    return this.lineTable.offset(position)
  }

  locationOf(range: Range): Location {
    return { start: this.lineTable.position(range[0]), end: this.lineTable.position(range[1]) }
  }

  /** The comments inside a range. */
  commentsIn(range: Range): readonly SyntaxNode[] {
    return this.comments.filter((comment) => comment.start >= range[0] && comment.end <= range[1])
  }

  #findComments(): SyntaxNode[] {
    const { kind, grammar, size } = this.tree
    const ids = new Set(grammar.kindIds('comment'))
    const found: SyntaxNode[] = []
    for (let i = 0; i < size; i++) if (ids.has(kind[i]!)) found.push(this.tree.node(i))
    return found
  }
}
