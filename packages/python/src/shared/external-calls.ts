import { EXTERNAL_CLIENTS, EXTERNAL_FUNCTIONS, EXTERNAL_NAMESPACES, LOCAL_CLIENT_METHODS } from '../data/external-calls.ts'
import type { ExternalClient, ExternalKind } from '../data/external-calls.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classOfExpression } from './called-function.ts'
import { withoutParentheses } from './parentheses.ts'

/** A call that leaves the process, other than to the database. */
export interface ExternalCall {
  readonly kind: ExternalKind
  /** The function or method that is called: `post`, `upload_file`. */
  readonly name: string
}

/** Longer chains between a client and the call are not followed. */
const MAX_STEPS = 8

/** Takes a call apart if it leaves the process; `null` for all others, and where the client is not known. */
export function externalCall(context: PythonServices, call: CallNode): ExternalCall | null {
  const called = withoutParentheses(call.function)
  const name = context.resolve(called)
  const known = name === null ? undefined : EXTERNAL_FUNCTIONS.get(name)
  if (known) return { kind: known, name: name!.slice(name!.lastIndexOf('.') + 1) }
  if (called.kind !== 'attribute') return null
  const method = called.attribute.text
  if (LOCAL_CLIENT_METHODS.has(method)) return null
  const client = namespaceOf(name) ?? clientBehind(context, called.object)
  if (!client || client.handles?.has(method)) return null
  return client.methods && !client.methods.has(method) ? null : { kind: client.kind, name: method }
}

/** The client that a name is of by the module that it comes from: `stripe.Charge.create`. */
export function namespaceOf(name: string | null): ExternalClient | undefined {
  return name === null ? undefined : EXTERNAL_NAMESPACES.get(name.slice(0, Math.max(0, name.indexOf('.'))))
}

/** The client that an expression is, or from which it is reached by attributes and by methods that make handles. */
function clientBehind(context: PythonServices, expression: PythonNode): ExternalClient | null {
  let node = withoutParentheses(expression)
  const handles: string[] = []
  for (let step = 0; step < MAX_STEPS; step++) {
    const client = clientOf(context, node)
    if (client) {
      const isDirect = node === withoutParentheses(expression)
      if (!isDirect && client.methods) return null
      return handles.every((handle) => client.handles?.has(handle)) ? client : null
    }
    if (node.kind === 'call') {
      node = withoutParentheses(node.function)
      if (node.kind !== 'attribute') return null
      handles.push(node.attribute.text)
    } else if (node.kind !== 'attribute') return null
    node = withoutParentheses(node.object)
  }
  return null
}

function clientOf(context: PythonServices, node: PythonNode): ExternalClient | undefined {
  const className = classOfExpression(context, node)
  if (className !== null) return clientNamed(context.project, className)
  const value = context.values.of(node)
  const made = value.kind === 'await' ? value.operand : value
  if (made.kind !== 'call') return undefined
  return made.callee === null ? undefined : EXTERNAL_CLIENTS.get(made.callee)
}

/** The client that a class is, itself or as a class of the project that derives from one. */
export function clientNamed(project: PythonProject, className: string): ExternalClient | undefined {
  const known = EXTERNAL_CLIENTS.get(className)
  if (known || project.definition(className)?.kind !== 'class') return known
  for (const ancestor of project.ancestors(className).names) {
    const client = EXTERNAL_CLIENTS.get(ancestor)
    if (client) return client
  }
  return undefined
}
