import { argument, classOfExpression, isSession, ownCode, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, PythonNode } from '@krait/python'

/** Rows of a model that a call deletes. */
export interface DeletedRows {
  readonly session: string
  /** The qualified name of the model, and as it is written. */
  readonly model: string
  readonly text: string
}

const STATEMENTS = { delete: /^(sqlalchemy|sqlmodel)\b.*\.delete$/, insert: /^(sqlalchemy|sqlmodel)\b.*\.insert$/ }
const EXECUTING: ReadonlySet<string> = new Set(['exec', 'execute', 'scalars'])
const ADDING: ReadonlySet<string> = new Set(['add', 'add_all', 'bulk_insert_mappings', 'bulk_save_objects'])

/** The rows that a bulk `delete()` removes: by a statement, or by a query; `null` for all other calls. */
export function deletedRows(context: EffectContext, call: CallNode): DeletedRows | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute') return null
  const method = called.attribute.text
  if (EXECUTING.has(method)) return isSession(context, called.object) ? named(context, called.object, modelOfStatement(context, call, 'delete')) : null
  if (method !== 'delete') return null
  for (let node = withoutParentheses(called.object); node.kind === 'call'; ) {
    const inner = withoutParentheses(node.function)
    if (inner.kind !== 'attribute') return null
    if (inner.attribute.text === 'query' && isSession(context, inner.object)) return named(context, inner.object, argument(node, null, 0))
    node = withoutParentheses(inner.object)
  }
  return null
}

/** Whether a call inserts rows of a model by a session. */
export function insertsRows(context: EffectContext, call: CallNode, { session, model }: DeletedRows): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' || called.object.text !== session) return false
  const method = called.attribute.text
  if (EXECUTING.has(method)) {
    const inserted = modelOfStatement(context, call, 'insert')
    return inserted !== null && context.resolve(inserted) === model
  }
  return ADDING.has(method) && [argument(call, null, 0), argument(call, null, 1)].some((given) => given !== null && holds(context, given, model))
}

function named(context: EffectContext, session: PythonNode, model: PythonNode | null): DeletedRows | null {
  const name = model && context.resolve(model)
  return name === null ? null : { session: session.text, model: name, text: model!.text }
}

/** `Plan` of `delete(Plan).where(...)`, also by the name that the statement is bound to. */
function modelOfStatement(context: EffectContext, call: CallNode, kind: 'delete' | 'insert'): PythonNode | null {
  const given = argument(call, 'statement', 0)
  const statement = given?.kind === 'identifier' ? context.scopes.bindingOf(given)?.onlyDefinition?.value : given
  for (const node of statement ? ownCode(statement) : []) {
    if (node.kind === 'call' && STATEMENTS[kind].test(context.resolve(node.function) ?? '')) return argument(node, null, 0)
  }
  return null
}

/** Whether an expression is the model, an object of it, or a collection of such. */
function holds(context: EffectContext, given: PythonNode, model: string): boolean {
  const value = given.kind === 'identifier' ? context.scopes.bindingOf(given)?.onlyDefinition?.value : null
  for (const expression of [given, ...(value ? [value] : [])]) {
    if (classOfExpression(context, expression) === model) return true
    for (const node of ownCode(expression)) {
      if ((node.kind === 'call' && context.resolve(node.function) === model) || (node.kind === 'identifier' && context.resolve(node) === model)) return true
    }
  }
  return false
}
