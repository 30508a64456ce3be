import type { DominatorTree } from './dominators.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** The members of each point's frontier are `items[starts[p]]` up to, not including, `items[starts[p + 1]]`. */
export interface DominanceFrontiers {
  readonly starts: Int32Array
  readonly items: Int32Array
}

/**
 * The dominance frontier of each point: where ways that come through it meet others. The exits are left out, as nothing is read there. Cooper, Harvey
 * and Kennedy, "A simple, fast dominance algorithm" (2001), figure 5; a walk ends where an earlier one for the same point has been.
 */
export function dominanceFrontiers(graph: FlowGraph, tree: DominatorTree): DominanceFrontiers {
  const { pointCount, incomingStarts, incoming, edgeSources } = graph
  const owners: number[] = []
  const members: number[] = []
  const lastMember = new Int32Array(pointCount).fill(-1)
  for (let point = G.RAISE_EXIT + 1; point < pointCount; point++) {
    if (!tree.isReached(point) || incomingStarts[point + 1]! - incomingStarts[point]! < 2) continue
    for (let at = incomingStarts[point]!; at < incomingStarts[point + 1]!; at++) {
      let runner = edgeSources[incoming[at]!]!
      if (!tree.isReached(runner)) continue
      while (runner !== tree.parents[point] && lastMember[runner] !== point) {
        lastMember[runner] = point
        owners.push(runner)
        members.push(point)
        runner = tree.parents[runner]!
      }
    }
  }
  const starts = new Int32Array(pointCount + 1)
  for (const owner of owners) starts[owner + 1]!++
  for (let point = 0; point < pointCount; point++) starts[point + 1]! += starts[point]!
  const free = starts.slice()
  const items = new Int32Array(members.length)
  for (const [i, owner] of owners.entries()) items[free[owner]!++] = members[i]!
  return { starts, items }
}
