import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classOfExpression } from './called-function.ts'
import { LOGGER_DERIVING_METHODS } from '../data/loggers.ts'
import { isInside } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'

/** Which library a logger is of: they take values, and exceptions, in different ways. */
export type LoggerLibrary = 'logging' | 'structlog' | 'loguru'

/** Longer chains of `.bind()` and the like are not followed. */
const MAX_STEPS = 8

/** The library of a logger; `null` if it is not known. @param node the expression before the dot of a logging call, see `LoggingCall` */
export function loggerLibrary(context: PythonServices, node: PythonNode): LoggerLibrary | null {
  let current = withoutParentheses(node)
  for (let step = 0; step < MAX_STEPS; step++) {
    const found = libraryOf(context, current)
    if (found || current.kind !== 'call' || current.function.kind !== 'attribute' || !LOGGER_DERIVING_METHODS.has(current.function.attribute.text)) return found
    current = withoutParentheses(current.function.object)
  }
  return null
}

/** By what a name is bound to, or else by its type, which costs more. */
function libraryOf(context: PythonServices, node: PythonNode): LoggerLibrary | null {
  const value = context.values.of(node)
  const name = value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null
  const known = name === null ? null : libraryNamed([name])
  if (known) return known
  const className = classOfExpression(context, node)
  return className === null ? null : libraryNamed(context.project.ancestors(className).names)
}

const LIBRARIES: readonly LoggerLibrary[] = ['logging', 'structlog', 'loguru']

function libraryNamed(names: readonly string[]): LoggerLibrary | null {
  for (const name of names) {
    const library = LIBRARIES.find((candidate) => isInside(name, candidate))
    if (library) return library
    if (name === 'celery.utils.log.get_task_logger' || name === 'flask.current_app.logger') return 'logging'
  }
  return null
}
