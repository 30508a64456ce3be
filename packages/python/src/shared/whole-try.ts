import { enclosingFunctionName } from '../calls/called-project-function.ts'
import { wholeTryFact } from '../facts/whole-try.ts'
import type { WholeTryHandler } from '../facts/whole-try.ts'
import type { PythonNode } from '../syntax/node.ts'
import { isBroadType, namedExceptionTypes } from './exceptions.ts'
import { callsOf, functionNamed } from './function-calls.ts'
import type { LoggerContext } from './loggers.ts'
import { withoutParentheses } from './parentheses.ts'
import { isLoggingOrReporterCallOf } from './reporters.ts'

/**
 * The qualified name of the function or method of the project that an expression is, not its call: what is passed to `submit()`. Also that of a
 * `functools.partial` of one, and of a function inside a function. `null` for all else.
 */
export function functionPassed(context: LoggerContext, expression: PythonNode): string | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'call') {
    const first = node.arguments.namedChildren[0]
    return first && first.kind !== 'call' && context.resolvesTo(node.function, PARTIAL) ? functionPassed(context, first) : null
  }
  const type = context.typeOf(node)
  const name = type.kind === 'function' ? type.name : context.resolve(node)
  if (name !== null) return functionNamed(context.project, name)?.name ?? null
  const definition = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition : null
  const body = definition?.node.kind === 'function_definition' ? definition.node.body.namedChildren[0] : undefined
  return body ? enclosingFunctionName(context, body) : null
}

const PARTIAL = ['functools.partial']

/** Whether a function of the project tells of all its errors: its whole body is a `try` with a broad handler that logs or reports. */
export function logsAllErrors(context: LoggerContext, qualifiedName: string): boolean {
  const caller = callsOf(context.project, qualifiedName)
  if (!caller) return false
  return broadHandlers(context, caller.name, caller.path).some(({ calls }) => calls?.some((number) => isLoggingOrReporterCallOf(context, caller, number)))
}

/** Whether a function of the project lets no error out: its whole body is a `try` with a broad handler, and nothing behind that raises. */
export function letsNoErrorOut(context: LoggerContext, qualifiedName: string): boolean {
  const found = functionNamed(context.project, qualifiedName)
  const whole = found && context.project.part(wholeTryFact, found.path, context.project.pathInModule(found.name, found.path))
  return whole !== undefined && whole !== null && !whole.raises && broadHandlers(context, found!.name, found!.path).length > 0
}

function broadHandlers(context: LoggerContext, name: string, path: string): readonly WholeTryHandler[] {
  const { project } = context
  const handlers = project.part(wholeTryFact, path, project.pathInModule(name, path))?.handlers ?? []
  return handlers.filter(({ types }) => types.length === 0 || namedExceptionTypes(context, types.map((type) => project.value(type, path))).some(isBroadType))
}
