import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** What to do at a point: end the search there, turn back, or go on. */
export const FOUND = 2
export const STOP = 1
export const GO_ON = 0

export interface Search {
  readonly graph: FlowGraph
  /** Asked once for each point that is reached. */
  visit(point: number): typeof FOUND | typeof STOP | typeof GO_ON
  /** Whether an edge may be taken. */
  allows(edge: number): boolean
}

export interface Found {
  readonly point: number
  /** How the points were reached: for each the edge that led there first, `FROM_START` for a start that was visited, or `UNSEEN`. */
  readonly cameBy: Int32Array
  /** The edges that the search began with. */
  readonly begins: ReadonlySet<number>
}
const UNSEEN = -1
const FROM_START = -2

/**
 * Searches breadth first, so that the way found is a shortest one.
 * @param starts points that are visited themselves
 * @param edges edges to begin with, whose sources are not visited; they are taken without asking
 * @returns `null` if no point was found
 */
export function search({ graph, visit, allows }: Search, starts: readonly number[], edges: readonly number[] = []): Found | null {
  const { edgeStarts, edgeTargets, pointCount } = graph
  const cameBy = new Int32Array(pointCount).fill(UNSEEN)
  const begins = new Set(edges)
  const queue: number[] = []
  for (const start of starts) {
    const found = reach(start, FROM_START)
    if (found) return found
  }
  for (const edge of edges) {
    const found = reach(edgeTargets[edge]!, edge)
    if (found) return found
  }
  for (let at = 0; at < queue.length; at++) {
    const point = queue[at]!
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      if (cameBy[edgeTargets[edge]!] !== UNSEEN || !allows(edge)) continue
      const found = reach(edgeTargets[edge]!, edge)
      if (found) return found
    }
  }
  return null

  function reach(point: number, edge: number): Found | null {
    if (cameBy[point] !== UNSEEN) return null
    cameBy[point] = edge
    const outcome = visit(point)
    if (outcome === FOUND) return { point, cameBy, begins }
    if (outcome === GO_ON) queue.push(point)
    return null
  }
}

/** The edges of the way that was found, from its start. */
export function edgesTo({ point, cameBy, begins }: Found, graph: FlowGraph): number[] {
  const edges: number[] = []
  for (let at = point; cameBy[at]! >= 0; at = graph.edgeSources[edges.at(-1)!]!) {
    edges.push(cameBy[at]!)
    // The way may lead through its own start once more.
    if (begins.has(cameBy[at]!)) break
  }
  return edges.reverse()
}

/** Which points can be reached from the entry: 1 by point. */
export function reachablePoints(graph: FlowGraph): Uint8Array {
  const { edgeStarts, edgeTargets, pointCount } = graph
  const reached = new Uint8Array(pointCount)
  const stack: number[] = [G.ENTRY]
  reached[G.ENTRY] = 1
  while (stack.length > 0) {
    const point = stack.pop()!
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      const target = edgeTargets[edge]!
      if (reached[target] === 1) continue
      reached[target] = 1
      stack.push(target)
    }
  }
  return reached
}
