import type { CallNode, CallPath, PythonNode, PythonRuleContext } from '@krait/python'
import {
  argument,
  callsOf,
  classOfExpression,
  ormSessionOf,
  positionalArguments,
  statementsOf,
  stringText,
  withoutParentheses,
  writePath,
} from '@krait/python'

/** Methods of sessions, connections and engines that run a statement. */
export const EXECUTING: ReadonlySet<string> = new Set(['execute', 'scalars', 'scalar', 'stream', 'stream_scalars', 'exec'])

/** Those that load an object. */
const LOADING: ReadonlySet<string> = new Set(['get', 'get_one', 'refresh'])

/** Methods of legacy queries that run them. */
export const QUERY_ENDS: ReadonlySet<string> = new Set(['all', 'first', 'one', 'one_or_none', 'scalar', 'count', 'get', 'first_or_404', 'get_or_404', 'one_or_404'])

/** The last names of all calls that may read. */
export const READS: ReadonlySet<string> = new Set([...EXECUTING, ...LOADING, ...QUERY_ENDS])

const ENGINES: ReadonlySet<string> = new Set(['sqlalchemy.Engine', 'sqlalchemy.ext.asyncio.AsyncEngine'])

/** A read of the database. */
export interface DatabaseRead {
  /** What runs it: a session, a connection or an engine; of a legacy query, the query. */
  readonly receiver: PythonNode
  readonly method: string
  readonly isQuery: boolean
}

/** The read that a call makes; `null` for all other calls. Look at the method first, see `READS`. */
export function databaseRead(context: PythonRuleContext, call: CallNode): DatabaseRead | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' || !READS.has(called.attribute.text)) return null
  const method = called.attribute.text
  const receiver = withoutParentheses(called.object)
  if (QUERY_ENDS.has(method) && isLegacyQuery(context, receiver)) return { receiver, method, isQuery: true }
  if (!EXECUTING.has(method) && !LOADING.has(method)) return null
  if (!ormSessionOf(context, receiver) && !ENGINES.has(classOfExpression(context, receiver) ?? '')) return null
  if (LOADING.has(method)) return method === 'refresh' || isModelGet(call) ? { receiver, method, isQuery: false } : null
  return changesData(context, call) ? null : { receiver, method, isQuery: false }
}

/** `session.query(User)` and what is made of it. */
export function isLegacyQuery(context: PythonRuleContext, expression: PythonNode): boolean {
  if (expression.kind !== 'call' && expression.kind !== 'attribute' && expression.kind !== 'identifier') return false
  return statementsOf(context).statementOf(expression)?.paths.every(({ isQuery }) => isQuery) ?? false
}

function isModelGet(call: CallNode): boolean {
  return positionalArguments(call).length > 1 || argument(call, 'ident') !== null
}

/** INSERT, UPDATE, DELETE and changes of the schema. */
function changesData(context: PythonRuleContext, call: CallNode): boolean {
  const given = positionalArguments(call)[0] ?? argument(call, 'statement')
  if (!given) return true
  const statement = statementsOf(context).statementOf(given)
  if (statement) return statement.paths.some(({ kind }) => kind !== 'select' && kind !== 'compound')
  if (given.kind === 'call' && isSchemaChange(context.resolve(given.function))) return true
  const text = stringText(given.kind === 'call' ? (positionalArguments(given)[0] ?? given) : given)
  if (text === null) return writePath(context, call) !== null
  // `SELECT pg_notify(...)` is a call, and no look at rows.
  return !/^\s*(select|with|show|values|table|explain)\b/i.test(text) || (/^\s*select\b/i.test(text) && !/\bfrom\b/i.test(text))
}

/** `DropTable(...)`, `CreateIndex(...)`. */
function isSchemaChange(name: string | null): boolean {
  return name !== null && /^sqlalchemy\.(schema\.)?(Create|Drop|Add|Set|DDL)/.test(name)
}

/**
 * The call by which a path of the effect `database` ends in a read, such as `session.get`; `null` if it may be something else, such as the beginning of a
 * transaction.
 */
export function readAtEnd({ project }: PythonRuleContext, path: CallPath): { readonly label: string; readonly path: string } | null {
  const last = path.at(-1)
  const calls = last && callsOf(project, last.function)?.calls
  if (!last || !calls) return null
  const end = last.call === undefined ? undefined : calls[last.call]
  const isRead = (method: string | undefined): boolean => method !== undefined && (EXECUTING.has(method) || method === 'get_one' || method === 'refresh')
  const method = end?.method ?? end?.callee?.slice(end.callee.lastIndexOf('.') + 1)
  const object = end?.receiver?.kind === 'local' ? end.receiver.name : end?.receiver?.kind === 'attribute' ? end.receiver.attribute : 'session'
  if (isRead(method) || (method === 'get' && end?.first === undefined)) return { label: `${object}.${method}`, path: last.path }
  if (method === 'query') {
    const number = last.call!
    const ends = calls.some((call, index) => index > number && call.method !== undefined && QUERY_ENDS.has(call.method) && isMadeOf(calls, index, number))
    return ends || end?.use === 'iterated' ? { label: `${object}.query`, path: last.path } : null
  }
  const read = calls.find((call) => isRead(call.method))
  return read ? { label: `session.${read.method}`, path: last.path } : null
}

/** Whether a call is a method, of a method, of the result of another one. */
function isMadeOf(calls: readonly { readonly on?: number }[], index: number, origin: number): boolean {
  let current: number | undefined = index
  while (current !== undefined && current > origin) current = calls[current]?.on
  return current === origin
}
