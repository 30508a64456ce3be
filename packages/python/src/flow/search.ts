import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** What to do at a point: end the search there, turn back, or go on. */
export const FOUND = 2
export const STOP = 1
export const GO_ON = 0
export type Visit = typeof FOUND | typeof STOP | typeof GO_ON

/** What a path has assumed on its way, as a number that means the same wherever it comes from. */
export interface Assuming {
  /** What is assumed when an edge is taken; -1 if it cannot be taken under these assumptions. */
  after(assumptions: number, edge: number): number
}

interface Search {
  readonly graph: FlowGraph
  /** Asked for each point that is reached, once for each set of assumptions. */
  visit(point: number): Visit
  /** Whether an edge may be taken. */
  allows(edge: number): boolean
  /** Makes paths possible that do not contradict themselves; leave it out to let all be. */
  readonly assuming?: Assuming | undefined
}

/** Where a search begins. */
export interface Beginning {
  /** Points that are visited themselves. */
  readonly starts: readonly number[]
  /** Edges whose sources are not visited. */
  readonly edges: readonly number[]
}

/** A way that was found. */
interface Found {
  readonly point: number
  readonly edges: readonly number[]
}

/** Nothing is assumed. */
const NOTHING = 0

/** Where ways with more sets of assumptions meet, the rest is given up. */
const MAX_ASSUMPTIONS = 64

/** Searches breadth first, so that the way found is a shortest one. */
export function search(options: Search, { starts, edges }: Beginning): Found | null {
  const { graph, visit, allows, assuming } = options
  const { edgeStarts, edgeTargets, pointCount } = graph
  const seen = new Uint8Array(pointCount)
  const seenAssuming = new Map<number, Set<number>>()
  // The states that were reached: a point with what is assumed there, the edge that led there, and the state before.
  const points: number[] = []
  const assumptions: number[] = []
  const cameBy: number[] = []
  const cameFrom: number[] = []

  for (const start of starts) if (reach(start, NOTHING, -1, -1)) return found()
  for (const edge of edges) if (allows(edge) && take(edge, NOTHING, -1)) return found()
  for (let state = 0; state < points.length; state++) {
    const point = points[state]!
    if (assumptions[state] === STOPPED) continue
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      if (!assuming && seen[edgeTargets[edge]!] === 1) continue
      if (allows(edge) && take(edge, assumptions[state]!, state)) return found()
    }
  }
  return null

  function take(edge: number, assumed: number, state: number): boolean {
    const next = assuming ? assuming.after(assumed, edge) : NOTHING
    return next >= 0 && reach(edgeTargets[edge]!, next, edge, state)
  }

  function reach(point: number, assumed: number, edge: number, state: number): boolean {
    if (!isNew(point, assumed)) return false
    const outcome = visit(point)
    points.push(point)
    assumptions.push(outcome === STOP ? STOPPED : assumed)
    cameBy.push(edge)
    cameFrom.push(state)
    return outcome === FOUND
  }

  function isNew(point: number, assumed: number): boolean {
    if (!assuming) {
      if (seen[point] === 1) return false
      seen[point] = 1
      return true
    }
    let known = seenAssuming.get(point)
    if (!known) seenAssuming.set(point, (known = new Set()))
    if (known.has(assumed) || known.size >= MAX_ASSUMPTIONS) return false
    known.add(assumed)
    return true
  }

  /** The way to the state reached last. */
  function found(): Found {
    const way: number[] = []
    for (let state = points.length - 1; state >= 0; state = cameFrom[state]!) if (cameBy[state]! >= 0) way.push(cameBy[state]!)
    return { point: points.at(-1)!, edges: way.reverse() }
  }
}

/** Instead of assumptions, for states from which the search does not go on. */
const STOPPED = -1

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
