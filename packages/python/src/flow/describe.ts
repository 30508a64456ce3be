import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'

/** Longer pieces of code are cut. */
const MAX_TEXT = 40

/** The first line of the code of a node, short enough for a list or a picture. */
export function snippet({ tree }: FlowGraph, node: number): string {
  const text = tree.text.slice(tree.start[node], tree.end[node])
  const line = /^[^\r\n]*/.exec(text)![0]
  return line.length > MAX_TEXT || line.length < text.length ? `${line.slice(0, MAX_TEXT).trimEnd()} …` : line
}

/** The line on which a node begins; the first one is 1. */
export function lineOf({ tree }: FlowGraph, node: number): number {
  return tree.lineTable.lineAt(tree.start[node]!)
}

/** `function f`, `class A`, `lambda`, `module`. */
export function title({ tree, root }: FlowGraph): string {
  const kind = tree.grammar.kindNames[tree.kind[root]!]!
  const name = tree.node(root).field('name')?.text
  return name === undefined ? kind : `${kind.replace('_definition', '')} ${name}`
}

/** An edge's kind with the reasons of what it carries: `exception(call, attribute)`; empty for a normal edge. */
export function edgeLabel({ edgeKinds, edgeReasons }: FlowGraph, edge: number): string {
  const kind = edgeKinds[edge] === G.NORMAL_EDGE ? '' : G.EDGE_KINDS[edgeKinds[edge]!]!
  const reasons = edgeReasons[edge] === 0 ? '' : `(${G.reasonNames(edgeReasons[edge]!).join(', ')})`
  return kind + reasons
}
