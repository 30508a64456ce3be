import type { Settings } from '@krait/core'
import { SESSION_NAMES } from '../data/database-calls.ts'
import {
  BEGINNING_CLASSES,
  BEGINNING_WORDS,
  DJANGO_INSTANCE_WRITES,
  DJANGO_MODEL,
  DJANGO_WRITES,
  EXECUTING_METHODS,
  QUERY_WRITES,
  WRITE_METHODS,
  WRITING_STATEMENTS,
} from '../data/database-writes.ts'
import type { ExternalKind } from '../data/external-calls.ts'
import {
  CHANGING_HTTP_METHODS,
  EFFECT_METHODS,
  ENQUEUEING_METHODS,
  HINTED_METHODS,
  HINTED_QUEUES,
  POOL_WORDS,
  TELLING_METHODS,
} from '../data/external-effects.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { CallShape } from './call-shape.ts'
import { lastPart, matchesEntry, withoutLastPart } from './dotted-name.ts'
import { importsOneOf } from './library-use.ts'
import { matchesName } from './name-globs.ts'
import { sessionClassOf } from './sessions.ts'
import { listSetting } from './settings.ts'
import { hasWords, splitWords } from './words.ts'

/** Where a call stands, as far as it matters for what it does. */
export interface ShapeContext {
  readonly project: PythonProject
  readonly settings: Settings
  /** The file of the call. */
  readonly path: string
}

/** Whether a receiver is a session or connection: by its class or, where that is not known, by its name. */
export function isSessionShape(context: ShapeContext, { receiver, receiverClass }: CallShape): boolean {
  if (receiverClass !== null) return sessionClassOf(context.project, receiverClass) !== null
  return isSessionName(context, receiver.at(-1) ?? '')
}

function isSessionName({ settings }: ShapeContext, name: string): boolean {
  return SESSION_NAMES.has(name) || listSetting(settings, 'database', 'sessionNames').some((entry) => matchesEntry(name, entry))
}

/** Whether a call changes the database or stages a change, by a session or by Django's models. */
export function isWriteShape(context: ShapeContext, shape: CallShape): boolean {
  const { method } = shape
  if (WRITE_METHODS.has(method) && isSessionShape(context, shape)) return true
  if (EXECUTING_METHODS.has(method)) return isSessionShape(context, shape) && [...shape.calledInFirst].some((name) => WRITING_STATEMENTS.has(name))
  if (QUERY_WRITES.has(method) && isQuery(context, shape)) return true
  return DJANGO_WRITES.has(method) && isDjangoWrite(context, shape)
}

/** `session.query(User).filter().update()`. */
function isQuery(context: ShapeContext, { receiver, receiverClass }: CallShape): boolean {
  if (receiverClass !== null) return receiverClass === 'sqlalchemy.orm.Query'
  const query = receiver.indexOf('query')
  return query > 0 && isSessionName(context, receiver[query - 1]!)
}

function isDjangoWrite({ project, path }: ShapeContext, { method, name, receiver, origin, receiverClass, text }: CallShape): boolean {
  if (receiverClass !== null && project.isSubclassOf(receiverClass, [DJANGO_MODEL]) === true) return true
  const manager = receiver.indexOf('objects')
  if (manager > 0) return isModel(project, name, receiver[manager - 1]!)
  if (origin.includes('objects')) return usesDjango(project, path)
  return receiverClass === null && receiver.length > 0 && text === null && DJANGO_INSTANCE_WRITES.has(method) && usesDjango(project, path)
}

/** Whether `Order` in `app.models.Order.objects.create` may be one of Django's models. */
function isModel(project: PythonProject, name: string | null, owner: string): boolean {
  const at = name === null ? -1 : name.indexOf(`.${owner}.objects.`)
  const definition = at < 0 ? null : project.definition(name!.slice(0, at + owner.length + 1))
  return definition?.kind !== 'class' || project.isSubclassOf(definition.name, [DJANGO_MODEL]) !== false
}

function usesDjango(project: PythonProject, path: string): boolean {
  return importsOneOf(project.imports(path), 'django')
}

/** Whether `begin()` of a receiver makes a block whose end commits: that of a session, a maker of sessions, or an engine. */
export function beginsTransaction(context: ShapeContext, shape: CallShape): boolean {
  if (shape.method !== 'begin' || shape.receiver.length === 0) return false
  if (isSessionShape(context, shape)) return true
  const { receiverClass } = shape
  return receiverClass === null ? hasWords(shape.receiver.at(-1)!, BEGINNING_WORDS) : BEGINNING_CLASSES.has(receiverClass)
}

/** What a call of a library does to other services: it hands work to a queue, or changes something there. */
export type OutsideEffect = 'enqueue' | 'change'

/** @param external what the call talks to, if it is known to leave the process */
export function outsideEffect(context: ShapeContext, shape: CallShape, external: ExternalKind | null): OutsideEffect | null {
  const { method, name } = shape
  const entries = listSetting(context.settings, 'effects', 'external')
  if (entries.length > 0 && entries.some((entry) => matchesName(name ?? method, entry))) return 'change'
  if (external !== null) return changes(external, shape) ? 'change' : null
  if (shape.receiver.length === 0 || !hintsAtEffect(method) || isKnown(context, shape)) return null
  if (ENQUEUEING_METHODS.has(method)) return receiverHas(shape, POOL_WORDS) ? null : 'enqueue'
  if (TELLING_METHODS.has(method)) return 'change'
  if (method === 'send' && isActor(context, shape)) return 'enqueue'
  const queues = HINTED_QUEUES.get(method)
  if (queues && receiverHas(shape, queues)) return 'enqueue'
  const hints = HINTED_METHODS.get(method)
  return hints && receiverHas(shape, hints) ? 'change' : null
}

/** Most methods do nothing outside, whatever they are called on: asking for their names spares looking for what they belong to. */
function hintsAtEffect(method: string): boolean {
  return ENQUEUEING_METHODS.has(method) || TELLING_METHODS.has(method) || method === 'send' || HINTED_QUEUES.has(method) || HINTED_METHODS.has(method)
}

function changes(external: ExternalKind, { method, text }: CallShape): boolean {
  if (external === 'http' && (method === 'request' || method === 'stream')) return text !== null && CHANGING_HTTP_METHODS.has(text.toUpperCase())
  return EFFECT_METHODS[external].some((entry) => (entry.endsWith('*') ? method.startsWith(entry.slice(0, -1)) : method === entry))
}

/** Whether the receiver is an object of a class that is known to do no such thing: a container, a session, a class of the project. */
function isKnown({ project }: ShapeContext, { name, method, receiverClass }: CallShape): boolean {
  if (name !== null && project.definition(name)) return true
  if (receiverClass === null) return false
  if (/^(builtins|sqlalchemy|starlette|collections|multiprocessing|queue|threading|flask)\./.test(receiverClass)) return true
  return project.definition(receiverClass)?.kind === 'class' && project.member(receiverClass, method) !== undefined
}

/** A function of the project that has a `send()`: one that a decorator has made an actor of. */
function isActor({ project }: ShapeContext, { name }: CallShape): boolean {
  return name !== null && lastPart(name) === 'send' && project.definition(withoutLastPart(name))?.kind === 'function'
}

function receiverHas({ receiver, receiverClass }: CallShape, hints: ReadonlySet<string>): boolean {
  const words = [...splitWords(receiver.at(-1) ?? ''), ...splitWords(lastPart(receiverClass ?? ''))]
  return words.some((word) => hints.has(word))
}
