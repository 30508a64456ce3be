import type { CallNode, PythonNode, PythonServices } from '@krait/python'
import { classOf, keywordArguments, positionalArguments, sessionOf, stringParts, stringText } from '@krait/python'
import { libraryName } from './library-name.ts'

/** SQL text that a call executes. */
export interface ExecutedSql {
  /** What is interpolated is left out. */
  readonly text: string
  /** The name of the call that executes it. */
  readonly execution: PythonNode
  /** The name of the innermost call that takes the text: `text(...)`, or the same. */
  readonly taker: PythonNode
}

const EXECUTING: ReadonlySet<string> = new Set(['execute', 'scalar', 'scalars', 'stream', 'stream_scalars'])
const READING: ReadonlySet<string> = new Set(['read_sql', 'read_sql_query'])
const ENGINES = /^sqlalchemy\.(?:Engine|Connection|ext\.asyncio\.Async(?:Engine|Connection))$/

/** The SQL text that a call of a session, connection, engine, of `from_statement` or of `pandas.read_sql` executes; `null` for other calls. */
export function executedSql(services: PythonServices, call: CallNode): ExecutedSql | null {
  const { function: called } = call
  const identifier = called.kind === 'attribute' ? called.attribute : called
  if (identifier.kind !== 'identifier') return null
  const { text: method } = identifier
  const isExecuting = called.kind === 'attribute' && EXECUTING.has(method)
  const isDriver = called.kind === 'attribute' && method === 'exec_driver_sql'
  const isFromStatement = called.kind === 'attribute' && method === 'from_statement'
  if (!isExecuting && !isDriver && !isFromStatement && !READING.has(method)) return null
  const given = positionalArguments(call)[0] ?? keywordArguments(call).get('statement') ?? keywordArguments(call).get('sql')
  if (!given) return null
  if (READING.has(method) && !/^pandas\.(?:io\.sql\.)?read_sql/.test(services.resolve(called) ?? '')) return null
  const made = madeBy(services, given)
  const source = made.kind === 'call' && libraryName(services, made.function) === 'sqlalchemy.text' ? made : null
  const text = sqlText(services, source ? (positionalArguments(source)[0] ?? source) : made)
  if (text === null) return null
  // A plain string goes to any driver, too.
  if (!source && (isFromStatement || (isExecuting && !isSqlalchemy(services, (called as PythonNode & { kind: 'attribute' }).object)))) return null
  const taker = source ? (source.function.kind === 'attribute' ? source.function.attribute : source.function) : identifier
  return { text, execution: identifier, taker }
}

/** The value of a variable that is bound once. */
function madeBy(services: PythonServices, given: PythonNode): PythonNode {
  let node = given
  // `text(...).bindparams(...)`.
  while (node.kind === 'call' && node.function.kind === 'attribute' && libraryName(services, node.function) !== 'sqlalchemy.text') node = node.function.object
  if (node.kind !== 'identifier') return node
  const value = services.scopes.bindingOf(node)?.onlyDefinition?.value
  return value ? (value.kind === 'identifier' ? node : madeBy(services, value)) : node
}

function sqlText(services: PythonServices, node: PythonNode): string | null {
  const parts = stringParts(node)
  if (parts) return stringText(node) ?? parts.map((part) => part ?? ' ').join('')
  const constant = services.constantOf(node)
  return typeof constant === 'string' ? constant : null
}

function isSqlalchemy(services: PythonServices, object: PythonNode): boolean {
  if (sessionOf(services, object) !== null) return true
  const className = classOf(services.typeOf(object))
  return className !== null && ENGINES.test(className)
}
