import type { FlatTree } from '@krait/core'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** A label that stands for the exit by exception. */
const OUT_BY_EXCEPTION = -1
/** The label of the edges that lead to whatever point comes next. */
export const NEXT = 0

/**
 * Writes a graph in the order of the source. Edges whose target is not known yet wait in a label: a chain of edges that can be appended to
 * another label in constant time.
 */
export class GraphWriter {
  readonly #tree: FlatTree
  readonly #root: number
  readonly #pointNodes: number[] = []
  readonly #pointRoles: number[] = []
  readonly #pointPartners: number[] = []
  readonly #placeAt: Int32Array
  readonly #placePoints: number[] = []
  readonly #nextPlaces: number[] = []
  readonly #edgeSources: number[] = []
  readonly #edgeTargets: number[] = []
  readonly #edgeKinds: number[] = []
  readonly #edgeNodes: number[] = []
  readonly #edgeReasons: number[] = []
  /** The next edge in the same label. */
  readonly #chain: number[] = []
  readonly #heads: number[] = [-1]
  readonly #tails: number[] = [-1]
  readonly #labelReasons: number[] = [0]

  /** What the evaluation since the last point may raise: bits of the reasons. The next point takes them over. */
  pendingReasons = 0
  /** Whether something was evaluated since the last point that has a place before the next one. */
  #hasPendingPlaces = false
  /** Where the exceptions of the next points lead. */
  exceptionLabel = OUT_BY_EXCEPTION
  lastPoint = G.ENTRY

  constructor(tree: FlatTree, root: number) {
    this.#tree = tree
    this.#root = root
    this.#placeAt = new Int32Array(tree.next[root]! - root)
    this.mappedPoint(root, G.ENTRY_ROLE)
    this.#addPoint(root, G.NORMAL_EXIT_ROLE)
    this.#addPoint(root, G.RAISE_EXIT_ROLE)
  }

  /** The number of the next point. */
  get pointCount(): number {
    return this.#pointNodes.length
  }

  /** Whether the next point is reached by any edge. */
  get isOpen(): boolean {
    return this.#heads[NEXT]! >= 0
  }

  newLabel(): number {
    this.#labelReasons.push(0)
    this.#tails.push(-1)
    return this.#heads.push(-1) - 1
  }

  isEmpty(label: number): boolean {
    return this.#heads[label]! < 0
  }

  /** All that the edges waiting in a label may carry. */
  reasonsIn(label: number): number {
    let reasons = 0
    for (let edge = this.#heads[label]!; edge >= 0; edge = this.#chain[edge]!) reasons |= this.#edgeReasons[edge]!
    return reasons
  }

  /**
   * A new point that comes next. It takes over the pending reasons and goes on normally.
   * @param completes False if nothing follows normally.
   */
  point(node: number, role: number, completes = true): number {
    const point = this.#addPoint(node, role)
    this.lastPoint = point
    this.#hasPendingPlaces = false
    this.landAt(NEXT, point)
    if (completes) this.edge(point, G.NORMAL_EDGE, -1, NEXT)
    if (this.pendingReasons !== 0) {
      this.edge(point, G.EXCEPTION_EDGE, -1, this.exceptionLabel, this.pendingReasons)
      this.pendingReasons = 0
    }
    return point
  }

  /** A point that can be found by its node. */
  mappedPoint(node: number, role: number, completes = true): number {
    const point = this.point(node, role, completes)
    this.map(node, point)
    return point
  }

  /** Lets a node be found by a point. A node can have several, and a point several nodes. */
  map(node: number, point: number): void {
    this.#addPlace(node, point)
  }

  /** Lets a node without a point of its own be found: it is evaluated right before the next point. */
  placeBefore(node: number): void {
    this.#addPlace(node, ~this.pointCount)
    this.#hasPendingPlaces = true
  }

  setPartner(point: number, partner: number): void {
    this.#pointPartners[point] = partner
  }

  /** Whether the last point is that of the node, and nothing has happened since. */
  endsWith(node: number): boolean {
    return this.#pointNodes[this.lastPoint] === node && this.pendingReasons === 0 && !this.#hasPendingPlaces && this.#comesFromLastPoint()
  }

  /** Makes the last point decide: its way on becomes `kind` to `label`, and a second one, `otherKind` to `otherLabel`, is added. */
  branch(kind: number, label: number, otherKind: number, otherLabel: number, node: number, otherReasons = 0): void {
    const edge = this.#heads[NEXT]!
    if (edge < 0) return
    this.#edgeKinds[edge] = kind
    this.#edgeNodes[edge] = node
    this.moveCurrentTo(label)
    this.edge(this.lastPoint, otherKind, node, otherLabel, otherReasons)
  }

  /** Turns the way on from the last point into another kind. */
  relabel(kind: number, node = -1, reasons = 0): void {
    const edge = this.#heads[NEXT]!
    if (edge < 0) return
    this.#edgeKinds[edge] = kind
    this.#edgeNodes[edge] = node
    this.#edgeReasons[edge] = reasons
  }

  /** Adds an edge that waits in a label. */
  edge(from: number, kind: number, node: number, label: number, reasons = 0): void {
    const edge = this.#addEdge(from, kind, node, reasons)
    if (label === OUT_BY_EXCEPTION) {
      this.#edgeTargets[edge] = G.RAISE_EXIT
      return
    }
    this.#chain[edge] = this.#heads[label]!
    if (this.#heads[label]! < 0) this.#tails[label] = edge
    this.#heads[label] = edge
  }

  /** What waits in `label` leads to the next point too. */
  bind(label: number): void {
    this.#append(label, NEXT)
    this.pendingReasons |= this.#labelReasons[label]!
    this.#labelReasons[label] = 0
  }

  /** What would lead to the next point waits in `label` from now on. */
  moveCurrentTo(label: number): void {
    if (label === OUT_BY_EXCEPTION) {
      this.landAt(NEXT, G.RAISE_EXIT)
      return
    }
    if (label === NEXT) return
    this.#append(NEXT, label)
    this.#labelReasons[label] = this.#labelReasons[label]! | this.pendingReasons
    this.pendingReasons = 0
  }

  /** Leads what waits in `label` to a point that exists already. */
  landAt(label: number, point: number): void {
    for (let edge = this.#heads[label]!; edge >= 0; edge = this.#chain[edge]!) this.#edgeTargets[edge] = point
    this.#heads[label] = -1
    this.#tails[label] = -1
  }

  /** The finished graph. */
  finish(): FlowGraph {
    const pointCount = this.#pointNodes.length
    const unfinished = this.#edgeTargets.indexOf(-1)
    if (unfinished >= 0) throw new Error(`flow: an edge of the point at node ${this.#pointNodes[this.#edgeSources[unfinished]!]} leads nowhere`)
    const order = countingSort(this.#edgeSources, pointCount)
    const edgeTargets = pick(this.#edgeTargets, order.items)
    const byTarget = countingSort(edgeTargets, pointCount)
    return {
      tree: this.#tree,
      root: this.#root,
      pointCount,
      pointNodes: new Int32Array(this.#pointNodes),
      pointRoles: new Uint8Array(this.#pointRoles),
      pointPartners: new Int32Array(this.#pointPartners),
      placeAt: this.#placeAt,
      placePoints: new Int32Array(this.#placePoints),
      nextPlaces: new Int32Array(this.#nextPlaces),
      edgeCount: this.#edgeSources.length,
      edgeStarts: order.starts,
      edgeSources: pick(this.#edgeSources, order.items),
      edgeTargets,
      edgeKinds: new Uint8Array(pick(this.#edgeKinds, order.items)),
      edgeNodes: pick(this.#edgeNodes, order.items),
      edgeReasons: pick(this.#edgeReasons, order.items),
      incomingStarts: byTarget.starts,
      incoming: byTarget.items,
    }
  }

  #comesFromLastPoint(): boolean {
    const edge = this.#heads[NEXT]!
    return edge < 0 || (edge === this.#tails[NEXT] && this.#edgeSources[edge] === this.lastPoint && this.#edgeKinds[edge] === G.NORMAL_EDGE)
  }

  #append(from: number, to: number): void {
    const head = this.#heads[from]!
    if (head < 0) return
    if (this.#heads[to]! < 0) this.#heads[to] = head
    else this.#chain[this.#tails[to]!] = head
    this.#tails[to] = this.#tails[from]!
    this.#heads[from] = -1
    this.#tails[from] = -1
  }

  #addPoint(node: number, role: number): number {
    this.#pointRoles.push(role)
    this.#pointPartners.push(-1)
    return this.#pointNodes.push(node) - 1
  }

  /** Appends a place to those of a node, behind its first one: the order of the others does not matter. */
  #addPlace(node: number, place: number): void {
    const slot = node - this.#root
    const index = this.#placePoints.push(place) - 1
    const first = this.#placeAt[slot]! - 1
    if (first < 0) {
      this.#placeAt[slot] = index + 1
      this.#nextPlaces.push(-1)
    } else {
      this.#nextPlaces.push(this.#nextPlaces[first]!)
      this.#nextPlaces[first] = index
    }
  }

  #addEdge(from: number, kind: number, node: number, reasons: number): number {
    this.#edgeTargets.push(-1)
    this.#edgeKinds.push(kind)
    this.#edgeNodes.push(node)
    this.#edgeReasons.push(reasons)
    this.#chain.push(-1)
    return this.#edgeSources.push(from) - 1
  }
}

function pick(column: readonly number[], positions: Int32Array): Int32Array {
  const picked = new Int32Array(positions.length)
  for (let i = 0; i < positions.length; i++) picked[i] = column[positions[i]!]!
  return picked
}

/** The positions of the keys, grouped by key and stable within a group. */
function countingSort(keys: ArrayLike<number>, keyCount: number): { starts: Int32Array; items: Int32Array } {
  const starts = new Int32Array(keyCount + 1)
  for (let i = 0; i < keys.length; i++) starts[keys[i]! + 1]!++
  for (let key = 0; key < keyCount; key++) starts[key + 1]! += starts[key]!
  const places = starts.slice()
  const items = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) items[places[keys[i]!]!++] = i
  return { starts, items }
}
