import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import type { WayOut } from './frames.ts'
import * as G from './graph.ts'
import { NEXT } from './graph-writer.ts'
import { bind } from './lower-operators.ts'
import type { Lowering, Step } from './lowering.ts'

/**
 * A `finally` inside the `finally` of others is written once for all ways through it, where their numbers would multiply to more than this. Paths can
 * then come into it by one way and leave by another.
 */
const MAX_COPIES = 32

/** Opens a block with a `finally`, and schedules it for the end of that block. It is written once for each way out that is taken. */
export function pushFinally(lowering: Lowering, clause: number): void {
  F.openCleanup(lowering)
  lowering.push(closeFinally, clause)
}

const closeFinally: Step = (lowering, clause) => {
  const done = lowering.writer.newLabel()
  const ways = F.waysOut(lowering, F.closeFrame(lowering))
  const copies = lowering.finallyCopies * ways.length > MAX_COPIES ? [ways] : ways.map((way) => [way])
  const count = copies.length
  lowering.push(bind, clause, done)
  for (const copy of copies.reverse()) lowering.push(openCopy(copy, done), clause, count)
}

/** A copy of the `finally` for some of the ways through it. */
function openCopy(ways: readonly WayOut[], done: number): Step {
  return (lowering, clause, count) => {
    const { writer } = lowering
    for (const { label } of ways) writer.bind(label)
    lowering.finallyCopies *= count
    const begin = writer.mappedPoint(clause, G.FINALLY)
    lowering.push(closeCopy(ways, done, begin), clause, count)
    lowering.pushBlock(lowering.childOfKind(clause, K.BLOCK))
  }
}

function closeCopy(ways: readonly WayOut[], done: number, begin: number): Step {
  return (lowering, clause, count) => {
    const { writer } = lowering
    lowering.finallyCopies /= count
    const end = writer.point(clause, G.FINALLY_END)
    writer.setPartner(begin, end)
    writer.setPartner(end, begin)
    for (const [index, way] of ways.entries()) {
      if (index > 0) writer.edge(end, G.NORMAL_EDGE, -1, NEXT)
      F.goOn(lowering, way, done)
    }
  }
}
