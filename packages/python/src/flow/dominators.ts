/** A directed graph with the edges in both directions: those of node `n` are `starts[n]` up to, not including, `starts[n + 1]`. */
interface Digraph {
  readonly size: number
  readonly successorStarts: Int32Array
  readonly successors: Int32Array
  readonly predecessorStarts: Int32Array
  readonly predecessors: Int32Array
}

/** Which nodes lie on every path to a node. */
export class DominatorTree {
  /** For each node the nearest other one that lies on every path to it; -1 for the root and for nodes that can not be reached. */
  readonly parents: Int32Array
  /** The nodes that can be reached, each followed by all that it dominates. */
  readonly order: Int32Array
  /** How many nodes a node dominates, itself included. */
  readonly sizes: Int32Array
  /** The position of each node in `order`; -1 for nodes that can not be reached. */
  readonly #positions: Int32Array

  constructor(graph: Digraph, root: number) {
    const { parents, nodes } = findDominators(graph, root)
    this.parents = parents
    this.sizes = new Int32Array(graph.size)
    this.#positions = new Int32Array(graph.size).fill(-1)
    this.order = this.#arrange(nodes)
  }

  /** The position of a node in `order`; -1 if it can not be reached. */
  positionOf(node: number): number {
    return this.#positions[node]!
  }

  isReached(node: number): boolean {
    return this.#positions[node]! >= 0
  }

  /** Whether every path to `node` goes through `other`. Every node dominates itself. False if one of them can not be reached. */
  dominates(other: number, node: number): boolean {
    const from = this.#positions[other]!
    const at = this.#positions[node]!
    return from >= 0 && at >= from && at < from + this.sizes[other]!
  }

  /** @param nodes in an order in which a node comes after those that dominate it */
  #arrange(nodes: Int32Array): Int32Array {
    const { parents, sizes } = this
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i]!
      sizes[node]!++
      if (parents[node]! >= 0) sizes[parents[node]!]! += sizes[node]!
    }
    const order = new Int32Array(nodes.length)
    // Where the next child of a node goes.
    const free = new Int32Array(parents.length)
    for (const node of nodes) {
      const parent = parents[node]!
      const position = parent < 0 ? 0 : free[parent]!
      if (parent >= 0) free[parent]! += sizes[node]!
      this.#positions[node] = position
      order[position] = node
      free[node] = position + 1
    }
    return order
  }
}

/**
 * Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph" (1979), with path compression only: O(edges * log nodes). The simpler
 * iteration of Cooper, Harvey and Kennedy is quadratic in the length of a `try` body, each point of which leads to the same handler.
 *
 * Numbers are those of a depth-first search, from 1.
 */
function findDominators(graph: Digraph, root: number): { readonly parents: Int32Array; readonly nodes: Int32Array } {
  const { size, predecessorStarts, predecessors } = graph
  const { numbers, nodes, treeParents, count } = searchDepthFirst(graph, root)
  const semi = new Int32Array(count + 1)
  for (let i = 0; i <= count; i++) semi[i] = i
  const dominators = new Int32Array(count + 1)
  const forest = new Forest(semi)
  /** For each number those whose semidominator it is, as a chain. */
  const bucketHeads = new Int32Array(count + 1)
  const bucketNext = new Int32Array(count + 1)

  for (let i = count; i >= 2; i--) {
    const node = nodes[i]!
    for (let at = predecessorStarts[node]!; at < predecessorStarts[node + 1]!; at++) {
      const number = numbers[predecessors[at]!]!
      if (number > 0) semi[i] = Math.min(semi[i]!, semi[forest.best(number)]!)
    }
    bucketNext[i] = bucketHeads[semi[i]!]!
    bucketHeads[semi[i]!] = i
    const parent = treeParents[i]!
    forest.link(parent, i)
    for (let j = bucketHeads[parent]!; j > 0; j = bucketNext[j]!) {
      const best = forest.best(j)
      dominators[j] = semi[best]! < semi[j]! ? best : parent
    }
    bucketHeads[parent] = 0
  }

  const parents = new Int32Array(size).fill(-1)
  for (let i = 2; i <= count; i++) {
    if (dominators[i] !== semi[i]) dominators[i] = dominators[dominators[i]!]!
    parents[nodes[i]!] = nodes[dominators[i]!]!
  }
  return { parents, nodes: nodes.subarray(1, count + 1) }
}

function searchDepthFirst({ size, successorStarts, successors }: Digraph, root: number) {
  const numbers = new Int32Array(size)
  const nodes = new Int32Array(size + 1)
  const treeParents = new Int32Array(size + 1)
  const nextEdges = successorStarts.slice()
  const stack: number[] = [root]
  let count = 1
  numbers[root] = 1
  nodes[1] = root
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!
    const at = nextEdges[node]!
    if (at === successorStarts[node + 1]) {
      stack.pop()
      continue
    }
    nextEdges[node] = at + 1
    const successor = successors[at]!
    if (numbers[successor]! > 0) continue
    numbers[successor] = ++count
    nodes[count] = successor
    treeParents[count] = numbers[node]!
    stack.push(successor)
  }
  return { numbers, nodes, treeParents, count }
}

/** The part of the search tree that has been worked on, as a forest with compressed paths. */
class Forest {
  readonly #semi: Int32Array
  /** -1 for nodes that are roots of the forest. */
  readonly #ancestors: Int32Array
  readonly #labels: Int32Array
  readonly #path: number[] = []

  constructor(semi: Int32Array) {
    this.#semi = semi
    this.#ancestors = new Int32Array(semi.length).fill(-1)
    this.#labels = new Int32Array(semi.length)
    for (let i = 0; i < semi.length; i++) this.#labels[i] = i
  }

  link(parent: number, child: number): void {
    this.#ancestors[child] = parent
  }

  /** The node with the smallest semidominator on the way up from `i` to the root of its tree, the root left out; `i` if it is a root. */
  best(i: number): number {
    const ancestors = this.#ancestors
    if (ancestors[i] === -1) return i
    const path = this.#path
    for (let j = i; ancestors[ancestors[j]!] !== -1; j = ancestors[j]!) path.push(j)
    while (path.length > 0) {
      const j = path.pop()!
      const up = ancestors[j]!
      if (this.#semi[this.#labels[up]!]! < this.#semi[this.#labels[j]!]!) this.#labels[j] = this.#labels[up]!
      ancestors[j] = ancestors[up]!
    }
    return this.#labels[i]!
  }
}
