import type { Grammar } from './grammar.ts'
import type { Location, Range, SyntaxNode } from './node.ts'
import { NodeFlag } from './tree.ts'
import type { FlatTree } from './tree.ts'
import { childByField, firstChild, nextSibling, previousSibling } from './walk.ts'

/** The class of all nodes of one grammar. */
export type NodeClass = new (tree: FlatTree, index: number) => SyntaxNode

/**
 * Makes the node class of a grammar: one class for all kinds, so that property reads stay fast, with a getter for every field of the grammar.
 * A repeated field gives an array, every other one a node or `null`. A field whose name every node has already (say `text`) gets no getter;
 * `node.field('text')` reads it.
 */
export function createNodeClass(grammar: Grammar): NodeClass {
  class GrammarNode extends FlatNode {}
  grammar.fieldNames.forEach((name, fieldId) => {
    if (fieldId === 0 || name in FlatNode.prototype || OWN_PROPERTIES.has(name)) return
    Object.defineProperty(GrammarNode.prototype, name, { get: fieldGetter(grammar, fieldId), configurable: true, enumerable: true })
  })
  return GrammarNode
}

function fieldGetter(grammar: Grammar, fieldId: number) {
  const isRepeated = Uint8Array.from(grammar.kindNames, (_, kindId) => (grammar.isRepeated(kindId, fieldId) ? 1 : 0))
  if (!isRepeated.includes(1)) {
    return function (this: FlatNode): SyntaxNode | null {
      return nodeOrNull(this.tree, childByField(this.tree, this.index, fieldId))
    }
  }
  return function (this: FlatNode): SyntaxNode | null | SyntaxNode[] {
    const { tree, index } = this
    if (isRepeated[this.kindId]) return nodesInField(tree, index, fieldId)
    return nodeOrNull(tree, childByField(tree, index, fieldId))
  }
}

/** A view of one row of a `FlatTree`. */
class FlatNode implements SyntaxNode {
  readonly tree: FlatTree
  readonly index: number
  readonly kindId: number
  #children: readonly SyntaxNode[] | undefined = undefined
  #namedChildren: readonly SyntaxNode[] | undefined = undefined

  constructor(tree: FlatTree, index: number) {
    this.tree = tree
    this.index = index
    this.kindId = tree.kind[index]!
  }

  get kind(): string {
    return this.tree.grammar.kindNames[this.kindId]!
  }

  get start(): number {
    return this.tree.start[this.index]!
  }

  get end(): number {
    return this.tree.end[this.index]!
  }

  get range(): Range {
    return [this.start, this.end]
  }

  get loc(): Location {
    const { lineTable } = this.tree
    return { start: lineTable.position(this.start), end: lineTable.position(this.end) }
  }

  get text(): string {
    return this.tree.text.slice(this.start, this.end)
  }

  get parent(): SyntaxNode | null {
    return nodeOrNull(this.tree, this.tree.parent[this.index]!)
  }

  get children(): readonly SyntaxNode[] {
    return (this.#children ??= childNodes(this.tree, this.index, isAny))
  }

  get namedChildren(): readonly SyntaxNode[] {
    return (this.#namedChildren ??= childNodes(this.tree, this.index, isNamedPart))
  }

  get nextSibling(): SyntaxNode | null {
    return nodeOrNull(this.tree, nextSibling(this.tree, this.index))
  }

  get previousSibling(): SyntaxNode | null {
    return nodeOrNull(this.tree, previousSibling(this.tree, this.index))
  }

  get nextNamedSibling(): SyntaxNode | null {
    let sibling = nextSibling(this.tree, this.index)
    while (sibling >= 0 && !isNamedPart(this.tree, sibling)) sibling = nextSibling(this.tree, sibling)
    return nodeOrNull(this.tree, sibling)
  }

  get previousNamedSibling(): SyntaxNode | null {
    let sibling = previousSibling(this.tree, this.index)
    while (sibling >= 0 && !isNamedPart(this.tree, sibling)) sibling = previousSibling(this.tree, sibling)
    return nodeOrNull(this.tree, sibling)
  }

  get isNamed(): boolean {
    return this.tree.grammar.isNamed[this.kindId] === 1
  }

  get isMissing(): boolean {
    return (this.tree.flags[this.index]! & NodeFlag.missing) !== 0
  }

  get isExtra(): boolean {
    return (this.tree.flags[this.index]! & NodeFlag.extra) !== 0
  }

  get fieldName(): string | null {
    return this.tree.grammar.fieldNames[this.tree.field[this.index]!] || null
  }

  field(name: string): SyntaxNode | null {
    return nodeOrNull(this.tree, childByField(this.tree, this.index, knownFieldId(this.tree.grammar, name)))
  }

  fieldAll(name: string): readonly SyntaxNode[] {
    return nodesInField(this.tree, this.index, knownFieldId(this.tree.grammar, name))
  }

  contains(other: SyntaxNode): boolean {
    return other.tree === this.tree && other.index >= this.index && other.index < this.tree.next[this.index]!
  }

  *descendants(...kinds: string[]): Generator<SyntaxNode> {
    const { tree, index } = this
    const { kind } = tree
    const end = tree.next[index]!
    const wanted = knownKindIds(tree.grammar, kinds)
    for (let i = index + 1; i < end; i++) if (kinds.length === 0 || wanted.includes(kind[i]!)) yield tree.node(i)
  }

  closest(...kinds: string[]): SyntaxNode | null {
    const { tree } = this
    const { kind, parent } = tree
    const wanted = knownKindIds(tree.grammar, kinds)
    let up = parent[this.index]!
    while (up >= 0 && !wanted.includes(kind[up]!)) up = parent[up]!
    return nodeOrNull(tree, up)
  }

  toString(): string {
    return `${this.kind} [${this.start}, ${this.end}]`
  }
}

const OWN_PROPERTIES = new Set(['tree', 'index', 'kindId'])

function nodeOrNull(tree: FlatTree, index: number): SyntaxNode | null {
  return index < 0 ? null : tree.node(index)
}

function isAny(): boolean {
  return true
}

/** Whether the node is neither a token nor one that may stand anywhere. */
function isNamedPart(tree: FlatTree, index: number): boolean {
  return tree.grammar.isNamed[tree.kind[index]!] === 1 && (tree.flags[index]! & NodeFlag.extra) === 0
}

function childNodes(tree: FlatTree, index: number, accept: (tree: FlatTree, index: number) => boolean): SyntaxNode[] {
  const nodes: SyntaxNode[] = []
  for (let child = firstChild(tree, index); child >= 0; child = nextSibling(tree, child)) {
    if (accept(tree, child)) nodes.push(tree.node(child))
  }
  return nodes
}

function nodesInField(tree: FlatTree, index: number, fieldId: number): SyntaxNode[] {
  const { next, field } = tree
  const nodes: SyntaxNode[] = []
  const end = next[index]!
  for (let child = index + 1; child < end; child = next[child]!) if (field[child] === fieldId) nodes.push(tree.node(child))
  return nodes
}

function knownFieldId(grammar: Grammar, name: string): number {
  const id = grammar.fieldId(name)
  if (id === 0) throw new Error(`The grammar '${grammar.name}' has no field '${name}'. Its fields: ${grammar.fieldNames.slice(1).join(', ')}.`)
  return id
}

/** A name stands for the named kind, or for the token if there is no such kind. */
function knownKindIds(grammar: Grammar, names: readonly string[]): readonly number[] {
  const ids: number[] = []
  for (const name of names) {
    const named = grammar.kindIds(name)
    const found = named.length > 0 ? named : grammar.tokenIds(name)
    if (found.length === 0) throw new Error(`The grammar '${grammar.name}' has no node kind '${name}'.`)
    ids.push(...found)
  }
  return ids
}
