import type { ExceptClauseNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import { pushFinally } from './lower-finally.ts'
import { pushGroupHandlers } from './lower-except-groups.ts'
import { pushExceptionType, pushHandlerBody } from './lower-handlers.ts'
import { bind, moveTo } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'
import { catchesByName } from './options.ts'

/**
 * The body's exceptions go to the handlers, those of the handlers and of the `else` to the outside, and all that leaves these three goes
 * through the `finally`.
 */
export function lowerTry(lowering: Lowering, node: number): void {
  const { tree, fields, writer } = lowering
  const begin = writer.mappedPoint(node, G.STATEMENT)
  const handlers: number[] = []
  let alternative = -1
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    const code = lowering.code(child)
    if (code === K.EXCEPT_CLAUSE) handlers.push(child)
    else if (code === K.ELSE_CLAUSE) alternative = child
    else if (code === K.FINALLY_CLAUSE) pushFinally(lowering, child)
  }
  const completed = writer.newLabel()
  const done = writer.newLabel()
  lowering.push(bind, node, done)
  if (alternative >= 0) lowering.pushBlock(lowering.child(alternative, fields.body))
  lowering.push(bind, node, completed)
  if (handlers.length > 0) {
    if (isGroupHandler(lowering, handlers[0]!)) pushGroupHandlers(lowering, handlers, done)
    else pushHandlers(lowering, handlers, done)
    lowering.push(closeBody, node, completed, begin)
    F.openHandlers(lowering)
  }
  lowering.pushBlock(lowering.child(node, fields.body))
}

const closeBody: Step = (lowering, _node, completed, begin) => {
  const { writer } = lowering
  const label = F.closeFrame(lowering).labels[F.BY_EXCEPTION]!
  writer.moveCurrentTo(completed)
  // Names that are not there and interrupts can raise anywhere: where nothing else can, the handlers must be reached all the same.
  if (writer.isEmpty(label)) writer.edge(begin, G.EXCEPTION_EDGE, -1, label, G.BY_NAME | G.BASE_EXCEPTION)
  writer.bind(label)
}

/** Schedules the handlers. Each is asked in turn; what none takes leaves as an exception. */
function pushHandlers(lowering: Lowering, clauses: readonly number[], done: number): void {
  const { writer } = lowering
  const catches = lowering.options.catches ?? catchesByName
  let remaining: number = G.UNMATCHED
  const tests = clauses.map((clause) => {
    const caught = catches(lowering.nodeAt(clause) as ExceptClauseNode)
    if (caught === 'exceptions') remaining = G.BASE_EXCEPTION
    return { clause, remaining: caught === 'all' ? 0 : remaining }
  })
  lowering.push(leaveUnmatched, clauses[0]!)
  for (const test of tests.reverse()) {
    const otherwise = writer.newLabel()
    lowering.push(bind, test.clause, otherwise)
    lowering.push(moveTo, test.clause, done)
    pushHandlerBody(lowering, test.clause)
    lowering.push(testHandler, test.clause, otherwise, test.remaining)
    pushExceptionType(lowering, test.clause)
  }
}

/** @param remaining what may be left after the test; 0 if nothing is */
const testHandler: Step = (lowering, clause, otherwise, remaining) => {
  const { writer } = lowering
  writer.point(clause, G.EXCEPT_TEST)
  if (remaining === 0) {
    writer.relabel(G.MATCH_EDGE, clause)
    return
  }
  const caught = writer.newLabel()
  writer.branch(G.MATCH_EDGE, caught, G.NO_MATCH_EDGE, otherwise, clause, remaining)
  writer.bind(caught)
}

const leaveUnmatched: Step = (lowering) => F.leave(lowering, F.BY_EXCEPTION)

/** `except*` */
function isGroupHandler(lowering: Lowering, clause: number): boolean {
  const { tree } = lowering
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
    const name = tree.grammar.kindNames[tree.kind[child]!]
    if (name === '*') return true
    if (lowering.code(child) === K.BLOCK) break
  }
  return false
}
