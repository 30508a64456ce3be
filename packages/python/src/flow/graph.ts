import type { FlatTree } from '@krait/core'

/** What a point stands for; the position is the number in `FlowGraph.pointRoles`. */
export const POINT_ROLES = [
  'entry',
  'normal-exit',
  'raise-exit',
  'statement',
  'expression',
  'test',
  'loop',
  'bind',
  'except-test',
  'except',
  'case-test',
  'case',
  'finally',
  'finally-end',
  'with-enter',
  'with-exit',
  'unbind',
  'assert-failure',
] as const
export type PointRole = (typeof POINT_ROLES)[number]
export const ENTRY_ROLE = 0
export const NORMAL_EXIT_ROLE = 1
export const RAISE_EXIT_ROLE = 2
export const STATEMENT = 3
export const EXPRESSION = 4
export const TEST = 5
export const LOOP = 6
export const BIND = 7
export const EXCEPT_TEST = 8
export const EXCEPT = 9
export const CASE_TEST = 10
export const CASE = 11
export const FINALLY = 12
export const FINALLY_END = 13
export const WITH_ENTER = 14
export const WITH_EXIT = 15
export const UNBIND = 16
export const ASSERT_FAILURE = 17

/** How control passes from one point to the next; the position is the number in `FlowGraph.edgeKinds`. */
export const EDGE_KINDS = [
  'normal',
  'true',
  'false',
  'exception',
  'iterate',
  'exhausted',
  'match',
  'no-match',
  'return',
  'break',
  'continue',
  'unwind',
  'swallow',
] as const
export type EdgeKind = (typeof EDGE_KINDS)[number]
export const NORMAL_EDGE = 0
export const TRUE_EDGE = 1
export const FALSE_EDGE = 2
export const EXCEPTION_EDGE = 3
export const ITERATE_EDGE = 4
export const EXHAUSTED_EDGE = 5
export const MATCH_EDGE = 6
export const NO_MATCH_EDGE = 7
export const RETURN_EDGE = 8
export const BREAK_EDGE = 9
export const CONTINUE_EDGE = 10
export const UNWIND_EDGE = 11
export const SWALLOW_EDGE = 12

/** Why a point may raise; the position is the bit in `FlowGraph.edgeReasons`. */
export const RAISE_REASONS = [
  'call',
  'await',
  'yield',
  'attribute',
  'subscript',
  'operator',
  'unpacking',
  'iteration',
  'import',
  'raise',
  'assert',
  'with-enter',
  'with-exit',
  'definition',
  'name',
  'unmatched',
  'base-exception',
] as const
export type RaiseReason = (typeof RAISE_REASONS)[number]
export const BY_CALL = 1 << 0
export const BY_AWAIT = 1 << 1
export const BY_YIELD = 1 << 2
export const BY_ATTRIBUTE = 1 << 3
export const BY_SUBSCRIPT = 1 << 4
export const BY_OPERATOR = 1 << 5
export const BY_UNPACKING = 1 << 6
export const BY_ITERATION = 1 << 7
export const BY_IMPORT = 1 << 8
export const BY_RAISE = 1 << 9
export const BY_ASSERT = 1 << 10
export const BY_WITH_ENTER = 1 << 11
export const BY_WITH_EXIT = 1 << 12
export const BY_DEFINITION = 1 << 13
export const BY_NAME = 1 << 14
export const UNMATCHED = 1 << 15
export const BASE_EXCEPTION = 1 << 16

/** The numbers of the first three points of every graph. */
export const ENTRY = 0
export const NORMAL_EXIT = 1
export const RAISE_EXIT = 2

/**
 * The control flow of one function, lambda, class body or module as columns of numbers.
 *
 * A point is where something happens: a call, a test, a statement. Points are numbered in the order of the source, so that every edge leads
 * to a higher number, except those to the two exits and those that go back to the head of a loop. What stands in a `finally` has one point
 * for each way through it.
 *
 * A point at which a name is bound or unbound never raises: what may fail before it is a point of its own.
 */
export interface FlowGraph {
  readonly tree: FlatTree
  /** The node whose code this is. */
  readonly root: number
  readonly pointCount: number
  /** The node of each point. */
  readonly pointNodes: Int32Array
  readonly pointRoles: Uint8Array
  /**
   * For a `finally` point its `finally-end`, and the other way round. For the head of a loop, the number behind the last point of its body. -1 for
   * all others.
   */
  readonly pointPartners: Int32Array
  /** First place + 1 by node index less `root`; 0 for nodes without a place of their own. */
  readonly placeAt: Int32Array
  /** For each place of a node its point; `~point` if the node has no point, but is evaluated right before this one. */
  readonly placePoints: Int32Array
  /** The next place of the same node, or -1. */
  readonly nextPlaces: Int32Array
  readonly edgeCount: number
  /** Edges are sorted by the point they leave: those of point `p` are `edgeStarts[p]` up to, not including, `edgeStarts[p + 1]`. */
  readonly edgeStarts: Int32Array
  readonly edgeSources: Int32Array
  readonly edgeTargets: Int32Array
  readonly edgeKinds: Uint8Array
  /** The condition, clause or loop that decides, or -1. */
  readonly edgeNodes: Int32Array
  /** Bits of `RAISE_REASONS`; 0 for edges that carry no exception. */
  readonly edgeReasons: Int32Array
  /** `incoming[incomingStarts[p]]` up to `incomingStarts[p + 1]` are the edges that lead to point `p`. */
  readonly incomingStarts: Int32Array
  readonly incoming: Int32Array
}

/** Whether a point is where the rounds of a loop begin. */
export function isLoopHead(graph: FlowGraph, point: number): boolean {
  return graph.pointRoles[point] === LOOP && graph.pointPartners[point]! >= 0
}

/** Whether an edge goes back to the head of a loop. */
export function isBackEdge(graph: FlowGraph, edge: number): boolean {
  const target = graph.edgeTargets[edge]!
  return graph.pointRoles[target] === LOOP && graph.edgeSources[edge]! >= target
}

/** The names of the reasons whose bits are set. */
export function reasonNames(mask: number): readonly RaiseReason[] {
  return RAISE_REASONS.filter((_, bit) => (mask & (1 << bit)) !== 0)
}
