import { calledProjectFunction } from '../calls/called-project-function.ts'
import { HARMLESS_METHODS } from '../data/harmless-calls.ts'
import { KNOWN_LIBRARIES } from '../data/known-libraries.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import { calledFunction } from './called-function.ts'
import { lastNameOf } from './last-name.ts'

/** Whether a call runs code of the project, as far as is known: a function of it, or something that is of no library and no method of strings or containers. */
export function mayRunProjectCode(context: PythonServices, call: CallNode): boolean {
  if (calledProjectFunction(context, call) !== null) return true
  const name = calledFunction(context, call)
  if (name !== null) return !KNOWN_LIBRARIES.has(name.split('.', 1)[0]!)
  const method = lastNameOf(call.function)
  return method !== null && !HARMLESS_METHODS.has(method)
}
