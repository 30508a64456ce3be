import type { PythonNode } from '../syntax/node.ts'
import type { ExceptClauseNode, WithItemNode } from '../generated/nodes.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** Where an exception can go. */
export interface ExceptionRoutes {
  /** The clauses that may catch it, in the order in which they are asked: from the inside out. */
  readonly handlers: readonly ExceptClauseNode[]
  /** The `with` items that may swallow it. */
  readonly swallowers: readonly WithItemNode[]
  /** Whether it may leave the function. */
  readonly leaves: boolean
}

/** Whether a clause catches the exception in question. */
export type Catches = (clause: ExceptClauseNode) => 'never' | 'maybe' | 'always'

/**
 * Follows the exceptions raised at some points outwards: through handlers, the ends of `with` items, and `finally` blocks that are not left by a
 * jump. What a handler raises in turn is another exception.
 */
export function exceptionRoutes(graph: FlowGraph, points: readonly number[], reachable: Uint8Array, catches: Catches): ExceptionRoutes {
  const { tree, edgeStarts, edgeTargets, edgeKinds, edgeReasons, pointNodes, pointRoles } = graph
  /** The points at which clauses and items are asked; inner ones have smaller numbers. */
  const asked: number[] = []
  const swallowing: number[] = []
  const seen = new Set<number>()
  const queue: number[] = []
  let leaves = false
  const follow = (edge: number) => {
    const target = edgeTargets[edge]!
    if (target === G.RAISE_EXIT) leaves = true
    else if (!seen.has(target)) {
      seen.add(target)
      queue.push(target)
    }
  }
  const followAll = (point: number, kind: number) => {
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      if (edgeKinds[edge] === kind && edgeReasons[edge] !== 0) follow(edge)
    }
  }
  for (const point of points) followAll(point, G.EXCEPTION_EDGE)
  for (let at = 0; at < queue.length; at++) {
    const point = queue[at]!
    switch (pointRoles[point]) {
      case G.EXCEPT_TEST: {
        const caught = catches(tree.node(pointNodes[point]!) as PythonNode as ExceptClauseNode)
        if (caught !== 'never') asked.push(point)
        if (caught !== 'always') followAll(point, G.NO_MATCH_EDGE)
        break
      }
      case G.WITH_EXIT:
        if (swallows(graph, point)) swallowing.push(point)
        followAll(point, G.UNWIND_EDGE)
        break
      case G.FINALLY: {
        const end = graph.pointPartners[point]!
        if (reachable[end] === 1) followAll(end, G.UNWIND_EDGE)
        break
      }
      default:
        followAll(point, G.UNWIND_EDGE)
    }
  }
  const nodesAt = (found: number[]) => [...new Set(found.sort((a, b) => a - b).map((point) => tree.node(pointNodes[point]!) as PythonNode))]
  return { handlers: nodesAt(asked) as ExceptClauseNode[], swallowers: nodesAt(swallowing) as WithItemNode[], leaves }
}

/** The points of a node and of all that is evaluated inside it. */
export function pointsInside(graph: FlowGraph, node: number): number[] {
  const { tree, root, placeAt, placePoints, nextPlaces } = graph
  const points = new Set<number>()
  for (let i = node; i < tree.next[node]!; i++) {
    for (let place = placeAt[i - root]! - 1; place >= 0; place = nextPlaces[place]!) {
      const point = placePoints[place]!
      points.add(point < 0 ? ~point : point)
    }
  }
  return [...points]
}

function swallows({ edgeStarts, edgeKinds }: FlowGraph, point: number): boolean {
  for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) if (edgeKinds[edge] === G.SWALLOW_EDGE) return true
  return false
}
