import { classOfExpression, positionalArguments, withoutParentheses } from '@krait/python'
import type { AssignmentNode, CallNode, PythonNode, PythonServices } from '@krait/python'
import type { StateChange } from './state-changes.ts'

/** `token = variable.set(value)`: only with its token a value can be taken back. */
export function changeOfContextVariable(context: PythonServices, assignment: AssignmentNode, { function: called }: CallNode): StateChange | null {
  if (called?.kind !== 'attribute' || called.attribute.text !== 'set') return null
  const variable = withoutParentheses(called.object)
  return isContextVariable(context, variable) ? change(assignment, variable, { sets: [name(variable, assignment.left)], undoes: [] }) : null
}

/** `variable.reset(token)` */
export function resetOfContextVariable(context: PythonServices, call: CallNode, variable: PythonNode): StateChange | null {
  const [token] = positionalArguments(call)
  return token && isContextVariable(context, variable) ? change(call, variable, { sets: [], undoes: [name(variable, token)] }) : null
}

function isContextVariable(context: PythonServices, node: PythonNode): boolean {
  return classOfExpression(context, node) === 'contextvars.ContextVar'
}

function name(variable: PythonNode, token: PythonNode): string {
  return `${variable.text}@${token.text}`
}

function change(node: PythonNode, variable: PythonNode, effect: Pick<StateChange, 'sets' | 'undoes'>): StateChange {
  return { kind: 'context-variable', node, text: variable.text, place: null, ...effect, rebinds: null }
}
