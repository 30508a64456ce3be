import * as F from './frames.ts'
import * as G from './graph.ts'
import { pushExceptionType, pushHandlerBody } from './lower-handlers.ts'
import { bind, moveTo } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'

/**
 * Schedules `except*` handlers. Each clause takes its part of the group, and the next ones see what is left; so a clause is asked once by those
 * whom nobody has handled yet, and once by the rest of a group of which something was handled. In the end, the rest leaves as an exception
 * or nothing is left. An exception raised by a handler is taken to leave at once, though Python runs the later handlers first.
 */
export function pushGroupHandlers(lowering: Lowering, clauses: readonly number[], done: number): void {
  const { writer } = lowering
  /** Where those go of whom an earlier clause has taken something. */
  const rest = clauses.map(() => writer.newLabel())
  const end = writer.newLabel()
  lowering.push(finishGroup, clauses.at(-1)!, end, done)
  lowering.push(leaveUnmatched, clauses[0]!)
  for (let i = clauses.length - 1; i >= 0; i--) {
    const clause = clauses[i]!
    const otherwise = writer.newLabel()
    const next = rest[i + 1] ?? end
    lowering.push(bind, clause, otherwise)
    lowering.push(moveTo, clause, next)
    pushHandlerBody(lowering, clause)
    lowering.push(askBoth(rest[i]!, next), clause, otherwise)
    pushExceptionType(lowering, clause)
  }
}

/** Tests the exceptions nobody has handled, which come next, and then those in `rest`. */
function askBoth(rest: number, next: number): Step {
  return (lowering, clause, otherwise) => {
    const { writer } = lowering
    const caught = writer.newLabel()
    writer.point(clause, G.EXCEPT_TEST)
    writer.branch(G.MATCH_EDGE, caught, G.NO_MATCH_EDGE, otherwise, clause, G.UNMATCHED)
    if (!writer.isEmpty(rest)) {
      writer.bind(rest)
      writer.point(clause, G.EXCEPT_TEST)
      writer.branch(G.MATCH_EDGE, caught, G.NO_MATCH_EDGE, next, clause)
    }
    writer.bind(caught)
  }
}

const leaveUnmatched: Step = (lowering) => F.leave(lowering, F.BY_EXCEPTION)

/** What was handled in part: something may be left. */
const finishGroup: Step = (lowering, clause, end, done) => {
  const { writer } = lowering
  writer.bind(end)
  if (!writer.isOpen) return
  writer.pendingReasons |= G.UNMATCHED
  writer.point(clause, G.EXCEPT_TEST)
  writer.moveCurrentTo(done)
}
