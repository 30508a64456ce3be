import type { ExceptClauseNode, IdentifierNode, ModuleNode } from '../generated/nodes.ts'
import type { Binding, Definition, ScopeNode, Scopes } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { Assumptions } from './assumptions.ts'
import { Decisions } from './decisions.ts'
import type { DecidedTest } from './decisions.ts'
import { DominatorTree } from './dominators.ts'
import { exceptionRoutes, pointsInside } from './exceptions.ts'
import type { Catches, ExceptionRoutes } from './exceptions.ts'
import { findExits } from './exits.ts'
import type { FlowExits } from './exits.ts'
import type { FileNames } from './file-names.ts'
import * as G from './graph.ts'
import type { FlowGraph, PointRole } from './graph.ts'
import { FlowNames } from './flow-names.ts'
import type { ReachedReads, ReachingDefinitions } from './flow-names.ts'
import { canReachNextRound, findLoops } from './loops.ts'
import type { FlowLoop } from './loops.ts'
import { findPath, pointsAt } from './paths.ts'
import type { Exit, FlowPath, PathContext, PathOptions, Where } from './paths.ts'
import { placesOf } from './place.ts'
import { FOUND, GO_ON, STOP, reachablePoints, search } from './search.ts'
import { FlowPoint, FlowViews } from './views.ts'
import type { FlowEdge } from './views.ts'

/** What every path from one place to another must go through; see `Flow.everyPath`. */
export interface EveryPathQuery extends Omit<PathOptions, 'avoiding'> {
  readonly from: Where | 'entry'
  readonly to: Where | Exit
  readonly through: Where | ((point: FlowPoint) => boolean)
}

/**
 * The control flow of one module, class body, function or lambda. Functions, classes and lambdas inside it are executed at other times and have
 * a flow of their own.
 *
 * Code consists of points, where something happens. Calls, `await`, `yield`, assignments, tests and simple statements are points, and happen when their
 * parts have been evaluated. Compound statements have a point at their beginning; so have handlers, cases and `finally` clauses. Any other expression
 * (a name, an attribute, an operator) belongs to the point that comes next. What stands in a `finally` has one point for each way through it.
 *
 * Queries take nodes of this code or points of this flow, and throw a `RangeError` for a node that is not part of it. "Path" means a way that control may
 * take as far as the shape of the code tells; with `consistent`, conditions are compared with each other.
 */
export class Flow {
  /** The graph as columns of numbers, for code that must be fast. */
  readonly graph: FlowGraph
  readonly #views: FlowViews
  readonly #paths: PathContext
  readonly #files: FileNames
  readonly #scopes: Scopes
  #points: readonly FlowPoint[] | undefined
  #reachable: Uint8Array | undefined
  #tree: DominatorTree | undefined
  #names: FlowNames | undefined
  #assumptions: Assumptions | undefined
  #loops: readonly FlowLoop[] | undefined
  #exits: FlowExits | undefined
  #decisions: Decisions | undefined

  constructor(graph: FlowGraph, files: FileNames, scopes: Scopes) {
    this.graph = graph
    this.#files = files
    this.#scopes = scopes
    this.#views = new FlowViews(graph)
    this.#paths = {
      graph,
      views: this.#views,
      assumptions: () => (this.#assumptions ??= new Assumptions(graph, this.#flowNames.boundAt())),
    }
  }

  /** The node whose code this is. */
  get node(): ModuleNode | ScopeNode {
    return this.graph.tree.node(this.graph.root) as ModuleNode | ScopeNode
  }

  /** All points, in the order of the source. */
  get points(): readonly FlowPoint[] {
    return (this.#points ??= Array.from({ length: this.graph.pointCount }, (_, index) => this.#views.point(index)))
  }

  get entry(): FlowPoint {
    return this.#views.point(G.ENTRY)
  }

  /** Where control arrives that returns or reaches the end. */
  get normalExit(): FlowPoint {
    return this.#views.point(G.NORMAL_EXIT)
  }

  /** Where an exception arrives that nobody handles. */
  get raiseExit(): FlowPoint {
    return this.#views.point(G.RAISE_EXIT)
  }

  /** The points at which a node is evaluated or, if it has none, the ones it belongs to. */
  pointsOf(node: PythonNode): readonly FlowPoint[] {
    return placesOf(this.graph, node.index).points.map((point) => this.#views.point(point))
  }

  /** The points of a role, say where a `with` item is left: `pointsInRole('with-exit', item)`. @param node leave it out for all of them */
  pointsInRole(role: PointRole, node?: PythonNode): readonly FlowPoint[] {
    return this.points.filter((point) => point.role === role && (node === undefined || point.node === node))
  }

  /** Which points can be reached: 1 by point number. */
  get reachable(): Uint8Array {
    return (this.#reachable ??= reachablePoints(this.graph))
  }

  /** Whether control can come to a place. For a block, whether it can come to its beginning. */
  isReachable(place: PythonNode | FlowPoint): boolean {
    return pointsAt(this.graph, place).some((point) => this.reachable[point] === 1)
  }

  /**
   * Whether control comes to `node` only by way of `other`. A place dominates itself, and everything dominates what can not be reached. Of two nodes at
   * the same point, such as the arguments of one call, each dominates the other, and both the call.
   */
  dominates(other: PythonNode | FlowPoint, node: PythonNode | FlowPoint): boolean {
    if (other === node) return true
    const dominators = pointsAt(this.graph, other)
    const reached = pointsAt(this.graph, node).filter((point) => this.reachable[point] === 1)
    const shared = this.#isEvaluatedBefore(node, other) ? dominators : []
    if (dominators.length === 1) return reached.every((point) => !shared.includes(point) && this.#dominatorTree.dominates(dominators[0]!, point))
    const all = new Set(dominators)
    const targets = new Set(reached)
    const visit = (point: number) => {
      if (targets.has(point) && (!all.has(point) || shared.includes(point))) return FOUND
      return all.has(point) ? STOP : GO_ON
    }
    return search({ graph: this.graph, visit, allows: () => true }, { starts: [G.ENTRY], edges: [] }) === null
  }

  /**
   * The decisions that control has taken in any case when it comes to a place, the last one first: the branch of a test, the match of a handler or `case`,
   * a round of a loop. Names in a test can have been bound anew since: compare what `definitionsOf` says of them.
   */
  decisionsBefore(place: PythonNode | FlowPoint): readonly FlowEdge[] {
    const point = this.#onlyPointOf(place)
    return point < 0 ? [] : Array.from(this.#flowDecisions.before(point), (edge) => this.#views.edge(edge))
  }

  /** The tests among `decisionsBefore`, the last one first. */
  testsBefore(place: PythonNode | FlowPoint): Iterable<DecidedTest> {
    const point = this.#onlyPointOf(place)
    return point < 0 ? [] : this.#flowDecisions.testsBefore(point)
  }

  /**
   * Whether every path from `node` to the exits goes through `other`. True also if no path leads there. A place post-dominates itself.
   * @param exits `exit` (default) for all, `normal-exit` or `raise-exit` for one of them
   */
  postDominates(other: PythonNode | FlowPoint, node: PythonNode | FlowPoint, exits: Exit = 'exit'): boolean {
    return other === node || this.everyPath({ from: node, to: exits, through: other, outcome: 'any' })
  }

  /**
   * Whether a path leads from one place to another. The beginning of the path does not count, so that a place reaches itself in a loop only.
   * @param from a place, behind which the path begins; `entry` for the beginning of the code
   */
  canReach(from: Where | 'entry', to: Where | Exit, options: PathOptions = {}): boolean {
    return this.findPath(from, to, options) !== null
  }

  /** As `canReach`, with a shortest path, say to name it in a message. */
  findPath(from: Where | 'entry', to: Where | Exit, options: PathOptions = {}): FlowPath | null {
    return findPath(this.#paths, from, to, options)
  }

  /**
   * Whether control that has left `from` can come to `to` only by way of `through`. True also if it can not come there at all: ask `canReach` where that
   * matters. Coming to a place counts, also if what happens there raises.
   */
  everyPath({ from, to, through, ...options }: EveryPathQuery): boolean {
    return this.findPath(from, to, { ...options, avoiding: through }) === null
  }

  /** The loops, in the order of the source: `for`, `while`, and the `for`s of comprehensions. */
  get loops(): readonly FlowLoop[] {
    return (this.#loops ??= findLoops(this.#views))
  }

  /** The loop that a statement or clause makes; `null` for other nodes. */
  loopOf(node: PythonNode): FlowLoop | null {
    return this.loops.find((loop) => loop.node === node) ?? null
  }

  /** The loops in whose rounds a place is, from the innermost outwards. */
  loopsAround(place: PythonNode | FlowPoint): readonly FlowLoop[] {
    const points = pointsAt(this.graph, place).map((point) => this.#views.point(point))
    return this.loops.filter((loop) => points.some((point) => loop.contains(point))).reverse()
  }

  /** Whether a path leads from a place inside a loop, say a handler, to the next round of this very loop, without leaving it in between. */
  canReachNextRound(from: Where, loop: FlowLoop, options: PathOptions = {}): boolean {
    return canReachNextRound(this.#paths, from, loop, options)
  }

  /**
   * Where an exception can go that is raised by a node or inside it.
   * @param catches tells which clauses catch it; without it, each may
   */
  exceptionRoutes(node: PythonNode | FlowPoint, catches: Catches = maybe): ExceptionRoutes {
    const inside = node instanceof FlowPoint ? [node.index] : pointsInside(this.graph, node.index)
    const points = inside.length > 0 ? inside : pointsAt(this.graph, node)
    return exceptionRoutes(this.graph, points, this.reachable, catches)
  }

  /** How the code can end. */
  get exits(): FlowExits {
    return (this.#exits ??= findExits(this.graph, this.reachable))
  }

  /** The definitions whose value an identifier may read; see `ReachingDefinitions`. */
  definitionsOf(name: IdentifierNode): ReachingDefinitions {
    return this.#flowNames.definitionsOf(name)
  }

  /** The definitions whose value a name may have when control comes to a place. */
  definitionsAt(binding: Binding, place: PythonNode | FlowPoint): ReachingDefinitions {
    return this.#flowNames.definitionsAt(binding, pointsAt(this.graph, place))
  }

  /** The identifiers that may read the value which a definition of this code gives; see `ReachedReads`. */
  readsOf(definition: Definition): ReachedReads {
    return this.#flowNames.readsOf(definition)
  }

  /**
   * Whether a name has been assigned when an identifier reads it: on `every` path there, on `some`, or on `no` path. Names that other code binds are
   * taken to be assigned, and so are those in code that can not be reached.
   */
  assignedBefore(name: IdentifierNode): 'every' | 'some' | 'no' {
    const { definitions, unbound, elsewhere } = this.definitionsOf(name)
    if (!unbound) return 'every'
    return definitions.length > 0 || elsewhere ? 'some' : 'no'
  }

  /**
   * A path on which an identifier is read without a value, or `null`. It begins at the entry or where the name is deleted. With `consistent`, this is more
   * exact than `assignedBefore`.
   */
  findUnboundPath(name: IdentifierNode, options: PathOptions = {}): FlowPath | null {
    return this.#flowNames.findUnboundPath(this.#paths, name, options)
  }

  /** Whether the value that a name has behind a place may be read later, here or by other code. */
  isReadAfter(place: Where, binding: Binding, options: PathOptions = {}): boolean {
    return this.#flowNames.isReadAfter(this.#paths, place, binding, options)
  }

  get #flowDecisions(): Decisions {
    return (this.#decisions ??= new Decisions(this.graph, this.#dominatorTree))
  }

  get #dominatorTree(): DominatorTree {
    return (this.#tree ??= dominatorTree(this.graph))
  }

  get #flowNames(): FlowNames {
    return (this.#names ??= new FlowNames(this.graph, this.#dominatorTree, this.#files, this.#scopes))
  }

  /** The point of a place; -1 if control comes there in several ways through a `finally`, or not at all. */
  #onlyPointOf(place: PythonNode | FlowPoint): number {
    const points = pointsAt(this.graph, place).filter((point) => this.reachable[point] === 1)
    return points.length === 1 ? points[0]! : -1
  }

  /** Whether a node without a point belongs to a point that is the other one's own. */
  #isEvaluatedBefore(node: PythonNode | FlowPoint, other: PythonNode | FlowPoint): boolean {
    if (node instanceof FlowPoint || !placesOf(this.graph, node.index).isBefore) return false
    return other instanceof FlowPoint || !placesOf(this.graph, other.index).isBefore
  }
}

const maybe = (_clause: ExceptClauseNode) => 'maybe' as const

function dominatorTree(graph: FlowGraph): DominatorTree {
  const { pointCount, edgeStarts, edgeTargets, edgeSources, incomingStarts, incoming } = graph
  return new DominatorTree(
    {
      size: pointCount,
      successorStarts: edgeStarts,
      successors: edgeTargets,
      predecessorStarts: incomingStarts,
      predecessors: incoming.map((edge) => edgeSources[edge]!),
    },
    G.ENTRY,
  )
}
