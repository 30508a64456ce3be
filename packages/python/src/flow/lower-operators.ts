import * as K from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import { NEXT } from './graph-writer.ts'
import type { Lowering } from './lowering.ts'

/** `a and b`, `a or b` for its value: the left operand decides whether the right one is evaluated. */
export function lowerBooleanValue(lowering: Lowering, node: number): void {
  const { fields, writer } = lowering
  const left = lowering.child(node, fields.left)
  const right = lowering.child(node, fields.right)
  if (left < 0 || right < 0) {
    lowering.evaluateParts(node)
    return
  }
  const more = writer.newLabel()
  const done = writer.newLabel()
  lowering.push(bind, node, done)
  pushOperand(lowering, right)
  lowering.push(bind, node, more)
  const isAnd = lowering.textOf(lowering.child(node, fields.operator)) === 'and'
  lowering.push(lowering.steps.condition, left, isAnd ? more : done, isAnd ? done : more)
}

/** `a if test else b` for its value. */
export function lowerConditionalExpression(lowering: Lowering, node: number): void {
  const { writer } = lowering
  const [chosen, condition, other] = lowering.parts(node)
  if (chosen === undefined || condition === undefined || other === undefined) {
    lowering.evaluateParts(node)
    return
  }
  const whenTrue = writer.newLabel()
  const whenFalse = writer.newLabel()
  const done = writer.newLabel()
  lowering.push(bind, node, done)
  pushOperand(lowering, other)
  lowering.push(bind, node, whenFalse)
  lowering.push(moveTo, node, done)
  pushOperand(lowering, chosen)
  lowering.push(bind, node, whenTrue)
  lowering.push(lowering.steps.condition, condition, whenTrue, whenFalse)
}

/** A comparison for its value. */
export function lowerComparison(lowering: Lowering, node: number): void {
  if (!isLazyComparison(lowering, node)) {
    lowering.push(finishComparison, node)
    lowering.evaluateParts(node)
    return
  }
  const done = lowering.writer.newLabel()
  lowering.push(bind, node, done)
  lowering.push(endComparison, node)
  pushOperands(lowering, node, done)
}

/** A chain of comparisons as a condition: what follows waits in one label if all hold, and in the other if one does not. */
export function lowerLazyComparison(lowering: Lowering, node: number, whenTrue: number, whenFalse: number): void {
  lowering.push(decideComparison, node, whenTrue, whenFalse)
  pushOperands(lowering, node, whenFalse)
}

/** Whether a comparison is like `a < b < c()`, which evaluates `c()` only if `a < b`. */
export function isLazyComparison(lowering: Lowering, node: number): boolean {
  const operands = lowering.parts(node)
  return operands.length > 2 && operands.slice(2).some((operand) => lowering.tree.next[operand]! > operand + 1)
}

/** Schedules the operands of a chain; each comparison but the last decides whether it goes on. */
function pushOperands(lowering: Lowering, node: number, whenFalse: number): void {
  const operands = lowering.parts(node)
  for (let i = operands.length - 1; i >= 0; i--) {
    if (i > 0 && i < operands.length - 1) lowering.push(compareFirst, node, whenFalse)
    lowering.pushExpression(operands[i]!)
  }
}

/** Schedules an operand that is evaluated on one branch only. */
export function pushOperand(lowering: Lowering, node: number): void {
  if (node < 0) return
  lowering.push(finishOperand, node)
  lowering.pushExpression(node)
}

/** The step that lets what waits in label `b` come next. */
export function bind(lowering: Lowering, _node: number, label: number): void {
  lowering.writer.bind(label)
}

/** The step that lets what would come next wait in label `b`. */
export function moveTo(lowering: Lowering, _node: number, label: number): void {
  lowering.writer.moveCurrentTo(label)
}

/** An operand has a point, so that its branch can be told from the other one; literals do without. */
function finishOperand(lowering: Lowering, node: number): void {
  const { writer } = lowering
  if (writer.endsWith(node) || isLiteral(lowering, node)) return
  if (isEnclosedBy(lowering, node)) return
  writer.mappedPoint(node, G.EXPRESSION)
}

function finishComparison(lowering: Lowering, node: number): void {
  if (!comparesIdentity(lowering, node)) lowering.mayRaise(node, G.BY_OPERATOR)
  lowering.writer.placeBefore(node)
}

/** One comparison of a chain: if it holds, nothing is decided yet. */
function compareFirst(lowering: Lowering, node: number, whenFalse: number): void {
  decideComparison(lowering, node, NEXT, whenFalse)
  lowering.writer.relabel(G.NORMAL_EDGE)
}

function decideComparison(lowering: Lowering, node: number, whenTrue: number, whenFalse: number): void {
  const { writer } = lowering
  lowering.mayRaise(node, G.BY_OPERATOR)
  writer.mappedPoint(node, G.TEST)
  writer.branch(G.TRUE_EDGE, whenTrue, G.FALSE_EDGE, whenFalse, node)
}

function endComparison(lowering: Lowering, node: number): void {
  lowering.mayRaise(node, G.BY_OPERATOR)
  lowering.writer.mappedPoint(node, G.EXPRESSION)
}

function comparesIdentity(lowering: Lowering, node: number): boolean {
  const { tree, fields } = lowering
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    if (tree.field[child] === fields.operators && !lowering.textOf(child).startsWith('is')) return false
  }
  return true
}

function isLiteral(lowering: Lowering, node: number): boolean {
  const code = lowering.code(node)
  if (code === K.STRING) return lowering.childOfKind(node, K.INTERPOLATION) < 0
  return lowering.tree.next[node]! === node + 1 && code !== K.IDENTIFIER
}

/** Parentheses around something that has a point. */
function isEnclosedBy(lowering: Lowering, node: number): boolean {
  let inner = node
  while (lowering.code(inner) === K.PARENTHESIZED_EXPRESSION) {
    inner = lowering.firstPart(inner)
    if (inner < 0) return true
    if (lowering.writer.endsWith(inner)) {
      lowering.writer.map(node, lowering.writer.lastPoint)
      return true
    }
  }
  return false
}
