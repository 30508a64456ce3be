import type { RuleContext } from '@krait/core'
import { DATABASE_METHODS, DRIVER_CLASSES, DRIVER_FUNCTIONS, DRIVER_METHODS, ENGINE_CLASSES, SESSION_NAMES } from '../data/database-calls.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classOfExpression } from './called-function.ts'
import { lastPart, matchesEntry } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'
import { sessionOf } from './sessions.ts'
import { listSetting } from './settings.ts'

export type DatabaseContext = PythonServices & Pick<RuleContext, 'settings'>

/** Whether a call talks to the database: a method of a session, connection or engine. */
export function isDatabaseCall(context: DatabaseContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute') return context.resolvesTo(called, DRIVER_FUNCTIONS)
  const method = called.attribute.text
  if (DATABASE_METHODS.has(method) && isSession(context, called.object)) return true
  if (!DATABASE_METHODS.has(method) && !DRIVER_METHODS.has(method)) return false
  if (context.resolvesTo(called, DRIVER_FUNCTIONS)) return true
  const className = classOfExpression(context, called.object)
  if (className !== null) return (DRIVER_CLASSES.has(className) && DRIVER_METHODS.has(method)) || ENGINE_CLASSES.has(className)
  return DRIVER_METHODS.has(method) && isMadeByDriver(context, called.object)
}

/** Whether an expression is a session or connection: as far as it can be resolved, by what it is; else by its name. */
export function isSession(context: DatabaseContext, node: PythonNode): boolean {
  if (sessionOf(context, node) !== null) return true
  const name = lastPart(withoutParentheses(node).text)
  const isNamed = SESSION_NAMES.has(name) || listSetting(context.settings, 'database', 'sessionNames').some((entry) => matchesEntry(name, entry))
  return isNamed && !isKnownOtherwise(context, node)
}

/** An object of another class, such as `requests.Session`, or Flask's `session`, which holds the data of a visitor. */
function isKnownOtherwise(context: DatabaseContext, node: PythonNode): boolean {
  return classOfExpression(context, node) !== null || context.resolve(node) === 'flask.session'
}

/** A connection or cursor: `sqlite3.connect(path)`, `connection.cursor()`. */
function isMadeByDriver(context: DatabaseContext, node: PythonNode): boolean {
  let value = context.values.of(node)
  if (value.kind === 'await') value = value.operand
  while (value.kind === 'call' && value.callee === null && value.function?.kind === 'attribute') value = value.function.object
  return value.kind === 'call' && value.callee !== null && DRIVER_FUNCTIONS.has(value.callee)
}
