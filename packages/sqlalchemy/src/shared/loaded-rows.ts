import type { CallNode, Execution, KnownStatement, ModelSource, OrmSession, PythonNode, PythonRuleContext, Statement } from '@krait/python'
import { calledProjectFunction, callsOf, lastPart, localAttributeUsesFact, ormSessionOf, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { isLegacyQuery } from './database-reads.ts'
import { loaderOptions } from './loader-options.ts'
import type { LoaderOption } from './loader-options.ts'

/** Objects of a model that a known statement gives. */
export interface LoadedRows {
  readonly source: ModelSource
  readonly session: OrmSession['kind']
  /** What the loader options of the statement say, on each path. */
  readonly options: readonly (readonly LoaderOption[])[]
  readonly statement: KnownStatement
  /** The statement in the file at hand, to add options to; `null` where it stands in another function. */
  readonly node: PythonNode | null
  /** The name of the function of the project that executes it; `null` for the code at hand. */
  readonly function: string | null
  /** The attributes that this function sets on what it gives. */
  readonly assigned: ReadonlySet<string>
  /** The other models that the statement selects: their objects are there, too. */
  readonly beside: ReadonlySet<string>
}

/** Results and legacy queries that are lists of what is selected. */
const LISTS: ReadonlySet<string> = new Set(['all', 'fetchall', 'unique', 'scalars', 'partitions'])
const SINGLES: ReadonlySet<string> = new Set(
  'first one one_or_none scalar_one scalar_one_or_none scalar get_or_404 first_or_404 one_or_404'.split(' '),
)
/** Calls that give the objects themselves, not rows with them. */
const OF_OBJECTS: ReadonlySet<string> = new Set(['scalars', 'stream_scalars', 'exec', 'query', 'scalar'])
const WRAPPERS: ReadonlySet<string> = new Set(['list', 'tuple', 'sorted', 'reversed', 'set', 'iter'])
const EXECUTING: ReadonlySet<string> = new Set(['scalars', 'stream_scalars', 'exec'])
const EXECUTING_ROWS: ReadonlySet<string> = new Set(['execute', 'stream', 'exec'])
const MAX_STEPS = 8

/** The objects that an expression holds several of: a result, `.all()` of it, a variable with it, a project function that returns it. */
export function rowsIn(context: PythonRuleContext, expression: PythonNode): LoadedRows | null {
  return rowsOf(context, expression, LISTS, null)
}

/** The same for one of several columns of the rows that an expression holds: `for order, user in session.execute(...)`. */
export function columnIn(context: PythonRuleContext, expression: PythonNode, column: number): LoadedRows | null {
  return rowsOf(context, expression, LISTS, column)
}

/** The object that an expression is: `.first()`, `.scalar_one()` and the like. */
export function rowIn(context: PythonRuleContext, expression: PythonNode): LoadedRows | null {
  return rowsOf(context, expression, SINGLES, null)
}

function rowsOf(context: PythonRuleContext, expression: PythonNode, methods: ReadonlySet<string>, column: number | null): LoadedRows | null {
  let node = withoutParentheses(expression)
  let isAwaited = false
  for (let step = 0; step < MAX_STEPS; step++) {
    if (node.kind === 'await') {
      isAwaited = true
      node = withoutParentheses(node.namedChildren[0]!)
    } else if (node.kind === 'identifier') {
      const value = valueAt(context, node)
      if (!value) return null
      node = withoutParentheses(value)
    } else if (node.kind === 'call' && node.function.kind === 'identifier' && WRAPPERS.has(node.function.text) && methods === LISTS) {
      const [first] = positionalArguments(node)
      if (!first) return null
      node = withoutParentheses(first)
    } else break
  }
  return node.kind === 'call' ? rowsOfCall(context, node, methods, { isAwaited, column }) : null
}

/** The only value that a name can have there. */
function valueAt(context: PythonRuleContext, name: PythonNode & { readonly kind: 'identifier' }): PythonNode | null {
  if (context.scopes.bindingOf(name)?.scope.kind !== 'function') return null
  const { definitions, unbound, elsewhere } = context.flow(name).definitionsOf(name)
  return definitions.length === 1 && !unbound && !elsewhere ? definitions[0]!.value : null
}

function rowsOfCall(context: PythonRuleContext, call: CallNode, methods: ReadonlySet<string>, how: Pick<Read, 'isAwaited' | 'column'>): LoadedRows | null {
  const statements = statementsOf(context)
  const called = withoutParentheses(call.function)
  const method = called.kind === 'attribute' ? called.attribute.text : ''
  const [given] = positionalArguments(call)
  if (called.kind === 'attribute' && given && ((methods === LISTS && (how.column === null ? EXECUTING : EXECUTING_ROWS).has(method)) || (methods === SINGLES && method === 'scalar'))) {
    const session = ormSessionOf(context, called.object)
    const statement = session && statements.statementOf(given)
    return session && statement && asRows(context, { statement, by: method, node: given, session: session.kind, ...how, function: null })
  }
  if (methods === LISTS && isLegacyQuery(context, call)) {
    const statement = statements.statementOf(call)!
    return asRows(context, { statement, by: 'query', node: call, session: sessionBelow(context, call), ...how, function: null })
  }
  const execution = statements.executionBehind(call, methods)
  if (!execution?.statement) return null
  const { statement, by, isThroughFunction } = execution
  const node = execution.given.frame.isHere ? (execution.given.term.node ?? null) : null
  const isDirect = !isThroughFunction || node !== null
  return asRows(context, {
    statement,
    by: givesObjects(execution, call, method) ? 'scalars' : by,
    node,
    session: isDirect && !isThroughFunction ? sessionBelow(context, call) : 'unknown',
    ...how,
    function: isThroughFunction ? (called.kind === 'attribute' ? called.attribute.text : called.text) : null,
    assigned: isThroughFunction ? attributesSetBy(context, call) : NOTHING,
  })
}

const NOTHING: ReadonlySet<string> = new Set()

function attributesSetBy(context: PythonRuleContext, call: CallNode): ReadonlySet<string> {
  const { project } = context
  const name = calledProjectFunction(context, call)
  const found = name === null ? null : callsOf(project, name)
  if (!found) return NOTHING
  const uses = project.part(localAttributeUsesFact, found.path, project.pathInModule(found.name, found.path))
  return new Set((uses?.writes ?? []).map(lastPart))
}

/** `.execute(...).scalars().all()` and `.execute(...).scalar_one()` give objects. */
function givesObjects({ method, isScalars, isThroughFunction }: Execution, call: CallNode, last: string): boolean {
  if (method.startsWith('scalar') || isScalars) return true
  if (isThroughFunction) return false
  for (let node: PythonNode = withoutParentheses(call.function); node.kind === 'attribute' || node.kind === 'call' || node.kind === 'await'; ) {
    if (node.kind === 'attribute' && node.attribute.text === 'scalars') return true
    node = withoutParentheses(node.kind === 'call' ? node.function : node.kind === 'await' ? node.namedChildren[0]! : node.object)
  }
  return last === 'scalars'
}

/** The kind of the session at the beginning of a chain of calls. */
function sessionBelow(context: PythonRuleContext, call: PythonNode): OrmSession['kind'] {
  let node: PythonNode = withoutParentheses(call)
  let isAwaited = false
  for (let step = 0; step < 3 * MAX_STEPS; step++) {
    const session = node.kind === 'identifier' || node.kind === 'attribute' ? ormSessionOf(context, node) : null
    if (session) return session.kind === 'unknown' && isAwaited ? 'async' : session.kind
    if (node.kind === 'call') node = withoutParentheses(node.function)
    else if (node.kind === 'attribute') node = withoutParentheses(node.object)
    else if (node.kind === 'await') {
      isAwaited = true
      node = withoutParentheses(node.namedChildren[0]!)
    } else if (node.kind === 'identifier') {
      const value = valueAt(context, node)
      if (!value) break
      node = withoutParentheses(value)
    } else break
  }
  return isAwaited ? 'async' : 'unknown'
}

interface Read {
  readonly statement: KnownStatement
  readonly by: string
  readonly node: PythonNode | null
  readonly session: OrmSession['kind']
  readonly isAwaited: boolean
  /** The column of the rows that holds the objects; `null` where the result holds nothing else. */
  readonly column: number | null
  readonly function: string | null
  readonly assigned?: ReadonlySet<string>
}

function asRows(context: PythonRuleContext, { statement, by, node, session, isAwaited, column, function: functionName, assigned = NOTHING }: Read): LoadedRows | null {
  if (column === null ? !OF_OBJECTS.has(by) : !EXECUTING_ROWS.has(by) && by !== 'query') return null
  const sources = statement.paths.map((path) => selectedModel(path, by, column))
  const [source] = sources
  if (!source || sources.some((other) => other?.key !== source.key)) return null
  const options = statement.paths.map((path) => loaderOptions(context.project, path))
  if (options.includes(null)) return null
  const kind = session === 'unknown' && isAwaited ? 'async' : session
  const beside = new Set(statement.paths.flatMap(({ selected }) => selected.flatMap((item) => ('source' in item && item.kind === 'entity' && item.source.model ? item.source.model.name : []))))
  beside.delete(source.model.name)
  return { source, session: kind, options: options as (readonly LoaderOption[])[], statement, node, function: functionName, assigned, beside }
}

function selectedModel({ kind, selected }: Statement, by: string, column: number | null): ModelSource | null {
  // Other ways of execution give a single entity as it is, not in rows.
  if (column !== null && selected.length === 1 && by !== 'execute' && by !== 'stream') return null
  const item = selected[column ?? 0]
  if (kind !== 'select' || item?.kind !== 'entity' || (column === null && selected.length > 1)) return null
  return item.source.model?.kind === 'class' ? (item.source as ModelSource) : null
}
