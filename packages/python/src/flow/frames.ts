import * as G from './graph.ts'
import { NEXT } from './graph-writer.ts'
import type { Lowering } from './lowering.ts'

/** The ways out of a block: to its end, by an exception, or by a jump. */
export const BY_END = 0
export const BY_EXCEPTION = 1
export const BY_RETURN = 2
export const BY_BREAK = 3
export const BY_CONTINUE = 4
const WAYS_OUT = 5

/** The kinds of edges that go on from a piece of code that runs on the way out. */
const EDGES_OUT: readonly number[] = [G.NORMAL_EDGE, G.UNWIND_EDGE, G.RETURN_EDGE, G.BREAK_EDGE, G.CONTINUE_EDGE]

/**
 * A construct around the code being written that takes jumps or exceptions. A loop takes `break` and `continue`; a `try` with handlers takes
 * exceptions; what runs code on every way out (`finally`, the end of a `with` item, the end of a handler that deletes its name) takes all.
 */
export interface Frame {
  /** The labels in which the ways out wait, by way; -1 where none is taken. */
  readonly labels: number[]
  /** The head of a loop to which `continue` goes; -1 for all others. */
  readonly head: number
  readonly outerException: number
  readonly outerJump: Frame | null
  readonly outerReturn: Frame | null
}

/** Opens a loop. @param head where `continue` goes; -1 if it waits in the frame's label */
export function openLoop(lowering: Lowering, head: number): void {
  const frame = open(lowering, head)
  frame.labels[BY_BREAK] = lowering.writer.newLabel()
  if (head < 0) frame.labels[BY_CONTINUE] = lowering.writer.newLabel()
  lowering.jumpFrame = frame
}

/** Opens the body of a `try` that has handlers. */
export function openHandlers(lowering: Lowering): void {
  const frame = open(lowering, -1)
  lowering.writer.exceptionLabel = frame.labels[BY_EXCEPTION] = lowering.writer.newLabel()
}

/** Opens a block with code that runs on every way out. */
export function openCleanup(lowering: Lowering): void {
  const frame = open(lowering, -1)
  for (let way = BY_EXCEPTION; way < WAYS_OUT; way++) frame.labels[way] = lowering.writer.newLabel()
  lowering.writer.exceptionLabel = frame.labels[BY_EXCEPTION]!
  if (lowering.jumpFrame) lowering.jumpFrame = frame
  lowering.returnFrame = frame
}

/** Closes the innermost frame and gives it back: its labels say who left the block in which way. */
export function closeFrame(lowering: Lowering): Frame {
  const frame = lowering.frames.pop()!
  lowering.writer.exceptionLabel = frame.outerException
  lowering.jumpFrame = frame.outerJump
  lowering.returnFrame = frame.outerReturn
  return frame
}

/** What would come next leaves in a way instead. Outside of a loop, `break` and `continue` are syntax errors and do nothing. */
export function leave(lowering: Lowering, way: number): void {
  const { writer } = lowering
  if (way === BY_EXCEPTION) {
    writer.moveCurrentTo(writer.exceptionLabel)
    return
  }
  if (way === BY_RETURN) {
    if (lowering.returnFrame) writer.moveCurrentTo(lowering.returnFrame.labels[BY_RETURN]!)
    else writer.landAt(NEXT, G.NORMAL_EXIT)
    return
  }
  const frame = lowering.jumpFrame
  if (!frame) return
  if (way === BY_CONTINUE && frame.head >= 0) writer.landAt(NEXT, frame.head)
  else writer.moveCurrentTo(frame.labels[way]!)
}

/** A way out of a block that somebody takes, with the label in which it waits and what the exceptions on it may be. */
export interface WayOut {
  readonly way: number
  readonly label: number
  readonly reasons: number
}

/**
 * The ways out of the block of a closed frame that are taken. What would come next is its end, and waits in a label afterwards. A block that
 * nobody leaves has its end all the same, so that the code there is part of the graph.
 */
export function waysOut(lowering: Lowering, frame: Frame): readonly WayOut[] {
  const { writer } = lowering
  const taken: WayOut[] = []
  for (let way = BY_EXCEPTION; way < WAYS_OUT; way++) {
    const label = frame.labels[way]!
    if (!writer.isEmpty(label)) taken.push({ way, label, reasons: way === BY_EXCEPTION ? writer.reasonsIn(label) : 0 })
  }
  if (!writer.isOpen && taken.length > 0) return taken
  const label = writer.newLabel()
  writer.moveCurrentTo(label)
  return [{ way: BY_END, label, reasons: 0 }, ...taken]
}

/** After the code on a way out: goes on from the last point, to `done` from the block's end. */
export function goOn(lowering: Lowering, { way, reasons }: WayOut, done: number): void {
  const { writer } = lowering
  writer.relabel(EDGES_OUT[way]!, -1, reasons)
  if (way === BY_END) writer.moveCurrentTo(done)
  else leave(lowering, way)
}

function open(lowering: Lowering, head: number): Frame {
  const frame: Frame = {
    labels: new Array<number>(WAYS_OUT).fill(-1),
    head,
    outerException: lowering.writer.exceptionLabel,
    outerJump: lowering.jumpFrame,
    outerReturn: lowering.returnFrame,
  }
  lowering.frames.push(frame)
  return frame
}
