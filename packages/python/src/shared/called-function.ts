import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classOf } from '../types/type.ts'
import { withoutParentheses } from './parentheses.ts'

/**
 * The qualified name of what a call calls: a function or class, or a method by the class of its receiver, in the class that defines it:
 * `requests.get`, `requests.Session.get`, `app.repo.Base.save`. `null` if it is not known.
 */
export function calledFunction(context: PythonServices, call: CallNode): string | null {
  const called = withoutParentheses(call.function)
  const type = context.typeOf(called)
  if (type.kind === 'function') return type.name
  if (type.kind === 'class') return type.class
  const receiver = called.kind === 'attribute' ? classOfExpression(context, called.object) : null
  if (called.kind !== 'attribute' || receiver === null) return context.resolve(called)
  const method = called.attribute.text
  return `${context.project.member(receiver, method)?.owner ?? receiver}.${method}`
}

/** The class of which an expression is an instance, `None` aside; `null` if it is not known. */
export function classOfExpression(context: PythonServices, node: PythonNode): string | null {
  return classOf(context.typeOf(node)) ?? context.instanceClassOf(node)
}
