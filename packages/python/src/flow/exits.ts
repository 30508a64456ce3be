import type { RaiseStatementNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { exceptionRoutes } from './exceptions.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** The ways in which code can end, as far as control can come there. */
export interface FlowExits {
  /** The `return` statements, in order, without those that a jump in a `finally` overrides. Of a lambda it is the expression. */
  readonly returns: readonly PythonNode[]
  /** The `raise` statements whose exception may leave the function, in order. */
  readonly raises: readonly RaiseStatementNode[]
  /**
   * The nodes behind which control runs off the end: a last statement, the test of an `if` or loop, a `finally` clause, a `with` item. Empty if it
   * never does.
   */
  readonly fallsOff: readonly PythonNode[]
  /** Whether an exception may leave the function, from wherever. */
  readonly canRaise: boolean
}

export function findExits(graph: FlowGraph, reachable: Uint8Array): FlowExits {
  const { tree, pointCount, pointNodes, pointRoles, edgeSources, edgeKinds, incomingStarts, incoming } = graph
  const returns = new Set<number>()
  const raises = new Set<number>()
  const fallsOff = new Set<number>()
  for (let point = 0; point < pointCount; point++) {
    if (reachable[point] === 0 || runsOnTheWayOut(pointRoles[point]!)) continue
    if (edgeOfKind(graph, point, G.RETURN_EDGE) >= 0 && returnLeaves(graph, point, reachable)) returns.add(pointNodes[point]!)
    if (raisesOnPurpose(graph, point) && exceptionRoutes(graph, [point], reachable, () => 'maybe').leaves) raises.add(pointNodes[point]!)
  }
  for (let at = incomingStarts[G.NORMAL_EXIT]!; at < incomingStarts[G.NORMAL_EXIT + 1]!; at++) {
    const edge = incoming[at]!
    const source = edgeSources[edge]!
    if (edgeKinds[edge] !== G.RETURN_EDGE && reachable[source] === 1) fallsOff.add(pointNodes[source]!)
  }
  const nodes = (found: ReadonlySet<number>) => [...found].sort((a, b) => a - b).map((node) => tree.node(node) as PythonNode)
  return {
    returns: nodes(returns),
    raises: nodes(raises) as RaiseStatementNode[],
    fallsOff: nodes(fallsOff),
    canRaise: reachable[G.RAISE_EXIT] === 1,
  }
}

/** Whether a return gets through all `finally` blocks around it. */
function returnLeaves(graph: FlowGraph, point: number, reachable: Uint8Array): boolean {
  const { edgeTargets, pointRoles, pointPartners } = graph
  let at = point
  while (at !== G.NORMAL_EXIT) {
    const edge = edgeOfKind(graph, at, G.RETURN_EDGE)
    if (edge < 0) return false
    at = edgeTargets[edge]!
    if (pointRoles[at] === G.FINALLY) at = pointPartners[at]!
    if (reachable[at] === 0) return false
  }
  return true
}

function raisesOnPurpose({ edgeStarts, edgeReasons }: FlowGraph, point: number): boolean {
  for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
    if ((edgeReasons[edge]! & G.BY_RAISE) !== 0) return true
  }
  return false
}

/** Whether such a point takes over a return or an exception from elsewhere. */
function runsOnTheWayOut(role: number): boolean {
  return role === G.FINALLY_END || role === G.WITH_EXIT || role === G.UNBIND
}

function edgeOfKind({ edgeStarts, edgeKinds }: FlowGraph, point: number, kind: number): number {
  for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) if (edgeKinds[edge] === kind) return edge
  return -1
}
