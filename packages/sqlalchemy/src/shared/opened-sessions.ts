import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { argument, calledProjectFunction, classOfExpression, functionMakesSession, makesSession, ormSessionOf, withoutParentheses } from '@krait/python'

const ENGINES: ReadonlySet<string> = new Set(['sqlalchemy.Engine', 'sqlalchemy.ext.asyncio.AsyncEngine'])

/**
 * Whether a call opens a session or connection that someone has to close: of a session class or a `sessionmaker`, of a project function that returns a new
 * one, or `engine.connect()`. A session on a connection that is given to it takes nothing from the pool.
 */
export function opensSession(context: PythonRuleContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute' && called.attribute.text === 'connect') return ENGINES.has(classOfExpression(context, called.object) ?? '')
  if (makesSession(context, call)) return !isOnConnection(context, call)
  const name = mayGiveSession(context, called) ? calledProjectFunction(context, call) : null
  if (name === null || name.endsWith('__init__') || !functionMakesSession(context, name) || context.project.summary(name)?.kind !== 'plain') return false
  return ormSessionOf(context, call)?.isRegistry === false
}

/** A function by its name, or a method that is named for a session. */
function mayGiveSession(context: PythonRuleContext, called: PythonNode): boolean {
  const name = context.resolve(called)
  if (name !== null) return context.project.definition(name)?.kind === 'function'
  return called.kind === 'attribute' ? /session|connect|(^|_)db$/i.test(called.attribute.text) : called.kind === 'identifier'
}

function isOnConnection(context: PythonRuleContext, call: CallNode): boolean {
  const bind = argument(call, 'bind', 0)
  if (!bind) return false
  const given = withoutParentheses(bind)
  if (ormSessionOf(context, given)?.isConnection) return true
  const name = given.kind === 'attribute' ? given.attribute.text : given.kind === 'call' ? lastName(given.function) : given.text
  return /conn|bind/i.test(name) && !ENGINES.has(classOfExpression(context, given) ?? '')
}

function lastName(called: PythonNode): string {
  return called.kind === 'attribute' ? called.attribute.text : called.text
}
