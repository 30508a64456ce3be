import { NodeFlag } from '@krait/core'
import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** Where in a graph a node is evaluated. */
export interface Places {
  /** One point, or several for what stands in a `finally`. */
  readonly points: readonly number[]
  /** Whether the node is evaluated right before the points and has none of its own. */
  readonly isBefore: boolean
}

/**
 * Where a node is evaluated. For a node without a place: where the code of a block begins, and for an expression before the expression or
 * statement around it.
 */
export function placesOf(graph: FlowGraph, node: number): Places {
  const { tree, root } = graph
  if (node < root || node >= tree.next[root]!) throw new RangeError(`node ${node} is not part of the flow of node ${root}`)
  const own = listPlaces(graph, node) ?? placesOfBeginning(graph, node)
  if (own) return own
  for (let up = tree.parent[node]!; up >= root; up = tree.parent[up]!) {
    const places = listPlaces(graph, up)
    if (places) return { points: places.points, isBefore: true }
  }
  return { points: [G.ENTRY], isBefore: true }
}

/** The points that are the node's own; empty if there are none. */
export function ownPoints(graph: FlowGraph, node: number): readonly number[] {
  const places = listPlaces(graph, node)
  return places && !places.isBefore ? places.points : []
}

function listPlaces({ root, placeAt, placePoints, nextPlaces }: FlowGraph, node: number): Places | null {
  const own: number[] = []
  const before: number[] = []
  for (let place = placeAt[node - root]! - 1; place >= 0; place = nextPlaces[place]!) {
    const point = placePoints[place]!
    if (point >= 0) own.push(point)
    else before.push(~point)
  }
  if (own.length > 0) return { points: own, isBefore: false }
  return before.length > 0 ? { points: before, isBefore: true } : null
}

/** A block or clause begins with the first thing that is evaluated in it. */
function placesOfBeginning(graph: FlowGraph, node: number): Places | null {
  const { tree } = graph
  const { codes } = kindTableOf(tree.grammar)
  let first = node
  while (hasStatements(codes[tree.kind[first]!]!)) {
    let child = first + 1
    while (child < tree.next[first]! && !isBeginning(tree, child)) child = tree.next[child]!
    if (child >= tree.next[first]!) return null
    first = child
  }
  if (first === node) return null
  let earliest: Places | null = null
  for (let i = first; i < tree.next[first]!; i++) {
    if (codes[tree.kind[i]!] === K.BLOCK) {
      i = tree.next[i]! - 1
      continue
    }
    const places = listPlaces(graph, i)
    if (places && (earliest === null || places.points[0]! < earliest.points[0]!)) earliest = places
  }
  return earliest && { points: earliest.points, isBefore: true }
}

/** Whether a child of a block or clause is where that begins. */
function isBeginning({ grammar, kind, flags }: FlatTree, child: number): boolean {
  return grammar.isNamed[kind[child]!] === 1 && (flags[child]! & NodeFlag.extra) === 0
}

function hasStatements(code: number): boolean {
  return code === K.BLOCK || code === K.ELSE_CLAUSE || code === K.ELIF_CLAUSE || code === K.MODULE
}
