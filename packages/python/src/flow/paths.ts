import type { PythonNode } from '../syntax/node.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { placesOf } from './place.ts'
import { FOUND, GO_ON, search, STOP } from './search.ts'
import type { Assuming, Beginning, Visit } from './search.ts'
import { FlowEdge, FlowPoint } from './views.ts'
import type { FlowViews } from './views.ts'

/** One place or several: nodes of the code, or points of the graph. */
export type Where = PythonNode | FlowPoint | readonly (PythonNode | FlowPoint)[]

/** The ends of a function: `exit` is any, `normal-exit` by return or at the end of the body, `raise-exit` by an exception. */
export type Exit = 'exit' | 'normal-exit' | 'raise-exit'

/** Which ways a path may take. */
export interface PathOptions {
  /** Places that the path does not come to. A place where it begins does not count, unless it comes there again. */
  readonly avoiding?: Where | ((point: FlowPoint) => boolean)
  /**
   * Which exceptions can be raised: `all` (default); `errors`, leaving out what can only be an interrupt or the like that passes `except Exception`;
   * `none`; or those of which the function says so. An exception that is on its way when the path begins goes on in any case.
   */
  readonly exceptions?: 'all' | 'errors' | 'none' | ((edge: FlowEdge) => boolean)
  /** Whether the path may go into the next round of a loop; default true. */
  readonly nextRounds?: boolean
  /**
   * Whether the path must not contradict itself: a test of an unchanged name has the same outcome each time, and that of a name which was assigned a
   * constant follows from it. Costs more; where very many ways meet, some are not found. Default false.
   */
  readonly consistent?: boolean
  /** Whether a way may be taken; asked after the options above. */
  readonly edges?: (edge: FlowEdge) => boolean
  /**
   * How the place is left where the path begins: when it has `completed` (default; for what never completes, such as `raise`: when it has raised),
   * when it has `raised`, or in `any` way.
   */
  readonly outcome?: 'completed' | 'raised' | 'any'
}

/** A way through the code. */
export class FlowPath {
  /** The ways taken, one after the other. Empty if the path ends where it begins. */
  readonly edges: readonly FlowEdge[]
  readonly end: FlowPoint

  constructor(edges: readonly FlowEdge[], end: FlowPoint) {
    this.edges = edges
    this.end = end
  }

  /** The nodes that the path comes to after its beginning, in order, each once in a row; without the exits. */
  get nodes(): readonly PythonNode[] {
    const nodes: PythonNode[] = []
    for (const { target } of this.edges) {
      if (target.index !== G.NORMAL_EXIT && target.index !== G.RAISE_EXIT && nodes.at(-1) !== target.node) nodes.push(target.node)
    }
    return nodes
  }

  /** The first node that raises on the path, or `null`. */
  get raisedBy(): PythonNode | null {
    return this.edges.find(({ kind }) => kind === 'exception')?.source.node ?? null
  }

  /** The conditions, loops and clauses that decide for the path, with the way they decide. */
  get decisions(): readonly FlowEdge[] {
    return this.edges.filter(({ decider }) => decider !== null)
  }
}

/** What path queries need of a flow. */
export interface PathContext {
  readonly graph: FlowGraph
  readonly views: FlowViews
  /** Made when it is first needed. */
  readonly assumptions: () => Assuming
}

/** A shortest path, or `null` if there is none. */
export function findPath(context: PathContext, from: Where | 'entry', to: Where | Exit, options: PathOptions = {}): FlowPath | null {
  const { graph, views } = context
  const isTarget = pointTest(views, to)
  const isAvoided = options.avoiding === undefined ? () => false : pointTest(views, options.avoiding)
  const visit = (point: number) => {
    if (isAvoided(point)) return STOP
    return isTarget(point) ? FOUND : GO_ON
  }
  return searchPath(context, visit, beginning(graph, from, options.outcome), options)
}

/** A shortest path to a point at which `visit` finds what it looks for. */
export function searchPath(context: PathContext, visit: (point: number) => Visit, begin: Beginning, options: PathOptions): FlowPath | null {
  const { graph, views } = context
  const assuming = options.consistent ? context.assumptions() : undefined
  const found = search({ graph, visit, allows: edgeTest(views, options), assuming }, begin)
  if (!found) return null
  return new FlowPath(
    found.edges.map((edge) => views.edge(edge)),
    views.point(found.point),
  )
}

/** The points in which a path begins, and the edges by which it leaves the points that it begins behind. */
export function beginning(graph: FlowGraph, from: Where | 'entry', outcome: PathOptions['outcome'] = 'completed'): Beginning {
  const starts: number[] = []
  const edges: number[] = []
  if (from === 'entry') {
    starts.push(G.ENTRY)
  } else {
    for (const item of listOf(from)) {
      const places = item instanceof FlowPoint ? { points: [item.index], isBefore: false } : placesOf(graph, item.index)
      if (places.isBefore) starts.push(...places.points)
      else for (const point of places.points) edges.push(...edgesAfter(graph, point, outcome))
    }
  }
  return { starts, edges }
}

/** Tells the points that are meant. */
export function pointTest(views: FlowViews, where: Where | Exit | ((point: FlowPoint) => boolean)): (point: number) => boolean {
  if (typeof where === 'function') return (point) => where(views.point(point))
  if (where === 'exit') return (point) => point === G.NORMAL_EXIT || point === G.RAISE_EXIT
  if (where === 'normal-exit') return (point) => point === G.NORMAL_EXIT
  if (where === 'raise-exit') return (point) => point === G.RAISE_EXIT
  const points = new Set(pointsAt(views.graph, where))
  return (point) => points.has(point)
}

/** The points of some places. */
export function pointsAt(graph: FlowGraph, where: Where): readonly number[] {
  return listOf(where).flatMap((item) => (item instanceof FlowPoint ? [item.index] : placesOf(graph, item.index).points))
}

/** Tells the edges that may be taken. */
export function edgeTest(views: FlowViews, { exceptions = 'all', nextRounds = true, edges }: PathOptions): (edge: number) => boolean {
  const { graph } = views
  const { edgeKinds, edgeReasons } = graph
  return (edge) => {
    if (!nextRounds && G.isBackEdge(graph, edge)) return false
    if (exceptions !== 'all' && edgeReasons[edge] !== 0) {
      if (exceptions === 'errors') {
        if (edgeReasons[edge] === G.BASE_EXCEPTION) return false
      } else if (edgeKinds[edge] === G.EXCEPTION_EDGE) {
        if (exceptions === 'none' || !exceptions(views.edge(edge))) return false
      }
    }
    return edges === undefined || edges(views.edge(edge))
  }
}

function edgesAfter({ edgeStarts, edgeKinds }: FlowGraph, point: number, outcome: PathOptions['outcome']): number[] {
  const raised: number[] = []
  const completed: number[] = []
  for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
    if (edgeKinds[edge] === G.EXCEPTION_EDGE) raised.push(edge)
    else completed.push(edge)
  }
  if (outcome === 'any') return [...completed, ...raised]
  return outcome === 'raised' || completed.length === 0 ? raised : completed
}

function listOf(where: Where): readonly (PythonNode | FlowPoint)[] {
  return Array.isArray(where) ? (where as readonly (PythonNode | FlowPoint)[]) : [where as PythonNode | FlowPoint]
}
