import type { CallNode, DataEffect, PythonNode, PythonServices } from '@krait/python'
import { dataUseOfStatement, positionalArguments, withoutParentheses } from '@krait/python'

/** Statements that are executed one after the other: the first one empties what the second one reads, for the same rows. */
export interface EmptiedRows {
  readonly execution: CallNode
  readonly source: string
  readonly reader: CallNode
}

interface ExecutedStatement {
  readonly execution: CallNode
  readonly verb: string
  readonly effects: readonly DataEffect[]
  /** The conditions of the statement itself, and of the SELECTs in it, as written. */
  readonly filters: readonly string[]
  readonly innerFilters: readonly string[]
}

const EXECUTIONS: ReadonlySet<string> = new Set(['exec', 'execute'])

/** Whether a call may execute a statement. */
export function mayExecute({ function: called }: CallNode): boolean {
  return called.kind === 'attribute' && EXECUTIONS.has(called.attribute.text)
}

/** Finds the executed statements of a function that empty columns or tables which a later one copies. */
export function emptiedRowsIn(services: PythonServices, executions: readonly CallNode[]): readonly EmptiedRows[] {
  const statements = executions.flatMap((execution) => executedStatement(services, execution) ?? [])
  return statements.flatMap((emptying) => {
    const lost = emptying.effects.find(({ kind }) => kind === 'lose')
    if (!lost) return []
    const reader = statements.find((other) => other !== emptying && copies(services, emptying, lost, other))
    return reader ? [{ execution: emptying.execution, source: lost.column === null ? lost.table : `${lost.table}.${lost.column}`, reader: reader.execution }] : []
  })
}

function copies(services: PythonServices, emptying: ExecutedStatement, lost: DataEffect, other: ExecutedStatement): boolean {
  if (other.verb !== 'insert' && other.verb !== 'update') return false
  const reads = other.effects.some(({ kind, table, column }) => kind === 'read' && table === lost.table && (lost.column === null || column === lost.column))
  if (!reads || emptying.filters.join() !== other.innerFilters.join()) return false
  return services.flow(emptying.execution).canReach(emptying.execution, other.execution, { exceptions: 'errors', nextRounds: false })
}

function executedStatement(services: PythonServices, execution: CallNode): ExecutedStatement | null {
  const [given] = positionalArguments(execution)
  const statement = given && definedStatement(services, withoutParentheses(given))
  if (statement?.kind !== 'call') return null
  const { root, filters } = chainOf(statement)
  const name = services.resolve(root.function)
  const verb = name?.startsWith('sqlalchemy.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  if (verb !== 'update' && verb !== 'delete' && verb !== 'insert') return null
  const { effects } = dataUseOfStatement(services.values.summary(statement), services.project)
  const inner = [...statement.descendants('call')].filter((call) => services.resolve(call.function) === 'sqlalchemy.select').map((call) => chainOf(outermost(call)))
  const withRows = verb === 'delete' ? deleted(services, root) : effects
  return { execution, verb, effects: withRows, filters: [...filters].sort(), innerFilters: inner.flatMap((chain) => chain.filters).sort() }
}

/** What a DELETE takes away, whatever its conditions are. */
function deleted(services: PythonServices, root: CallNode): readonly DataEffect[] {
  return dataUseOfStatement(services.values.summary(root), services.project).effects
}

function definedStatement(services: PythonServices, node: PythonNode): PythonNode {
  const definition = node.kind === 'identifier' ? services.scopes.bindingOf(node)?.onlyDefinition : null
  return definition?.value ? withoutParentheses(definition.value) : node
}

/** The call at the start of a chain of methods, and the conditions that the methods give it. */
function chainOf(statement: CallNode): { readonly root: CallNode; readonly filters: readonly string[] } {
  const filters: string[] = []
  let root = statement
  for (;;) {
    const called = root.function
    const inner = called.kind === 'attribute' ? withoutParentheses(called.object) : null
    if (inner?.kind !== 'call') return { root, filters }
    if (called.kind === 'attribute' && /^(where|filter|filter_by)$/.test(called.attribute.text)) {
      filters.push(...positionalArguments(root).map(({ text }) => text.replace(/\s+/g, ' ')))
    }
    root = inner
  }
}

/** The whole chain of methods that begins with a call. */
function outermost(call: CallNode): CallNode {
  let chain = call
  for (;;) {
    const method = chain.parent?.kind === 'attribute' ? chain.parent.parent : null
    if (method?.kind !== 'call' || method.function !== chain.parent) return chain
    chain = method
  }
}
