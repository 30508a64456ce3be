import { callsOf, calleeName, classOfExpression, effectsOfCall, isSession, sessionOf, withoutParentheses, writePath } from '@krait/python'
import type { CallNode, CallPath, EffectContext, PythonNode, PythonProject } from '@krait/python'

/** A call that makes a session talk to the database. */
export interface SessionStatement {
  readonly call: CallNode
  /** The session as an expression, such as `session` or `self._session`. */
  readonly session: PythonNode
  /** It sends changes to the database, or only reads. */
  readonly writes: boolean
  /** The qualified name of the project function that does so with the session, and the path there. */
  readonly through: { readonly function: string; readonly path: CallPath } | null
}

const READING_METHODS: ReadonlySet<string> = new Set(['exec', 'execute', 'get', 'get_one', 'query', 'refresh', 'scalar', 'scalars', 'stream', 'stream_scalars'])
const SENDING_METHODS: ReadonlySet<string> = new Set(['bulk_insert_mappings', 'bulk_save_objects', 'bulk_update_mappings', 'commit', 'flush'])

/** Methods by which a `requests.Session` and the like go, too: they need a session that is known. */
const AMBIGUOUS_METHODS: ReadonlySet<string> = new Set(['get', 'get_one', 'stream'])

/** What a call makes a session do; `null` for calls that only stage changes, and for all others. */
export function sessionStatement(context: EffectContext, call: CallNode): SessionStatement | null {
  const called = withoutParentheses(call.function)
  if (called?.kind === 'attribute') {
    const method = called.attribute.text
    const session = withoutParentheses(called.object)
    const sends = SENDING_METHODS.has(method)
    if ((sends || READING_METHODS.has(method)) && isOrmSession(context, session, AMBIGUOUS_METHODS.has(method))) {
      return { call, session, writes: sends || endsInWrite(call) || writePath(context, call) !== null, through: null }
    }
  }
  return statementOfFunction(context, call)
}

/** Whether an expression is a session, and no connection. @param isAmbiguous its name alone does not do */
export function isOrmSession(context: EffectContext, node: PythonNode, isAmbiguous = false): boolean {
  if (node.kind !== 'identifier' && node.kind !== 'attribute') return false
  if (!isSession(context, node)) return false
  const className = classOfExpression(context, node)
  if (className !== null && context.project.ancestors(className).names.some((name) => CONNECTIONS.has(name))) return false
  return !isAmbiguous || sessionOf(context, node) !== null
}

const CONNECTIONS: ReadonlySet<string> = new Set(['sqlalchemy.Connection', 'sqlalchemy.ext.asyncio.AsyncConnection'])

/** `session.query(User).filter().delete()` */
function endsInWrite(query: CallNode): boolean {
  for (let node: PythonNode = query; node.parent?.kind === 'attribute' && node.parent.parent?.kind === 'call'; node = node.parent.parent) {
    const method = node.parent.attribute.text
    if (method === 'delete' || method === 'update') return true
  }
  return false
}

/** A function of the project that is given a session, and makes it talk to the database. One that also rolls back looks after itself. */
function statementOfFunction(context: EffectContext, call: CallNode): SessionStatement | null {
  const session = givenSession(context, call)
  if (!session) return null
  const { function: name, summary, paths } = effectsOfCall(context, call)
  const path = paths.get('commit') ?? paths.get('write') ?? paths.get('database') ?? paths.get('query')
  if (name === null || !summary || !path || paths.has('rollback')) return null
  const writes = paths.has('commit') || (paths.has('write') && someCall(context.project, name, (method) => SENDING_METHODS.has(method) || method.startsWith('exec')))
  if (!writes && !paths.has('database') && !paths.has('query')) return null
  return someCall(context.project, name, (method) => method === 'begin_nested') ? null : { call, session, writes, through: { function: name, path } }
}

/** The session among the arguments of a call. */
function givenSession(context: EffectContext, call: CallNode): PythonNode | null {
  if (call.arguments?.kind !== 'argument_list') return null
  for (const child of call.arguments.namedChildren) {
    const value = withoutParentheses(child.kind === 'keyword_argument' ? child.value : child)
    if (isOrmSession(context, value)) return value
  }
  return null
}

/** Calls are followed this deep. */
const MAX_DEPTH = 4

/** Whether a function, or one that it calls, calls a method of one of these names. */
function someCall(project: PythonProject, name: string, isWanted: (method: string) => boolean): boolean {
  const seen = new Set<string>()
  let level = [name]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = []
    for (const each of level) {
      const caller = seen.has(each) ? null : callsOf(project, each)
      seen.add(each)
      for (const call of caller?.calls ?? []) {
        if (call.method !== undefined && isWanted(call.method)) return true
        const callee = calleeName(project, caller!, call)
        if (callee !== null) next.push(callee)
      }
    }
    level = next
  }
  return false
}
