import * as K from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import { bind, isLazyComparison, lowerLazyComparison } from './lower-operators.ts'
import type { Lowering } from './lowering.ts'

/**
 * Evaluates a condition: control goes on in label `whenTrue` or in label `whenFalse`. `and`, `or` and `not` become branches of their
 * operands, and a constant has one way on.
 */
export function lowerCondition(lowering: Lowering, condition: number, whenTrue: number, whenFalse: number): void {
  const { fields, writer } = lowering
  let node = condition
  let onTrue = whenTrue
  let onFalse = whenFalse
  for (;;) {
    const code = lowering.code(node)
    const inner =
      code === K.PARENTHESIZED_EXPRESSION ? lowering.firstPart(node) : code === K.NOT_OPERATOR ? lowering.child(node, fields.argument) : -1
    if (inner < 0) break
    node = inner
    if (code === K.NOT_OPERATOR) [onTrue, onFalse] = [onFalse, onTrue]
  }
  if (lowering.code(node) === K.BOOLEAN_OPERATOR) {
    const middle = writer.newLabel()
    const isAnd = lowering.textOf(lowering.child(node, fields.operator)) === 'and'
    pushCondition(lowering, lowering.child(node, fields.right), node, onTrue, onFalse)
    lowering.push(bind, node, middle)
    pushCondition(lowering, lowering.child(node, fields.left), node, isAnd ? middle : onTrue, isAnd ? onFalse : middle)
    return
  }
  if (lowering.code(node) === K.COMPARISON_OPERATOR && isLazyComparison(lowering, node)) {
    lowerLazyComparison(lowering, node, onTrue, onFalse)
    return
  }
  const truth = truthOf(lowering, node)
  if (truth !== undefined) {
    writer.moveCurrentTo(truth ? onTrue : onFalse)
    return
  }
  lowering.push(finishTest, node, onTrue, onFalse)
  lowering.pushExpression(node)
}

/** Schedules a condition. In a broken file it can be missing; then `owner` decides, no one knows on what. */
export function pushCondition(lowering: Lowering, condition: number, owner: number, whenTrue: number, whenFalse: number): void {
  if (condition >= 0) lowering.push(lowerCondition, condition, whenTrue, whenFalse)
  else lowering.push(finishTest, owner, whenTrue, whenFalse)
}

function finishTest(lowering: Lowering, node: number, onTrue: number, onFalse: number): void {
  const { writer } = lowering
  if (!writer.endsWith(node)) writer.mappedPoint(node, G.TEST)
  writer.branch(G.TRUE_EDGE, onTrue, G.FALSE_EDGE, onFalse, node)
}

/** The truth of a constant; `undefined` for everything else. */
function truthOf(lowering: Lowering, node: number): boolean | undefined {
  switch (lowering.code(node)) {
    case K.TRUE:
    case K.ELLIPSIS:
      return true
    case K.FALSE:
    case K.NONE:
      return false
    case K.INTEGER:
      return !/^0[xob]?[0_]*$/i.test(lowering.textOf(node))
    case K.IDENTIFIER:
    case K.ATTRIBUTE:
      return typeCheckingTruth(lowering, node)
    default:
      return undefined
  }
}

function typeCheckingTruth(lowering: Lowering, node: number): boolean | undefined {
  const { typeChecking = 'run-time' } = lowering.options
  if (typeChecking === 'both' || !/^(\w+\.)?TYPE_CHECKING$/.test(lowering.textOf(node))) return undefined
  return typeChecking === 'checker'
}
