import { lastChild } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import { pushCondition } from './lower-conditions.ts'
import { bind, moveTo } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'

/** Each `case` is tested in turn: first its pattern, which binds names when it matches, then its guard. */
export function lowerMatch(lowering: Lowering, node: number): void {
  const { tree, fields, writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  const done = writer.newLabel()
  lowering.push(bind, node, done)
  const body = lowering.child(node, fields.body)
  const clauses: number[] = []
  for (let child = body + 1; body >= 0 && child < tree.next[body]!; child = tree.next[child]!) {
    if (lowering.code(child) === K.CASE_CLAUSE) clauses.push(child)
  }
  for (const clause of clauses.reverse()) {
    const otherwise = writer.newLabel()
    lowering.push(bind, clause, otherwise)
    lowering.push(moveTo, clause, done)
    lowering.push(openCase, clause)
    pushGuard(lowering, clause, otherwise)
    lowering.push(testPattern, clause, otherwise)
  }
  lowering.push(clauses.length > 0 ? settleSubject : finishSubject, node)
  for (const subject of subjectsOf(lowering, node).reverse()) lowering.pushExpression(subject)
}

const settleSubject: Step = (lowering, node) => {
  lowering.settle(subjectsOf(lowering, node)[0] ?? node)
}

/** In a broken file, there may be nothing to compare with. */
const finishSubject: Step = (lowering, node) => {
  lowering.writer.point(node, G.EXPRESSION)
}

const testPattern: Step = (lowering, clause, otherwise) => {
  const { writer } = lowering
  const patterns = patternsOf(lowering, clause)
  let hasNames = false
  for (const pattern of patterns) hasNames = placeNames(lowering, pattern) || hasNames
  writer.point(clause, G.CASE_TEST)
  if (isIrrefutable(lowering, clause, patterns)) {
    writer.relabel(G.MATCH_EDGE, clause)
  } else {
    const matches = writer.newLabel()
    writer.branch(G.MATCH_EDGE, matches, G.NO_MATCH_EDGE, otherwise, clause)
    writer.bind(matches)
  }
  const [first, ...others] = patterns
  if (first === undefined || !hasNames) return
  const point = writer.mappedPoint(first, G.BIND)
  for (const pattern of others) writer.map(pattern, point)
}

function pushGuard(lowering: Lowering, clause: number, otherwise: number): void {
  const guard = lowering.child(clause, lowering.fields.guard)
  const condition = guard < 0 ? -1 : lowering.firstPart(guard)
  if (condition < 0) return
  const holds = lowering.writer.newLabel()
  lowering.push(bind, clause, holds)
  pushCondition(lowering, condition, clause, holds, otherwise)
}

const openCase: Step = (lowering, clause) => {
  lowering.writer.mappedPoint(clause, G.CASE)
  lowering.pushBlock(lowering.child(clause, lowering.fields.consequence))
}

/** The classes and constants that a pattern compares with, and the names it binds. Reading the former is taken not to fail. */
function placeNames(lowering: Lowering, pattern: number): boolean {
  let found = false
  for (let i = pattern; i < lowering.tree.next[pattern]!; i++) {
    if (lowering.code(i) !== K.IDENTIFIER) continue
    lowering.writer.placeBefore(i)
    found = true
  }
  return found
}

/**
 * Whether the pattern takes everything: a name or `_`, also in parentheses, with `as`, or as the last of alternatives.
 * https://docs.python.org/3/reference/compound_stmts.html#irrefutable-case-blocks
 */
function isIrrefutable(lowering: Lowering, clause: number, patterns: readonly number[]): boolean {
  const { tree } = lowering
  if (patterns.length !== 1 || hasComma(lowering, clause)) return false
  let pattern = patterns[0]!
  for (;;) {
    const parts: readonly number[] = lowering.parts(pattern)
    switch (tree.grammar.kindNames[tree.kind[pattern]!]) {
      case 'case_pattern':
      case 'as_pattern':
        if (parts.length === 0) return lowering.textOf(pattern) === '_'
        pattern = parts[0]!
        break
      case 'tuple_pattern':
        if (parts.length !== 1 || hasComma(lowering, pattern)) return false
        pattern = parts[0]!
        break
      case 'union_pattern':
        // `_` is no node of its own here.
        pattern = lastChild(tree, pattern)
        if (lowering.textOf(pattern) === '_') return true
        break
      case 'dotted_name':
        return parts.length === 1
      default:
        return false
    }
  }
}

function patternsOf(lowering: Lowering, clause: number): number[] {
  const { tree } = lowering
  const found: number[] = []
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) if (lowering.code(child) === K.CASE_PATTERN) found.push(child)
  return found
}

function hasComma(lowering: Lowering, node: number): boolean {
  const { tree } = lowering
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    if (tree.grammar.kindNames[tree.kind[child]!] === ',') return true
  }
  return false
}

function subjectsOf(lowering: Lowering, node: number): number[] {
  const { tree } = lowering
  const field = tree.grammar.fieldId('subject')
  const found: number[] = []
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) if (tree.field[child] === field) found.push(child)
  return found
}
