import type { FunctionDefinition } from '../project/definition.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonServices } from '../services.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { classType, functionType, instanceOf, membersOf, UNKNOWN_TYPE, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { CallValue, Value } from '../values/value.ts'
import { classOfExpression } from './called-function.ts'
import { argument } from './calls.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'
import { sessionClassOf, sessionOf, sessionOfType } from './sessions.ts'

/** A session or connection that a call makes anew, so that somebody has to close it. */
export interface OpenedSession {
  readonly kind: 'sync' | 'async'
  readonly isConnection: boolean
}

const MAKERS: ReadonlySet<string> = new Set(['sqlalchemy.orm.sessionmaker', 'sqlalchemy.ext.asyncio.async_sessionmaker'])
const ENGINES: ReadonlyMap<string, 'sync' | 'async'> = new Map([
  ['sqlalchemy.Engine', 'sync'],
  ['sqlalchemy.ext.asyncio.AsyncEngine', 'async'],
])

/** Functions that give the session of another function are followed this far. */
const MAX_DEPTH = 3

/**
 * The session that a call makes anew: by a session class, by a `sessionmaker`, by a function of the project that returns such a session; or the connection of
 * `engine.connect()`. `null` for all other calls, also for a session that is bound to a connection which somebody else closes.
 */
export function openedSession(context: PythonServices, call: CallNode): OpenedSession | null {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute' && called.attribute.text === 'connect') {
    const kind = ENGINES.get(classOfExpression(context, called.object) ?? '')
    if (kind) return { kind, isConnection: true }
  }
  const type = typeOfCallee(context, called)
  const made = madeBy(context.project, type)
  if (made) return isOfConnection(context, call) ? null : made
  if (type.kind !== 'function') return null
  const opened = openedByFunction(context.project, type.name)
  return opened && opened.isAwaited === isAwaited(call) ? opened : null
}

/** As `typeOf`, but quick for the many calls of what libraries and modules define. */
function typeOfCallee(context: PythonServices, called: PythonNode): Type {
  const name = context.resolve(called)
  const kind = name === null ? undefined : context.project.definition(name)?.kind
  if (name !== null && kind === 'class') return classType(name)
  if (name !== null && kind === 'function') return functionType(name)
  if (name === null || kind !== undefined || isOfProject(context.project, name)) return context.typeOf(called)
  return sessionClassOf(context.project, name) ? classType(name) : UNKNOWN_TYPE
}

/** Whether a name is that of an attribute of something which the project defines. */
function isOfProject(project: PythonProject, name: string): boolean {
  for (let outer = withoutLastPart(name); outer !== ''; outer = withoutLastPart(outer)) if (project.definition(outer)) return true
  return false
}

/** The function of the project that a `Depends(...)` or a call names, if all that it returns are sessions that it makes anew. */
export function openedByFunction(project: PythonProject, name: string): (OpenedSession & { readonly isAwaited: boolean }) | null {
  const opened = openedBy(project, name, 0)
  const definition = opened && project.definition(name)
  return opened && definition?.kind === 'function' ? { ...opened, isAwaited: definition.fact.async === true } : null
}

function openedBy(project: PythonProject, name: string, depth: number): OpenedSession | null {
  const definition = depth > MAX_DEPTH ? null : project.definition(name)
  if (definition?.kind !== 'function') return null
  const { fact } = definition
  if (fact.generator || fact.returnsOpen || fact.fallsOff || fact.returns.length === 0 || fact.method === 'property') return null
  const opened = fact.returns.map((value) => openedByValue(project, definition, project.value(value, definition.path), depth))
  return opened.every((session) => session !== null) ? opened[0]! : null
}

function openedByValue(project: PythonProject, definition: FunctionDefinition, value: Value, depth: number): OpenedSession | null {
  const made = value.kind === 'await' ? value.operand : value
  if (made.kind !== 'call') return null
  if (made.callee !== null && project.definition(made.callee)?.kind === 'function') return openedBy(project, made.callee, depth + 1)
  const callee: Value | null = made.callee === null ? made.function : { kind: 'name', name: made.callee }
  const session = callee && madeBy(project, typeIn(project, definition, callee))
  return session && !isValueOfConnection(project, definition, made) ? session : null
}

function typeIn(project: PythonProject, { name, fact, path }: FunctionDefinition, value: Value): Type {
  const owner = withoutLastPart(name)
  const receiver = fact.method === 'instance' ? instanceOf(owner) : fact.method === 'class' ? classType(owner) : null
  return new TypeEvaluator(project).ofLocalValue(value, { function: fact, path, receiver })
}

/** What a call of a value of this type makes. */
function madeBy(project: PythonProject, type: Type): OpenedSession | null {
  const [only, ...others] = membersOf(withoutNone(type))
  if (!only || others.length > 0) return null
  if (only.kind === 'class') {
    const session = sessionClassOf(project, only.class)
    return session && !session.isRegistry && !session.isConnection ? { kind: session.kind, isConnection: false } : null
  }
  if (only.kind !== 'instance' || !isMaker(project, only.class)) return null
  const session = only.args[0] ? sessionOfType(project, only.args[0]) : null
  const kind = session?.kind ?? (only.class.includes('async') ? 'async' : 'sync')
  return { kind, isConnection: false }
}

function isMaker(project: PythonProject, className: string): boolean {
  return MAKERS.has(className) || project.ancestors(className).names.some((name) => MAKERS.has(name))
}

/** `Session(bind=connection)`: what closes the connection ends the session's work, too. */
function isOfConnection(context: PythonServices, call: CallNode): boolean {
  const bind = argument(call, 'bind', 0)
  if (!bind) return false
  const given = withoutParentheses(bind)
  const session = sessionOf(context, given)
  if (session) return session.isConnection
  const name = given.kind === 'call' ? lastNameOf(given.function) : lastNameOf(given)
  return classOfExpression(context, given) === null && isConnectionName(name)
}

function isValueOfConnection(project: PythonProject, definition: FunctionDefinition, { arguments: positional, keywords }: CallValue): boolean {
  const bind = keywords['bind'] ?? positional[0]
  if (!bind) return false
  const session = sessionOfType(project, typeIn(project, definition, bind))
  const name = bind.kind === 'local' ? bind.name : bind.kind === 'attribute' ? bind.attribute : bind.kind === 'call' ? lastPart(bind.callee ?? '') : ''
  return session?.isConnection ?? isConnectionName(name)
}

function isConnectionName(name: string): boolean {
  return /conn|bind/i.test(name)
}

function lastNameOf(node: PythonNode): string {
  return node.kind === 'attribute' ? node.attribute.text : node.text
}

function isAwaited(call: CallNode): boolean {
  let parent = call.parent
  while (parent?.kind === 'parenthesized_expression') ({ parent } = parent)
  return parent?.kind === 'await'
}
