import type { PythonNode } from '../syntax/node.ts'
import * as G from './graph.ts'
import type { EdgeKind, FlowGraph, PointRole, RaiseReason } from './graph.ts'

/** A place in the code where something happens. There is one object per point, so `===` works. */
export class FlowPoint {
  readonly #views: FlowViews
  /** The number of the point in the graph. */
  readonly index: number

  constructor(views: FlowViews, index: number) {
    this.#views = views
    this.index = index
  }

  get role(): PointRole {
    return G.POINT_ROLES[this.#views.graph.pointRoles[this.index]!]!
  }

  /** The node that is evaluated or executed here. Several points can have the same: the ways through a `finally`, entering and leaving a `with` item. */
  get node(): PythonNode {
    const { graph } = this.#views
    return graph.tree.node(graph.pointNodes[this.index]!) as PythonNode
  }

  /** The ways on from here. */
  get edges(): readonly FlowEdge[] {
    const { edgeStarts } = this.#views.graph
    const edges: FlowEdge[] = []
    for (let edge = edgeStarts[this.index]!; edge < edgeStarts[this.index + 1]!; edge++) edges.push(this.#views.edge(edge))
    return edges
  }
}

/** A way from one point to the next. */
export class FlowEdge {
  readonly #views: FlowViews
  /** The number of the edge in the graph. */
  readonly index: number

  constructor(views: FlowViews, index: number) {
    this.#views = views
    this.index = index
  }

  get kind(): EdgeKind {
    return G.EDGE_KINDS[this.#views.graph.edgeKinds[this.index]!]!
  }

  get source(): FlowPoint {
    return this.#views.point(this.#views.graph.edgeSources[this.index]!)
  }

  get target(): FlowPoint {
    return this.#views.point(this.#views.graph.edgeTargets[this.index]!)
  }

  /** The condition, loop or clause that decides for this way; `null` where nothing is decided. */
  get decider(): PythonNode | null {
    const { tree, edgeNodes } = this.#views.graph
    const node = edgeNodes[this.index]!
    return node < 0 ? null : (tree.node(node) as PythonNode)
  }

  /** For a way that carries an exception: what may have raised it. Empty for all others. */
  get reasons(): readonly RaiseReason[] {
    return G.reasonNames(this.#views.graph.edgeReasons[this.index]!)
  }

  /** Whether this way leads to the next round of a loop. */
  get isBackEdge(): boolean {
    return G.isBackEdge(this.#views.graph, this.index)
  }
}

/** The objects for points and edges of one graph, made when they are asked for. */
export class FlowViews {
  readonly graph: FlowGraph
  readonly #points: FlowPoint[] = []
  readonly #edges: FlowEdge[] = []

  constructor(graph: FlowGraph) {
    this.graph = graph
  }

  point(index: number): FlowPoint {
    return (this.#points[index] ??= new FlowPoint(this, index))
  }

  edge(index: number): FlowEdge {
    return (this.#edges[index] ??= new FlowEdge(this, index))
  }
}
