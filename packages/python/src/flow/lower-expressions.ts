import * as K from '../scopes/kind-codes.ts'
import type { CallNode } from '../generated/nodes.ts'
import * as G from './graph.ts'
import { lowerAssignment, lowerAugmentedAssignment, lowerNamedExpression } from './lower-assignments.ts'
import { lowerComprehension } from './lower-comprehensions.ts'
import { lowerBooleanValue, lowerComparison, lowerConditionalExpression } from './lower-operators.ts'
import type { Lowering } from './lowering.ts'
import { neverReturnsByName } from './options.ts'

/**
 * Evaluates an expression for its value. Calls, `await`, `yield`, `:=` and comprehensions become points when their parts are evaluated; what
 * else may raise is charged to the next point.
 */
export function lowerExpression(lowering: Lowering, node: number): void {
  const { fields } = lowering
  switch (lowering.code(node)) {
    case K.CALL:
      lowering.push(finishCall, node)
      lowering.pushExpression(lowering.child(node, fields.arguments))
      evaluateCallee(lowering, lowering.child(node, fields.function))
      break
    case K.ATTRIBUTE:
      lowering.push(finishUnnamed, node, G.BY_ATTRIBUTE)
      lowering.evaluateNext(lowering.child(node, fields.object))
      break
    case K.SUBSCRIPT:
      lowering.push(finishUnnamed, node, G.BY_SUBSCRIPT)
      lowering.evaluateParts(node)
      break
    case K.BINARY_OPERATOR:
    case K.UNARY_OPERATOR:
      if (!isArithmeticOnLiterals(lowering, node)) lowering.push(finishUnnamed, node, G.BY_OPERATOR)
      lowering.evaluateParts(node)
      break
    case K.COMPARISON_OPERATOR:
      lowerComparison(lowering, node)
      break
    case K.BOOLEAN_OPERATOR:
      lowerBooleanValue(lowering, node)
      break
    case K.CONDITIONAL_EXPRESSION:
      lowerConditionalExpression(lowering, node)
      break
    case K.NAMED_EXPRESSION:
      lowerNamedExpression(lowering, node)
      break
    case K.AWAIT:
      lowering.push(finishPoint, node, G.BY_AWAIT)
      lowering.evaluateParts(node)
      break
    case K.YIELD:
      lowering.push(finishPoint, node, yieldReasons(lowering, node))
      lowering.evaluateParts(node)
      break
    case K.LIST_COMPREHENSION:
    case K.SET_COMPREHENSION:
    case K.DICTIONARY_COMPREHENSION:
    case K.GENERATOR_EXPRESSION:
      lowerComprehension(lowering, node)
      break
    case K.LAMBDA:
      pushDefaults(lowering, lowering.child(node, fields.parameters))
      break
    case K.KEYWORD_ARGUMENT:
      lowering.evaluateNext(lowering.child(node, fields.value))
      break
    case K.ASSIGNMENT:
      lowerAssignment(lowering, node)
      break
    case K.AUGMENTED_ASSIGNMENT:
      lowerAugmentedAssignment(lowering, node)
      break
    case K.TYPE:
      break
    default:
      lowering.evaluateParts(node)
  }
}

/** Evaluates the default values of a parameter list. */
export function pushDefaults(lowering: Lowering, parameters: number): void {
  if (parameters < 0) return
  const { tree, fields } = lowering
  const values: number[] = []
  for (let child = parameters + 1; child < tree.next[parameters]!; child = tree.next[child]!) {
    const code = lowering.code(child)
    if (code === K.DEFAULT_PARAMETER || code === K.TYPED_DEFAULT_PARAMETER) values.push(lowering.child(child, fields.value))
  }
  for (const value of values.reverse()) lowering.pushExpression(value)
}

function finishCall(lowering: Lowering, node: number): void {
  lowering.mayRaise(node, G.BY_CALL)
  const completes = !isAlone(lowering, node) || !neverReturns(lowering, node)
  // A call that never returns raises, whatever else is said about it: otherwise nothing would follow at all.
  if (!completes && lowering.writer.pendingReasons === 0) lowering.writer.pendingReasons = G.BY_CALL
  lowering.writer.mappedPoint(node, G.EXPRESSION, completes)
}

function neverReturns(lowering: Lowering, call: number): boolean {
  return (lowering.options.neverReturns ?? neverReturnsByName)(lowering.nodeAt(call) as CallNode)
}

/** Calls deeper in an `or` or `and` are taken to return. */
const MAX_STEPS = 20

/** Whether a call is all that a statement does. One whose value goes into something is taken to return: else nobody would have written that. */
function isAlone(lowering: Lowering, call: number): boolean {
  const { parent } = lowering.tree
  for (let up = parent[call]!, steps = 0; up >= 0 && steps < MAX_STEPS; up = parent[up]!, steps++) {
    switch (lowering.code(up)) {
      case K.EXPRESSION_STATEMENT:
      case K.RETURN_STATEMENT:
      case K.RAISE_STATEMENT:
      case K.LAMBDA:
        return true
      case K.AWAIT:
      case K.PARENTHESIZED_EXPRESSION:
      case K.BOOLEAN_OPERATOR:
      case K.CONDITIONAL_EXPRESSION:
        break
      default:
        return false
    }
  }
  return false
}

/** Looking up the method is part of the call. */
function evaluateCallee(lowering: Lowering, callee: number): void {
  if (callee < 0 || lowering.code(callee) !== K.ATTRIBUTE) {
    lowering.evaluateNext(callee)
    return
  }
  lowering.push(placeBefore, callee)
  lowering.evaluateNext(lowering.child(callee, lowering.fields.object))
}

function placeBefore(lowering: Lowering, node: number): void {
  lowering.writer.placeBefore(node)
}

/** The end of something that has no point of its own. */
function finishUnnamed(lowering: Lowering, node: number, reason: number): void {
  lowering.mayRaise(node, reason)
  lowering.writer.placeBefore(node)
}

function finishPoint(lowering: Lowering, node: number, reasons: number): void {
  if (reasons !== 0) lowering.mayRaise(node, reasons)
  lowering.writer.mappedPoint(node, G.EXPRESSION)
}

function yieldReasons(lowering: Lowering, node: number): number {
  const { tree } = lowering
  let isFrom = false
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    if (tree.grammar.kindNames[tree.kind[child]!] === 'from') isFrom = true
  }
  return (lowering.options.yieldRaises === false ? 0 : G.BY_YIELD) | (isFrom ? G.BY_CALL : 0)
}

function isArithmeticOnLiterals(lowering: Lowering, node: number): boolean {
  const { tree, fields } = lowering
  const operator = lowering.textOf(lowering.child(node, fields.operator))
  if (operator !== '+' && operator !== '-' && operator !== '*') return false
  for (let i = node + 1; i < tree.next[node]!; i++) {
    const code = lowering.code(i)
    if (code !== K.OTHER && code !== K.INTEGER && code !== K.FLOAT && code !== K.PARENTHESIZED_EXPRESSION) return false
    if (code === K.OTHER && lowering.isPart(i)) return false
  }
  return true
}
