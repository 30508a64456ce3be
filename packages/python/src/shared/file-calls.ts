import { FILE_CLASSES, FILE_FUNCTIONS, FILE_METHODS, PATH_METHODS } from '../data/file-calls.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { calledFunction, classOfExpression } from './called-function.ts'
import { withoutParentheses } from './parentheses.ts'

/** Whether a call opens, reads or writes a file. */
export function isFileCall(context: PythonServices, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute') {
    const method = called.attribute.text
    if (PATH_METHODS.has(method)) return context.project.definition(calledFunction(context, call) ?? '') === null
    if (FILE_METHODS.has(method) && isOpenFile(context, called.object)) return true
  }
  const name = calledFunction(context, call)
  return name !== null && FILE_FUNCTIONS.has(name)
}

function isOpenFile(context: PythonServices, node: PythonNode): boolean {
  const className = classOfExpression(context, node)
  if (className !== null) return FILE_CLASSES.has(className)
  const value = context.values.of(node)
  return value.kind === 'call' && value.callee !== null && FILE_FUNCTIONS.has(value.callee)
}
