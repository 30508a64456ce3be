import { CLOCK_FUNCTIONS } from '../shared/clock.ts'
import { EXTERNAL_CLIENTS, EXTERNAL_FUNCTIONS, LOCAL_CLIENT_METHODS } from './external-calls.ts'
import { FILE_FUNCTIONS, PATH_METHODS } from './file-calls.ts'

/**
 * What a call does beside giving a result:
 *
 * - `query`: it reads from the database; `write`: it changes the database or stages a change; `commit`, `rollback`: it ends a transaction;
 * - `database`: it talks to the database, be it to read, to write or to end a transaction;
 * - `network`: it talks to another service than the database; `process`: it runs another program; `file`: it opens, reads or writes a file;
 * - `external-effect`: it changes something in another service, or hands work to a queue; `enqueue`: it hands work to a task queue; `clock`: it reads the clock; `sleep`: it waits;
 * - `blocks`: it keeps the thread waiting, so that an event loop would stand still.
 */
export type Effect =
  | 'query'
  | 'write'
  | 'commit'
  | 'rollback'
  | 'database'
  | 'network'
  | 'process'
  | 'file'
  | 'external-effect'
  | 'enqueue'
  | 'clock'
  | 'sleep'
  | 'blocks'

const NONE: readonly Effect[] = []
const CLOCK: readonly Effect[] = ['clock']

/** The effects of a library function or method by its qualified name: `sqlalchemy.orm.Session.commit`, `requests.get`. */
export function effectsOfLibraryCall(name: string): readonly Effect[] {
  return FUNCTION_EFFECTS.get(name) ?? effectsOfMethod(name)
}

function effectsOfMethod(name: string): readonly Effect[] {
  const dot = name.lastIndexOf('.')
  if (dot < 0) return NONE
  const owner = name.slice(0, dot)
  const method = name.slice(dot + 1)
  const ofSession = SESSION_CLASSES.get(owner)
  if (ofSession !== undefined) return sessionEffects(method, ofSession)
  const client = EXTERNAL_CLIENTS.get(owner)
  if (!client || LOCAL_CLIENT_METHODS.has(method) || client.handles?.has(method) || (client.methods && !client.methods.has(method))) return NONE
  return isAsynchronous(owner) ? ['network'] : ['network', 'blocks']
}

/** Classes whose methods work on a transaction: whether their calls block. */
const SESSION_CLASSES: ReadonlyMap<string, boolean> = new Map([
  ['sqlalchemy.orm.Session', true],
  ['sqlalchemy.orm.scoped_session', true],
  ['sqlalchemy.Connection', true],
  ['sqlalchemy.orm.Query', true],
  ['sqlmodel.Session', true],
  ['sqlalchemy.ext.asyncio.AsyncSession', false],
  ['sqlalchemy.ext.asyncio.AsyncConnection', false],
  ['sqlalchemy.ext.asyncio.async_scoped_session', false],
  ['sqlmodel.ext.asyncio.session.AsyncSession', false],
])

function sessionEffects(method: string, blocks: boolean): readonly Effect[] {
  const effect = SESSION_METHODS.get(method)
  if (effect === undefined) return NONE
  return blocks && method !== 'add' && method !== 'add_all' ? [effect, 'blocks'] : [effect]
}

const SESSION_METHODS: ReadonlyMap<string, Effect> = new Map([
  ...'execute exec scalars scalar stream stream_scalars get get_one refresh all first one one_or_none count exists'.split(' ').map((name) => [name, 'query'] as const),
  ...'add add_all delete merge flush bulk_save_objects bulk_insert_mappings bulk_update_mappings update'.split(' ').map((name) => [name, 'write'] as const),
  ['commit', 'commit'],
  ['rollback', 'rollback'],
])

function blocking(name: string, effect: Effect): readonly Effect[] {
  return isAsynchronous(name) ? [effect] : [effect, 'blocks']
}

function isAsynchronous(name: string): boolean {
  return /(^|\.)(aio\w*|asyncio|asyncpg|nats)\.|\.Async\w+$|^aio/.test(name)
}

const FUNCTION_EFFECTS: ReadonlyMap<string, readonly Effect[]> = new Map<string, readonly Effect[]>([
  ...[...EXTERNAL_FUNCTIONS].map(([name, kind]) => {
    const effect: Effect = kind === 'process' ? 'process' : 'network'
    return [name, blocking(name, effect)] as const
  }),
  ...[...FILE_FUNCTIONS].map((name) => [name, blocking(name, 'file')] as const),
  ...[...PATH_METHODS].map((method) => [`pathlib.Path.${method}`, blocking(method, 'file')] as const),
  ...[...CLOCK_FUNCTIONS].map((name) => [name, CLOCK] as const),
  ['time.sleep', ['sleep', 'blocks']],
  ['asyncio.sleep', ['sleep']],
  ['anyio.sleep', ['sleep']],
  ['trio.sleep', ['sleep']],
  ['celery.Task.delay', ['enqueue']],
  ['celery.Task.apply_async', ['enqueue']],
  ['celery.Celery.send_task', ['enqueue']],
  ['rq.Queue.enqueue', ['enqueue']],
  ['rq.Queue.enqueue_in', ['enqueue']],
  ['rq.Queue.enqueue_at', ['enqueue']],
  ['arq.connections.ArqRedis.enqueue_job', ['enqueue']],
  ['arq.ArqRedis.enqueue_job', ['enqueue']],
  ['dramatiq.Actor.send', ['enqueue']],
  ['dramatiq.Actor.send_with_options', ['enqueue']],
])
