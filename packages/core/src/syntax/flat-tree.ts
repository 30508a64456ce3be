import { LineTable } from '../source/line-table.ts'
import type { Offsets, Parents, TreeColumns } from './columns.ts'
import type { NodeClass } from './flat-node.ts'
import type { Grammar } from './grammar.ts'
import type { SyntaxNode } from './node.ts'
import type { FlatTree } from './tree.ts'

/** A syntax tree in columns, with the objects of those nodes that somebody asked for. */
export class ColumnTree implements FlatTree {
  readonly grammar: Grammar
  readonly text: string
  readonly size: number
  readonly kind: Uint16Array
  readonly field: Uint8Array
  readonly flags: Uint8Array
  readonly start: Offsets
  readonly end: Offsets
  readonly next: Offsets
  readonly parent: Parents
  readonly hasErrors: boolean
  readonly #NodeClass: NodeClass
  #nodes: (SyntaxNode | undefined)[] | undefined
  #lineTable: LineTable | undefined

  constructor(grammar: Grammar, nodeClass: NodeClass, text: string, columns: TreeColumns) {
    this.grammar = grammar
    this.text = text
    this.size = columns.size
    this.kind = columns.kind
    this.field = columns.field
    this.flags = columns.flags
    this.start = columns.start
    this.end = columns.end
    this.next = columns.next
    this.parent = columns.parent
    this.hasErrors = columns.hasErrors
    this.#NodeClass = nodeClass
  }

  copy(): FlatTree {
    return new ColumnTree(this.grammar, this.#NodeClass, this.text, this)
  }

  get byteLength(): number {
    return this.kind.buffer.byteLength
  }

  get lineTable(): LineTable {
    return (this.#lineTable ??= new LineTable(this.text))
  }

  node(index: number): SyntaxNode {
    const nodes = (this.#nodes ??= new Array<SyntaxNode | undefined>(this.size))
    const known = nodes[index]
    if (known) return known
    if (!(index >= 0 && index < this.size)) throw new RangeError(`node ${index} is outside 0..${this.size - 1}`)
    return (nodes[index] = new this.#NodeClass(this, index))
  }
}
