import type { ForStatementNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import { NEXT } from './graph-writer.ts'
import { pushTarget, settleTarget } from './lower-assignments.ts'
import { pushCondition } from './lower-conditions.ts'
import { bind } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'
import { runsAtLeastOnceByForm } from './options.ts'

/** The loop's own point comes before it; its head, to which the rounds go back, is another one. */
export function lowerWhile(lowering: Lowering, node: number): void {
  const { fields, writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  const head = writer.point(node, G.LOOP)
  F.openLoop(lowering, head)
  const again = writer.newLabel()
  const over = writer.newLabel()
  lowering.push(endLoop, node, over, head)
  lowering.pushBlock(lowering.child(node, fields.body))
  lowering.push(bind, node, again)
  pushCondition(lowering, lowering.child(node, fields.condition), node, again, over)
}

export function lowerFor(lowering: Lowering, node: number): void {
  const { fields, writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  lowering.push(openFor, node)
  lowering.evaluateNext(lowering.child(node, fields.right))
}

const openFor: Step = (lowering, node) => {
  const { fields, options, writer } = lowering
  const iterable = lowering.child(node, fields.right)
  lowering.settle(iterable >= 0 ? iterable : node)
  chargeIteration(lowering, node)
  const head = writer.point(node, G.LOOP)
  const over = writer.newLabel()
  const runsAtLeastOnce = options.runsAtLeastOnce ?? runsAtLeastOnceByForm
  if (runsAtLeastOnce(lowering.nodeAt(node) as ForStatementNode)) {
    // Whether there is another round is asked at the end of each one.
    writer.relabel(G.ITERATE_EDGE, node)
    F.openLoop(lowering, -1)
    lowering.push(endLoop, node, over, head)
    lowering.push(askForMore, node, over, head)
  } else {
    const enter = writer.newLabel()
    writer.branch(G.ITERATE_EDGE, enter, G.EXHAUSTED_EDGE, over, node)
    writer.bind(enter)
    F.openLoop(lowering, head)
    lowering.push(endLoop, node, over, head)
  }
  const left = lowering.child(node, fields.left)
  lowering.pushBlock(lowering.child(node, fields.body))
  lowering.push(bindTarget, node)
  pushTarget(lowering, left)
}

const bindTarget: Step = (lowering, node) => {
  const left = lowering.child(node, lowering.fields.left)
  if (left < 0) return
  settleTarget(lowering, left, node)
  lowering.writer.mappedPoint(left, G.BIND)
}

/** The end of a round of a loop that runs at least once. */
const askForMore: Step = (lowering, node, over) => {
  const { frames, writer } = lowering
  writer.bind(frames.at(-1)!.labels[F.BY_CONTINUE]!)
  if (!writer.isOpen) return
  chargeIteration(lowering, node)
  writer.point(node, G.LOOP)
  writer.branch(G.ITERATE_EDGE, NEXT, G.EXHAUSTED_EDGE, over, node)
}

/** After the body: back to the head. When the loop is over comes its `else`, which a `break` leaves out. */
const endLoop: Step = (lowering, node, over, head) => {
  const { fields, writer } = lowering
  writer.landAt(NEXT, head)
  writer.setPartner(head, writer.pointCount)
  const frame = F.closeFrame(lowering)
  writer.bind(over)
  lowering.push(bind, node, frame.labels[F.BY_BREAK])
  const alternative = lowering.childOfKind(node, K.ELSE_CLAUSE)
  if (alternative >= 0) lowering.pushBlock(lowering.child(alternative, fields.body))
}

function chargeIteration(lowering: Lowering, node: number): void {
  if (!isCollection(lowering, lowering.child(node, lowering.fields.right))) lowering.mayRaise(node, G.BY_ITERATION)
  if (lowering.isAsync(node)) lowering.mayRaise(node, G.BY_AWAIT)
}

/** Whether going through the iterable can not raise: it was made right here. */
function isCollection(lowering: Lowering, iterable: number): boolean {
  if (iterable < 0) return false
  switch (lowering.code(iterable)) {
    case K.LIST:
    case K.TUPLE:
    case K.SET:
    case K.DICTIONARY:
    case K.STRING:
    case K.EXPRESSION_LIST:
    case K.LIST_COMPREHENSION:
    case K.SET_COMPREHENSION:
    case K.DICTIONARY_COMPREHENSION:
      return true
    default:
      return false
  }
}
