import type { PythonNode } from '../syntax/node.ts'
import type { DominatorTree } from './dominators.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** A test with the outcome that it must have had. */
export interface DecidedTest {
  /** The condition without `not` and parentheses; of `a and b` each operand is a test of its own. */
  readonly test: PythonNode
  readonly outcome: boolean
}

/** Which decisions every path to a point has taken. */
export class Decisions {
  readonly #graph: FlowGraph
  readonly #tree: DominatorTree
  /** For each point the edge of a decision by which every path first comes to it, or -1. */
  readonly #edges: Int32Array
  /** For each point the nearest one on every path there, itself included, that has such an edge, or -1. */
  readonly #decided: Int32Array

  constructor(graph: FlowGraph, tree: DominatorTree) {
    this.#graph = graph
    this.#tree = tree
    this.#edges = new Int32Array(graph.pointCount).fill(-1)
    this.#decided = new Int32Array(graph.pointCount).fill(-1)
    for (const point of tree.order) {
      const edge = this.#onlyWayTo(point)
      const decides = edge >= 0 && graph.edgeNodes[edge]! >= 0 && graph.edgeKinds[edge] !== G.NORMAL_EDGE
      if (decides) this.#edges[point] = edge
      this.#decided[point] = decides ? point : tree.parents[point]! < 0 ? -1 : this.#decided[tree.parents[point]!]!
    }
  }

  /** The edges of the decisions, the last one first. */
  *before(point: number): Generator<number> {
    for (let at = this.#decided[point]!; at >= 0; at = this.#decided[this.#tree.parents[at]!]!) yield this.#edges[at]!
  }

  /** The tests among the decisions, the last one first. */
  *testsBefore(point: number): Generator<DecidedTest> {
    const { tree, edgeKinds, edgeNodes } = this.#graph
    for (const edge of this.before(point)) {
      const kind = edgeKinds[edge]
      if (kind !== G.TRUE_EDGE && kind !== G.FALSE_EDGE) continue
      yield { test: tree.node(edgeNodes[edge]!) as PythonNode, outcome: kind === G.TRUE_EDGE }
    }
  }

  /** The edge by which every path first comes to a point, or -1 if there are several. */
  #onlyWayTo(point: number): number {
    const { incomingStarts, incoming, edgeSources } = this.#graph
    let found = -1
    for (let at = incomingStarts[point]!; at < incomingStarts[point + 1]!; at++) {
      const edge = incoming[at]!
      const source = edgeSources[edge]!
      // From where control has come through the point already, it comes for another round.
      if (!this.#tree.isReached(source) || this.#tree.dominates(point, source)) continue
      if (found >= 0) return -1
      found = edge
    }
    return found
  }
}
