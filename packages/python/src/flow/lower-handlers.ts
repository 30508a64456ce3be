import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import type { Lowering, Step } from './lowering.ts'

/** Schedules the evaluation of the types of an `except` clause. */
export function pushExceptionType(lowering: Lowering, clause: number): void {
  const { tree, fields } = lowering
  const values: number[] = []
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) {
    if (tree.field[child] === fields.value && lowering.isPart(child)) values.push(child)
  }
  for (const value of values.reverse()) lowering.push(lowerType, value)
}

/** Schedules the handler's code. An `as` name is bound when it begins and deleted on every way out. */
export function pushHandlerBody(lowering: Lowering, clause: number): void {
  lowering.push(openHandler, clause)
}

/**
 * Looking up the name of a type is taken not to fail: `except requests.Timeout` is no place where a handler loses an exception. What is more
 * than names and tuples of them is an expression as any other.
 */
const lowerType: Step = (lowering, type) => {
  switch (lowering.code(type)) {
    case K.AS_PATTERN:
    case K.PARENTHESIZED_EXPRESSION:
    case K.LIST_SPLAT: {
      const inner = lowering.firstPart(type)
      if (inner >= 0) lowering.push(lowerType, inner)
      return
    }
    case K.TUPLE:
      for (const element of lowering.parts(type).reverse()) lowering.push(lowerType, element)
      return
    case K.ATTRIBUTE: {
      lowering.writer.placeBefore(type)
      const object = lowering.child(type, lowering.fields.object)
      if (object >= 0) lowering.push(lowerType, object)
      return
    }
    default:
      lowering.evaluateNext(type)
  }
}

const openHandler: Step = (lowering, clause) => {
  lowering.writer.mappedPoint(clause, G.EXCEPT)
  if (hasAlias(lowering, clause)) {
    F.openCleanup(lowering)
    lowering.push(closeHandler, clause)
  }
  lowering.pushBlock(lowering.childOfKind(clause, K.BLOCK))
}

/** Python deletes the name of the exception at the end of the handler. */
const closeHandler: Step = (lowering, clause) => {
  const { writer } = lowering
  const done = writer.newLabel()
  for (const way of F.waysOut(lowering, F.closeFrame(lowering))) {
    writer.bind(way.label)
    writer.point(clause, G.UNBIND)
    F.goOn(lowering, way, done)
  }
  writer.bind(done)
}

function hasAlias(lowering: Lowering, clause: number): boolean {
  const { fields } = lowering
  const value = lowering.child(clause, fields.value)
  return lowering.child(clause, fields.alias) >= 0 || (value >= 0 && lowering.code(value) === K.AS_PATTERN)
}
