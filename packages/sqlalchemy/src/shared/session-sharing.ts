import type { Binding, CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import {
  calledProjectFunction,
  classOfExpression,
  heldSessionOf,
  identityOf,
  ormSessionOf,
  ownCode,
  sessionsOfCall,
  withoutParentheses,
} from '@krait/python'
import { argumentsOf } from './coroutines.ts'

/** A session that a coroutine works with. */
export interface UsedSession {
  /** As the code writes it. */
  readonly label: string
  /** The same for two coroutines that work with one session. */
  readonly identity: string
  /** The name with which the expression begins, if it is a local one. */
  readonly root: Binding | null
  /** The expression, where one stands for the session itself. */
  readonly node: PythonNode | null
}

/** Functions that hand their arguments to a thread, where a sync session is no safer than an async one. */
const THREADING: ReadonlySet<string> = new Set(['to_thread', 'run_in_executor', 'run_in_threadpool', 'run_sync'])

/** Deeper expressions are not looked into. */
const MAX_ARGUMENTS = 40

/** The async sessions (for threads, all sessions) that the coroutine of a call works with. */
export function sessionsUsedBy(context: PythonRuleContext, call: CallNode): readonly UsedSession[] {
  const called = withoutParentheses(call.function)
  const inThread = called.kind === 'attribute' ? THREADING.has(called.attribute.text) : THREADING.has(called.text)
  const found = sessionArguments(context, call, inThread)
  if (called.kind === 'attribute') {
    const { object } = called
    if (isName(object) && isShareable(context, object, inThread)) return [usedSession(context, object), ...found]
    if (found.length === 0) found.push(...heldSessions(context, call, object))
  }
  if (called.kind === 'identifier' && found.length === 0) found.push(...closedOver(context, called))
  return found
}

/** Sessions among the arguments, also inside of lists, tuples and `partial(...)`. */
export function sessionArguments(context: PythonRuleContext, call: CallNode, anyKind: boolean): UsedSession[] {
  const found: UsedSession[] = []
  const pending = [...argumentsOf(call)]
  for (let count = 0; pending.length > 0 && count < MAX_ARGUMENTS; count++) {
    const node = withoutParentheses(pending.pop()!)
    if (isName(node)) {
      if (isShareable(context, node, anyKind)) found.push(usedSession(context, node))
    } else if (node.kind === 'list' || node.kind === 'tuple' || node.kind === 'list_splat') pending.push(...node.namedChildren)
    else if (node.kind === 'dictionary') pending.push(...node.namedChildren.flatMap((pair) => (pair.kind === 'pair' ? [pair.value] : [])))
    else if (node.kind === 'call' && context.resolvesTo(node.function, ['functools.partial', 'itertools.repeat'])) pending.push(...argumentsOf(node))
  }
  return found
}

/** A session that two at once must not use; the kind of one that only its name tells is not known. */
export function isShareable(context: PythonRuleContext, node: PythonNode, anyKind: boolean): boolean {
  const session = ormSessionOf(context, node)
  return session !== null && !session.isRegistry && !session.isConnection && (anyKind || session.kind !== 'sync')
}

/** The session of the object whose method is called. */
function heldSessions(context: PythonRuleContext, call: CallNode, object: PythonNode): readonly UsedSession[] {
  const className = isName(object) ? classOfExpression(context, object) : null
  const method = call.function.kind === 'attribute' ? call.function.attribute.text : ''
  if (className === null || calledProjectFunction(context, call) === null) return []
  const held = heldSessionOf(context.project, className, method)
  if (!held || held.isRegistry || held.kind === 'sync') return []
  const label = `${object.text}.${held.attribute}`
  const identities = new Set(sessionsOfCall(context, call))
  for (let outer: PythonNode = object; outer.kind === 'attribute'; outer = outer.object) identities.delete(identityOf(context, outer.object))
  const root = rootOf(context, object)
  return [`${identityOf(context, object)}.${held.attribute}`, ...identities].map((identity) => ({ label, identity, root, node: null }))
}

/** The session of the function around that an inner function works with; not if something else than a session is entered there, which may be a lock. */
function closedOver(context: PythonRuleContext, called: IdentifierNode): readonly UsedSession[] {
  const definition = context.scopes.bindingOf(called)?.onlyDefinition
  if (definition?.kind !== 'function' || definition.node.kind !== 'function_definition' || definition.scope.kind !== 'function') return []
  const found = new Map<string, UsedSession>()
  for (const node of ownCode(definition.node.body)) {
    if (node.kind === 'with_statement') return []
    if (node.kind !== 'identifier' || (node.parent?.kind === 'attribute' && node.parent.object !== node)) continue
    const binding = context.scopes.bindingOf(node)
    if (!binding || binding.scope.kind !== 'function' || binding.scope.node === definition.node || !isShareable(context, node, false)) continue
    const session = usedSession(context, node)
    found.set(session.identity, session)
  }
  return [...found.values()]
}

function usedSession(context: PythonRuleContext, node: PythonNode): UsedSession {
  return { label: node.text, identity: identityOf(context, node), root: rootOf(context, node), node }
}

function rootOf(context: PythonRuleContext, node: PythonNode): Binding | null {
  let root = node
  while (root.kind === 'attribute') root = root.object
  return root.kind === 'identifier' ? context.scopes.bindingOf(root) : null
}

function isName({ kind }: PythonNode): boolean {
  return kind === 'identifier' || kind === 'attribute'
}
