import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { NEXT } from './graph-writer.ts'
import { lowerCondition } from './lower-conditions.ts'
import { lowerExpression } from './lower-expressions.ts'
import { lowerStatements } from './lower-statements.ts'
import { Lowering } from './lowering.ts'
import type { Step, Steps } from './lowering.ts'
import type { FlowOptions } from './options.ts'

const STEPS: Steps = { expression: lowerExpression, condition: lowerCondition, statements: lowerStatements }

/**
 * Builds the graph of the code that a node holds: a module, the body of a function or class, the expression of a lambda. Functions, lambdas and
 * classes inside have graphs of their own.
 * @param root a `module`, `function_definition`, `class_definition` or `lambda`
 */
export function buildFlowGraph(tree: FlatTree, root: number, options: FlowOptions = {}): FlowGraph {
  const lowering = new Lowering(tree, root, options, STEPS)
  const body = lowering.child(root, lowering.fields.body)
  switch (lowering.code(root)) {
    case K.LAMBDA:
      lowering.push(returnValue, body)
      lowering.pushExpression(body)
      break
    case K.FUNCTION_DEFINITION:
    case K.CLASS_DEFINITION:
      lowering.pushBlock(body)
      break
    default:
      // A file that is nothing but an error has no `module`.
      lowering.pushBlock(root)
  }
  lowering.run()
  lowering.writer.landAt(NEXT, G.NORMAL_EXIT)
  return lowering.writer.finish()
}

/** The value of a lambda is a point, whatever it is. */
const returnValue: Step = (lowering, body) => {
  const { writer } = lowering
  if (body < 0) return
  if (!writer.endsWith(body)) writer.mappedPoint(body, G.EXPRESSION)
  writer.relabel(G.RETURN_EDGE)
  F.leave(lowering, F.BY_RETURN)
}
