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

/** The tests that control must have passed, with one outcome, to come to a point: the nearest one first. */
export class DecidedTests {
  readonly #graph: FlowGraph
  readonly #tree: DominatorTree
  /** By point: what is decided there, together with all that is decided before. */
  readonly #known = new Map<number, readonly DecidedTest[]>()

  constructor(graph: FlowGraph, tree: DominatorTree) {
    this.#graph = graph
    this.#tree = tree
  }

  at(point: number): readonly DecidedTest[] {
    const chain: number[] = []
    let from = point
    while (from >= 0 && !this.#known.has(from)) {
      chain.push(from)
      from = this.#tree.parents[from]!
    }
    let found = from < 0 ? [] : this.#known.get(from)!
    for (const next of chain.reverse()) {
      const own = this.#decidedBy(next)
      if (own) found = [own, ...found]
      this.#known.set(next, found)
    }
    return found
  }

  /** A point that is entered by one edge only, from a test. */
  #decidedBy(point: number): DecidedTest | null {
    const { incomingStarts, incoming, edgeKinds, edgeNodes, edgeSources, tree } = this.#graph
    let decided: DecidedTest | null = null
    for (let at = incomingStarts[point]!; at < incomingStarts[point + 1]!; at++) {
      const edge = incoming[at]!
      if (!this.#tree.isReached(edgeSources[edge]!)) continue
      const kind = edgeKinds[edge]!
      if (decided || (kind !== G.TRUE_EDGE && kind !== G.FALSE_EDGE) || edgeNodes[edge]! < 0) return null
      decided = { test: tree.node(edgeNodes[edge]!) as PythonNode, outcome: kind === G.TRUE_EDGE }
    }
    return decided
  }
}
