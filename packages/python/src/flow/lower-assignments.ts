import * as K from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import type { Lowering } from './lowering.ts'

/** `a = b = value` evaluates the value, then binds `a`, then `b`. */
export function lowerAssignment(lowering: Lowering, node: number): void {
  const { fields } = lowering
  const chain: number[] = []
  let value = node
  while (value >= 0 && lowering.code(value) === K.ASSIGNMENT) {
    chain.push(value)
    value = lowering.child(value, fields.right)
  }
  for (const assignment of chain.reverse()) {
    lowering.push(finishAssignment, assignment)
    pushTarget(lowering, lowering.child(assignment, fields.left))
  }
  lowering.pushExpression(value)
}

/** `x += value` reads `x`, evaluates the value, and binds `x`. */
export function lowerAugmentedAssignment(lowering: Lowering, node: number): void {
  lowering.push(finishAugmentedAssignment, node)
  lowering.evaluateParts(node)
}

export function lowerNamedExpression(lowering: Lowering, node: number): void {
  lowering.push(finishNamedExpression, node)
  lowering.evaluateNext(lowering.child(node, lowering.fields.value))
}

/** Evaluates what must be evaluated before something is bound to a target: the objects of attributes and subscripts in it. */
export function pushTarget(lowering: Lowering, target: number): void {
  if (target >= 0 && lowering.tree.next[target]! > target + 1) lowering.push(lowerTarget, target)
}

/** Before a target is bound: unpacking into it may raise. `owner` is what binds it. */
export function settleTarget(lowering: Lowering, target: number, owner: number): void {
  if (target >= 0 && unpacks(lowering, target)) lowering.mayRaise(owner, G.BY_UNPACKING)
  lowering.settle(target >= 0 ? target : owner)
}

function lowerTarget(lowering: Lowering, target: number): void {
  const { fields } = lowering
  switch (lowering.code(target)) {
    case K.ATTRIBUTE:
      lowering.push(finishPlace, target, G.BY_ATTRIBUTE)
      lowering.evaluateNext(lowering.child(target, fields.object))
      break
    case K.SUBSCRIPT:
      lowering.push(finishPlace, target, G.BY_SUBSCRIPT)
      lowering.evaluateParts(target)
      break
    default:
      for (const part of lowering.parts(target).reverse()) pushTarget(lowering, part)
  }
}

function finishPlace(lowering: Lowering, target: number, reason: number): void {
  lowering.mayRaise(target, reason)
  lowering.writer.placeBefore(target)
}

function finishAssignment(lowering: Lowering, node: number): void {
  const left = lowering.child(node, lowering.fields.left)
  const isName = left >= 0 && lowering.code(left) === K.IDENTIFIER
  if (!isName) settleTarget(lowering, left, node)
  else if (lowering.writer.pendingReasons !== 0) lowering.settle(assignedValue(lowering, node))
  lowering.writer.mappedPoint(node, G.EXPRESSION)
}

/** The value at the end of a chain of assignments; the assignment itself if there is none. */
function assignedValue(lowering: Lowering, node: number): number {
  let value = node
  while (value >= 0 && lowering.code(value) === K.ASSIGNMENT) value = lowering.child(value, lowering.fields.right)
  return value >= 0 ? value : node
}

function finishAugmentedAssignment(lowering: Lowering, node: number): void {
  lowering.mayRaise(node, G.BY_OPERATOR)
  const left = lowering.child(node, lowering.fields.left)
  lowering.settle(left >= 0 ? left : node)
  lowering.writer.mappedPoint(node, G.EXPRESSION)
}

function finishNamedExpression(lowering: Lowering, node: number): void {
  const value = lowering.child(node, lowering.fields.value)
  lowering.settle(value >= 0 ? value : node)
  lowering.writer.mappedPoint(node, G.EXPRESSION)
}

/** Whether unpacking into the target may raise: it is a pattern. */
function unpacks(lowering: Lowering, target: number): boolean {
  const code = lowering.code(target)
  return code === K.PATTERN_LIST || code === K.TUPLE_PATTERN || code === K.LIST_PATTERN || code === K.TUPLE || code === K.LIST
}
