import * as K from '../scopes/kind-codes.ts'
import * as G from './graph.ts'
import { NEXT } from './graph-writer.ts'
import { pushTarget, settleTarget } from './lower-assignments.ts'
import { bind, pushOperand } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'

/**
 * A comprehension is a loop in the midst of an expression, and its clauses are loops and conditions inside each other. A generator expression
 * is treated as if it were run to its end where it stands.
 */
export function lowerComprehension(lowering: Lowering, node: number): void {
  const { tree, fields, writer } = lowering
  const clauses: number[] = []
  let loops = 0
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    const code = lowering.code(child)
    if (code === K.FOR_IN_CLAUSE) loops++
    // In a broken file, a condition can stand without a loop.
    if (code === K.FOR_IN_CLAUSE || (code === K.IF_CLAUSE && loops > 0)) clauses.push(child)
  }
  const done = writer.newLabel()
  lowering.push(finishComprehension, node, loops)
  lowering.push(bind, node, done)
  if (loops > 0) lowering.push(backToHead, node, NEXT)
  pushOperand(lowering, lowering.child(node, fields.body))
  const first = clauses[0]
  for (const clause of clauses.reverse()) {
    if (lowering.code(clause) === K.FOR_IN_CLAUSE) pushLoop(lowering, clause, clause === first ? done : INNER)
    else pushFilter(lowering, clause)
  }
}

/** Stands for the label of a loop's end where the end leads back to the loop around it. */
const INNER = -1

function pushLoop(lowering: Lowering, clause: number, done: number): void {
  lowering.push(bindTarget, clause)
  pushTarget(lowering, lowering.child(clause, lowering.fields.left))
  lowering.push(openClause, clause, done)
  for (const iterable of iterables(lowering, clause).reverse()) lowering.pushExpression(iterable)
}

const openClause: Step = (lowering, clause, done) => {
  const { writer, comprehensionHeads } = lowering
  lowering.settle(iterables(lowering, clause)[0] ?? clause)
  lowering.mayRaise(clause, lowering.isAsync(clause) ? G.BY_ITERATION | G.BY_AWAIT : G.BY_ITERATION)
  const head = writer.point(clause, G.LOOP)
  const body = writer.newLabel()
  const exhausted = writer.newLabel()
  writer.branch(G.ITERATE_EDGE, body, G.EXHAUSTED_EDGE, exhausted, clause)
  if (done === INNER) {
    writer.landAt(exhausted, comprehensionHeads.at(-1)!)
  } else {
    writer.bind(exhausted)
    writer.moveCurrentTo(done)
  }
  comprehensionHeads.push(head)
  writer.bind(body)
}

const bindTarget: Step = (lowering, clause) => {
  const left = lowering.child(clause, lowering.fields.left)
  settleTarget(lowering, left, clause)
  lowering.writer.mappedPoint(left >= 0 ? left : clause, G.BIND)
}

function pushFilter(lowering: Lowering, clause: number): void {
  const condition = lowering.firstPart(clause)
  if (condition < 0) return
  const passes = lowering.writer.newLabel()
  const fails = lowering.writer.newLabel()
  lowering.push(bind, clause, passes)
  lowering.push(backToHead, clause, fails)
  lowering.push(lowering.steps.condition, condition, passes, fails)
}

/** What waits in the label goes back to the head of the innermost loop. */
const backToHead: Step = (lowering, _node, label) => {
  lowering.writer.landAt(label, lowering.comprehensionHeads.at(-1)!)
}

function iterables(lowering: Lowering, clause: number): number[] {
  const { tree, fields } = lowering
  const found: number[] = []
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
    if (tree.field[child] === fields.right && lowering.isPart(child)) found.push(child)
  }
  return found
}

const finishComprehension: Step = (lowering, node, loops) => {
  const { writer, comprehensionHeads } = lowering
  for (const head of comprehensionHeads.splice(comprehensionHeads.length - loops)) writer.setPartner(head, writer.pointCount)
  writer.mappedPoint(node, G.EXPRESSION)
}
