import type { ForInClauseNode, ForStatementNode, WhileStatementNode } from '../generated/nodes.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { beginning, edgeTest, pointTest } from './paths.ts'
import type { PathContext, PathOptions, Where } from './paths.ts'
import { FOUND, GO_ON, search, STOP } from './search.ts'
import type { FlowPoint, FlowViews } from './views.ts'

export type LoopNode = ForStatementNode | WhileStatementNode | ForInClauseNode

/** A loop, or one `for` of a comprehension. */
export class FlowLoop {
  readonly #graph: FlowGraph
  readonly node: LoopNode
  /** The nearest loop around it in the same function, or `null`. */
  readonly parent: FlowLoop | null
  /** Where the rounds begin; several points for a loop in a `finally`. */
  readonly heads: readonly FlowPoint[]

  constructor(graph: FlowGraph, node: LoopNode, parent: FlowLoop | null, heads: readonly FlowPoint[]) {
    this.#graph = graph
    this.node = node
    this.parent = parent
    this.heads = heads
  }

  /** Whether a point belongs to the rounds of the loop: to its test, its target, its body. Its `else` does not. */
  contains(point: FlowPoint): boolean {
    return this.heads.some(({ index }) => isInside(this.#graph, index, point.index))
  }

  /** Whether the loop can end without a jump or an exception: not `while True`. */
  get canEnd(): boolean {
    const { edgeStarts, edgeTargets, edgeKinds, pointPartners } = this.#graph
    return this.heads.some(({ index }) => {
      for (let edge = edgeStarts[index]!; edge < edgeStarts[pointPartners[index]!]!; edge++) {
        if (ENDS.has(edgeKinds[edge]!) && !isInside(this.#graph, index, edgeTargets[edge]!)) return true
      }
      return false
    })
  }
}

/** The kinds of edges by which a loop ends by itself. */
const ENDS: ReadonlySet<number> = new Set([G.EXHAUSTED_EDGE, G.TRUE_EDGE, G.FALSE_EDGE])

/** All loops, in the order of the source; a loop comes after the one around it. */
export function findLoops(views: FlowViews): readonly FlowLoop[] {
  const { graph } = views
  const headsByNode = new Map<number, FlowPoint[]>()
  const parents = new Map<number, number>()
  const open: number[] = []
  for (let point = 0; point < graph.pointCount; point++) {
    if (!G.isLoopHead(graph, point)) continue
    while (open.length > 0 && !isInside(graph, open.at(-1)!, point)) open.pop()
    const node = graph.pointNodes[point]!
    const heads = headsByNode.get(node)
    if (heads) heads.push(views.point(point))
    else headsByNode.set(node, [views.point(point)])
    if (open.length > 0) parents.set(node, graph.pointNodes[open.at(-1)!]!)
    open.push(point)
  }
  const loops = new Map<number, FlowLoop>()
  for (const [node, heads] of headsByNode) {
    const parent = loops.get(parents.get(node) ?? -1) ?? null
    loops.set(node, new FlowLoop(graph, graph.tree.node(node) as LoopNode, parent, heads))
  }
  return [...loops.values()]
}

/** Whether a path leads from a place to another round of the loop without leaving the loop. */
export function canReachNextRound(context: PathContext, from: Where, loop: FlowLoop, options: PathOptions): boolean {
  const { graph, views } = context
  const { edgeSources, edgeTargets } = graph
  const isAvoided = options.avoiding === undefined ? () => false : pointTest(views, options.avoiding)
  const allows = edgeTest(views, { ...options, nextRounds: true })
  const assuming = options.consistent ? context.assumptions() : undefined
  const { starts, edges } = beginning(graph, from, options.outcome)
  return loop.heads.some(({ index: head }) => {
    const isHere = (point: number) => isInside(graph, head, point)
    const visit = (point: number) => {
      if (point === head) return FOUND
      return isAvoided(point) ? STOP : GO_ON
    }
    // Inside the loop, the head is reached by the ways back only.
    const inside = { starts: starts.filter((point) => isHere(point) && point !== head), edges: edges.filter((edge) => isHere(edgeSources[edge]!)) }
    return search({ graph, visit, allows: (edge) => allows(edge) && isHere(edgeTargets[edge]!), assuming }, inside) !== null
  })
}

function isInside({ pointPartners }: FlowGraph, head: number, point: number): boolean {
  return point >= head && point < pointPartners[head]!
}
