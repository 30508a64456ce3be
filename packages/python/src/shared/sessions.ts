import type { CallNode } from '../generated/nodes.ts'
import type { FunctionDefinition } from '../project/definition.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { Definition } from '../scopes/scopes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { yieldedBy } from '../types/containers.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { isNoneType, membersOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { Value } from '../values/value.ts'
import { typeAtUse } from './names-at-use.ts'
import { returnedLocals } from './returned-locals.ts'

/** A SQLAlchemy or SQLModel session, or a connection, which is used like one. */
export interface SessionObject {
  readonly kind: 'sync' | 'async'
  /** A `scoped_session`: it stands for the session of the thread or task, and a call of it gives that session. */
  readonly isRegistry: boolean
  /** A `Connection`, which has the methods of a session that execute statements and end transactions. */
  readonly isConnection: boolean
}

const SESSION_CLASSES: Readonly<Record<string, SessionObject>> = {
  'sqlalchemy.orm.Session': { kind: 'sync', isRegistry: false, isConnection: false },
  'sqlalchemy.orm.scoped_session': { kind: 'sync', isRegistry: true, isConnection: false },
  'sqlalchemy.Connection': { kind: 'sync', isRegistry: false, isConnection: true },
  'sqlalchemy.ext.asyncio.AsyncSession': { kind: 'async', isRegistry: false, isConnection: false },
  'sqlalchemy.ext.asyncio.async_scoped_session': { kind: 'async', isRegistry: true, isConnection: false },
  'sqlalchemy.ext.asyncio.AsyncConnection': { kind: 'async', isRegistry: false, isConnection: true },
}

/** The methods of a session that work with the database. */
export const SESSION_OPERATIONS: ReadonlySet<string> = new Set(
  `add add_all begin begin_nested bulk_insert_mappings bulk_save_objects bulk_update_mappings commit delete exec execute flush get get_one merge query
  refresh rollback scalar scalars stream stream_scalars`.split(/\s+/),
)

/**
 * What an expression is, if it certainly is a session: by annotation (also through aliases and `Depends`), by construction from a session class or
 * from a `sessionmaker`, as the target of a `with` over one, or from a project function that gives one. `null` for all else.
 */
export function sessionOf(context: PythonServices, node: PythonNode): SessionObject | null {
  const type = typeAtUse(context, node)
  if (type.kind !== 'unknown') return sessionOfType(context.project, type)
  if (node.kind === 'identifier') return enteredSession(context, node) ?? sessionOfBlock(context, node)
  if (node.kind !== 'call') return null
  const callee = context.typeOf(node.function)
  const definition = callee.kind === 'function' ? context.project.definition(callee.name) : null
  return definition?.kind === 'function' ? sessionGivenBy(context.project, definition) : null
}

/** What an iterator yields, if it certainly yields sessions: a generator, or what is annotated as one. */
export function yieldedSessionOf(context: PythonServices, node: PythonNode): SessionObject | null {
  const type = context.typeOf(node)
  return type.kind === 'unknown' ? null : sessionOfType(context.project, yieldedBy(type))
}

/** As `sessionOf`, for a value with absolute names. */
export function sessionOfValue(project: PythonProject, value: Value): SessionObject | null {
  return sessionOfType(project, new TypeEvaluator(project).ofLocalValue(value, { function: null, path: project.path, receiver: null }))
}

/** As `sessionOf`, for a type; `None` among its members does not count. */
export function sessionOfType(project: PythonProject, type: Type): SessionObject | null {
  const members = membersOf(type).filter((member) => !isNoneType(member))
  return agreed(members.map((member) => (member.kind === 'instance' ? sessionClassOf(project, member.class) : null)))
}

/** What the instances of a class are. @param className its qualified name */
export function sessionClassOf(project: PythonProject, className: string): SessionObject | null {
  for (const name of project.ancestors(className).names) {
    if (Object.hasOwn(SESSION_CLASSES, name)) return SESSION_CLASSES[name]!
  }
  return null
}

/** A session that is put on an `ExitStack` is itself what that gives. */
function enteredSession(context: PythonServices, identifier: PythonNode): SessionObject | null {
  const value = context.scopes.bindingOf(identifier)?.onlyDefinition?.value
  const call = value?.kind === 'await' ? value.namedChildren[0] : value
  const given = call?.kind === 'call' && isEntering(call) ? call.arguments.namedChildren[0] : undefined
  const session = given ? sessionOfType(context.project, context.typeOf(given)) : null
  return session?.isRegistry === false ? session : null
}

/** The target of a `with` or of a loop over a generator of the project that opens a session in a `with` and yields it, or what `next()` gives of one. */
function sessionOfBlock(context: PythonServices, identifier: PythonNode): SessionObject | null {
  const definition = context.scopes.bindingOf(identifier)?.onlyDefinition
  const manager = definition && managerOf(definition)
  if (manager?.kind !== 'call') return null
  const callee = context.typeOf(manager.function)
  const name = callee.kind === 'function' ? callee.name : context.resolve(manager.function)
  const called = name === null ? null : context.project.definition(name)
  return called?.kind === 'function' && called.fact.generator && !called.fact.returnAnnotation ? sessionIn(context.project, called, called.fact.yields ?? []) : null
}

function managerOf({ kind, node, name, value }: Definition): PythonNode | null {
  if (kind === 'with') return node.namedChildren[0] ?? null
  if (kind === 'for') return node.kind === 'for_statement' && node.left === name ? node.right : null
  const call = value?.kind === 'await' ? value.namedChildren[0] : value
  if (call?.kind !== 'call') return null
  const isStep = call.function.kind === 'identifier' && (call.function.text === 'next' || call.function.text === 'anext')
  return isStep || isEntering(call) ? (call.arguments.namedChildren[0] ?? null) : null
}

/** `stack.enter_context(...)` */
function isEntering({ function: called }: CallNode): boolean {
  return called.kind === 'attribute' && (called.attribute.text === 'enter_context' || called.attribute.text === 'enter_async_context')
}

/** A function that opens its session in a `with` and returns it: what it returns has a type only inside of it. */
function sessionGivenBy(project: PythonProject, definition: FunctionDefinition): SessionObject | null {
  const { fact } = definition
  if (fact.async || fact.generator || fact.returnAnnotation || fact.returnsOpen) return null
  return sessionIn(project, definition, fact.returns)
}

/** What all of these values of a function are, names of its `with` blocks among them. */
function sessionIn(project: PythonProject, { name, path, fact }: FunctionDefinition, values: readonly Value[]): SessionObject | null {
  const evaluator = new TypeEvaluator(project)
  const typeOf = (value: Value): Type => evaluator.ofLocalValue(value, { function: fact, path, receiver: null })
  const locals = returnedLocals(project, name)
  const sessions = values.map((value) => {
    const local = value.kind === 'local' ? locals.get(value.name) : undefined
    const type = local?.kind === 'entered' ? evaluator.entered(typeOf(local.context), local.async) : typeOf(project.value(value, path))
    return sessionOfType(project, type)
  })
  return agreed(sessions)
}

function agreed(sessions: readonly (SessionObject | null)[]): SessionObject | null {
  const [first] = sessions
  if (!first || sessions.some((session) => session?.kind !== first.kind)) return null
  return {
    kind: first.kind,
    isRegistry: sessions.some((session) => session?.isRegistry),
    isConnection: sessions.some((session) => session?.isConnection),
  }
}
