import type { CallNode, PythonNode, PythonRuleContext, Statement } from '@krait/python'
import { classOf, fromListOf, ownCode, positionalArguments, statementsOf, withoutParentheses, writePath } from '@krait/python'
import { methodOf } from './loops.ts'
import type { Loop } from './loops.ts'

/** Methods of sessions that are given the objects which they write. */
const WRITING: ReadonlySet<string> = new Set(['add', 'delete', 'merge'])
/** Those that only write what others have changed. */
const FLUSHING: ReadonlySet<string> = new Set(['commit', 'flush'])
/** Ends of the executions in functions of the project. */
const ENDS: ReadonlySet<string> = new Set('all fetchall first one one_or_none scalar scalar_one scalar_one_or_none scalars'.split(' '))
const LOADING: ReadonlySet<string> = new Set(['get', 'get_one'])

/** Whether the body of a loop may change what a read gives in the next round: it writes rows of what is read, waits, or ends when the read says so. */
export function changesRows(context: PythonRuleContext, { region }: Loop, read: CallNode): boolean {
  const models = modelsOf(context, read)
  for (const node of ownCode(region)) {
    if (node.kind === 'break_statement') return true
    if (node.kind === 'assignment' && node.left.kind === 'attribute' && mayBeColumn(context, node.left, models)) return true
    if (node.kind === 'call' && (methodOf(node)?.text === 'sleep' || mayWrite(context, node, models))) return true
  }
  return false
}

/** The models whose rows a call reads; `null` if they are not all known. */
function modelsOf(context: PythonRuleContext, read: CallNode): ReadonlySet<string> | null {
  const statements = statementsOf(context)
  const called = withoutParentheses(read.function)
  const [first] = positionalArguments(read)
  const name = first && LOADING.has(methodOf(read)?.text ?? '') ? context.resolve(first) : null
  if (name !== null && context.project.model(name)) return new Set([name])
  const statement =
    (first && statements.statementOf(first)) ??
    (called.kind === 'attribute' ? statements.statementOf(called.object) : null) ??
    statements.executionBehind(read, ENDS)?.statement
  const found = new Set<string>()
  for (const path of statement?.paths ?? []) if (path.isOpen || !addModels(context, path, found)) return null
  return found.size > 0 ? found : null
}

/** Adds what a statement selects from, also inside of its conditions; says whether all is known. */
function addModels(context: PythonRuleContext, statement: Statement, found: Set<string>): boolean {
  for (const { model } of fromListOf(statement)) {
    if (!model) return false
    found.add(model.name)
  }
  for (const { call } of statement.steps) {
    const node = call.frame.isHere ? call.term.node : undefined
    for (const part of node?.descendants('identifier') ?? []) {
      const name = context.resolve(part)
      if (name !== null && context.project.model(name)) found.add(name)
    }
  }
  return true
}

function mayBeColumn(context: PythonRuleContext, { object, attribute }: PythonNode & { readonly kind: 'attribute' }, models: ReadonlySet<string> | null): boolean {
  if (!models) return true
  const isColumn = [...models].some((name) => context.project.model(name)?.columns.some((column) => column.attribute === attribute.text))
  return isColumn && mayBeOneOf(context, object, models)
}

/** Whether an object may be of one of the models; what is not known may be. */
function mayBeOneOf(context: PythonRuleContext, object: PythonNode, models: ReadonlySet<string>): boolean {
  const name = classOf(context.typeOf(object))
  if (name === null || !context.project.model(name)) return true
  return [...models].some((model) => context.project.isSubclassOf(name, [model]) !== false || context.project.isSubclassOf(model, [name]) !== false)
}

function mayWrite(context: PythonRuleContext, call: CallNode, models: ReadonlySet<string> | null): boolean {
  if (!writePath(context, call)) return false
  const method = methodOf(call)?.text ?? ''
  if (!models || call.function.kind !== 'attribute') return true
  if (FLUSHING.has(method)) return false
  const [first] = positionalArguments(call)
  if (first && WRITING.has(method)) return mayBeOneOf(context, first, models)
  const targets = first ? (statementsOf(context).statementOf(first)?.paths ?? []).map(({ target }) => target?.model?.name) : []
  return targets.length === 0 || targets.some((target) => target === undefined || models.has(target))
}
