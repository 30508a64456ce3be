import type { Binding, CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { calledProjectFunction, classOfExpression, isModelClass, ownCode, withoutParentheses, writePath } from '@krait/python'
import { isLegacyQuery } from './database-reads.ts'
import { methodsOfGiven } from './parameter-methods.ts'

/** What the code in the reach of a name does with the session that the name holds. */
export interface SessionUse {
  /** Where it changes data, or stages a change. */
  readonly writes: readonly PythonNode[]
  /** Where it commits or rolls back. */
  readonly ends: readonly CallNode[]
  /** Something else may end the transaction: the session goes to code that is not known, or that commits, or is kept. */
  readonly escapes: boolean
}

const WRITES: ReadonlySet<string> = new Set(
  'add add_all delete merge flush bulk_insert_mappings bulk_save_objects bulk_update_mappings'.split(' '),
)
const EXECUTING: ReadonlySet<string> = new Set(['execute', 'exec', 'scalar', 'scalars', 'stream', 'stream_scalars'])
/** With these, a session or connection ends its transaction in other ways, or its objects leave it. */
const LEAVING: ReadonlySet<string> = new Set(['begin', 'run_sync', 'expunge', 'expunge_all', 'get_transaction', 'begin_twophase'])

/** @param body the code that is looked at */
export function useOfSession(context: PythonRuleContext, binding: Binding, body: PythonNode): SessionUse {
  const writes: PythonNode[] = []
  const ends: CallNode[] = []
  const inBody = binding.references.filter(({ start, end }) => body.start <= start && end <= body.end)
  for (const reference of inBody) {
    if (context.scopes.scopeOf(reference).function !== binding.scope.function) return { writes, ends, escapes: true }
    const call = callOn(reference)
    const method = call ? methodName(call) : null
    if (call && method !== null) {
      if (LEAVING.has(method)) return { writes, ends, escapes: true }
      if (method === 'commit' || method === 'rollback') ends.push(call)
      else if (WRITES.has(method) || (EXECUTING.has(method) && writePath(context, call)) || changesByText(call)) writes.push(call)
      else if (method === 'query') addQueryWrite(context, call, writes)
      continue
    }
    const passed = callGiven(reference)
    if (passed) {
      const effect = effectOfPassing(context, passed, reference)
      if (effect === 'unknown') return { writes, ends, escapes: true }
      if (effect === 'write') writes.push(passed)
      continue
    }
    if (!isRead(reference)) return { writes, ends, escapes: true }
  }
  return { writes, ends, escapes: false }
}

/** Assignments of mapped attributes of objects that were loaded from the session. */
export function attributeWrites(context: PythonRuleContext, session: Binding, body: PythonNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  for (const node of ownCode(body)) {
    if (node.kind !== 'assignment' && node.kind !== 'augmented_assignment') continue
    const { left } = node
    if (left.kind !== 'attribute' || left.object.kind !== 'identifier') continue
    const className = classOfExpression(context, left.object)
    if (className === null || !isModelClass(context.project, className)) continue
    const model = context.project.model(className)
    const isMapped = model?.columns.some(({ attribute }) => attribute === left.attribute.text) || model?.relationships.some(({ attribute }) => attribute === left.attribute.text)
    if (isMapped && isLoadedFrom(context, left.object, session)) found.push(node)
  }
  return found
}

/** Whether what a name may hold there is made by an expression with the session in it. */
function isLoadedFrom(context: PythonRuleContext, name: IdentifierNode, session: Binding): boolean {
  const { definitions } = context.flow(name).definitionsOf(name)
  return definitions.length > 0 && definitions.every(({ value, node }) => {
    const source = value ?? (node.kind === 'for_statement' ? node.right : null)
    return source !== null && mentions(context, source, session)
  })
}

function mentions(context: PythonRuleContext, source: PythonNode, session: Binding): boolean {
  for (const node of ownCode(source)) {
    const binding = node.kind === 'identifier' ? context.scopes.bindingOf(node) : null
    if (binding === session) return true
    const value = binding && binding !== session ? binding.onlyDefinition?.value : null
    if (value && value !== source && value.closest('function_definition') === source.closest('function_definition')) {
      for (const inner of ownCode(value)) if (inner.kind === 'identifier' && context.scopes.bindingOf(inner) === session) return true
    }
  }
  return false
}

/** `session.method(...)` for `session`. */
function callOn(reference: PythonNode): CallNode | null {
  const attribute = reference.parent
  if (attribute?.kind !== 'attribute' || attribute.object !== reference) return null
  return attribute.parent?.kind === 'call' && attribute.parent.function === attribute ? attribute.parent : null
}

function methodName({ function: called }: CallNode): string | null {
  return called.kind === 'attribute' ? called.attribute.text : null
}

/** The call that gets the name as an argument. */
function callGiven(reference: PythonNode): CallNode | null {
  const holder = reference.parent?.kind === 'keyword_argument' ? reference.parent : reference
  return holder.parent?.kind === 'argument_list' && holder.parent.parent?.kind === 'call' ? holder.parent.parent : null
}

/** Methods of a session after which nothing is lost at the end of the block. */
const ENDING: readonly string[] = ['commit', 'rollback', ...LEAVING]
/** Functions that pass the session on are followed so far. */
const MAX_DEPTH = 4

function effectOfPassing(context: PythonRuleContext, call: CallNode, session: PythonNode): 'write' | 'nothing' | 'unknown' {
  const name = calledProjectFunction(context, call)
  if (name === null) return context.resolve(withoutParentheses(call.function))?.startsWith('builtins.') ? 'nothing' : 'unknown'
  if (/\.__(init|post_init)__$/.test(name)) return 'unknown'
  const summary = context.project.summary(name)
  if (!summary || summary.effects.commit || summary.effects.rollback || (summary.kind !== 'plain' && summary.kind !== 'coroutine')) return 'unknown'
  const methods = methodsOfGiven(context, call, session, MAX_DEPTH)
  if (methods && (methods.isKept || ENDING.some((method) => methods.attributes.has(method)))) return 'unknown'
  return summary.effects.write || (methods && [...WRITES].some((method) => methods.attributes.has(method))) ? 'write' : 'nothing'
}

/** `session.query(User).delete()`. */
function addQueryWrite(context: PythonRuleContext, query: CallNode, writes: PythonNode[]): void {
  let node: PythonNode = query
  while (node.parent?.kind === 'attribute' && node.parent.parent?.kind === 'call' && node.parent.parent.function === node.parent) {
    const call: CallNode = node.parent.parent
    const method = node.parent.attribute.text
    if ((method === 'delete' || method === 'update') && isLegacyQuery(context, node)) writes.push(call)
    node = call
  }
}

/** `execute(text("UPDATE ..."))`. */
function changesByText(call: CallNode): boolean {
  if (!EXECUTING.has(methodName(call) ?? '')) return false
  const first = call.arguments?.namedChildren[0]
  const given = first?.kind === 'call' ? first.arguments?.namedChildren[0] : first
  return given?.kind === 'string' && /^\w*['"]+\s*(insert\s+into|update|delete\s+from)\b/i.test(given.text)
}

/** An attribute other than a bound method that commits, a test, or a subscript. */
function isRead({ parent }: PythonNode): boolean {
  if (parent?.kind === 'attribute') return parent.attribute.text !== 'commit'
  return parent?.kind === 'comparison_operator' || parent?.kind === 'if_statement' || parent?.kind === 'not_operator' || parent?.kind === 'boolean_operator'
}
