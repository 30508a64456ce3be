import { effectsOfCall, isSession, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, ExceptClauseNode, FlowPoint, PythonNode, WithItemNode } from '@krait/python'
import { opens } from './protected-statements.ts'
import { sessionStatement } from './session-statements.ts'
import type { SessionStatement } from './session-statements.ts'

/** Whether a way leads out of a handler on which a session is used again, without a rollback. */
export function isUsedAfter(context: EffectContext, clause: ExceptClauseNode, statement: SessionStatement, { namesDatabaseError }: { readonly namesDatabaseError: boolean }): boolean {
  const { session, writes } = statement
  const flow = context.flow(clause)
  const begin = flow.pointsInRole('except', clause)
  if (!begin.some((point) => flow.isReachable(point))) return false
  const known = new Map<PythonNode, 'end' | 'use' | null>()
  const options = {
    avoiding: (point: FlowPoint) => whatHappens(point) === 'end',
    exceptions: 'none' as const,
    consistent: true,
    nextRounds: writes || namesDatabaseError,
  }
  const uses = flow.points.filter((point) => whatHappens(point) === 'use' && (!clause.contains(point.node) || handlerGoesOn(point)))
  if (uses.length > 0 && flow.canReach(begin, uses, options)) return true
  return writes && isFromOutside(context, session) && flow.canReach(begin, 'normal-exit', options)

  /** Whether the handler can come to an end behind a point: if it raises, whoever owns the session looks after it. */
  function handlerGoesOn(point: FlowPoint): boolean {
    const outside = flow.points.filter(({ node, role }) => role !== 'raise-exit' && !clause.contains(node))
    return flow.canReach(point, outside, { exceptions: 'none' })
  }

  function whatHappens({ node, role }: FlowPoint): 'end' | 'use' | null {
    if (node.kind === 'with_item') return role === 'with-exit' ? atExit(node) : null
    let what = known.get(node)
    if (what === undefined) known.set(node, (what = node.kind === 'call' ? inCall(node) : bindsAnew(node, session) ? 'end' : null))
    return what
  }

  function atExit(item: WithItemNode): 'end' | 'use' | null {
    if (opens(item, session)) return 'end'
    const value = withoutParentheses(item.value)
    const manager = value.kind === 'as_pattern' ? value.namedChildren[0] : value
    const called = manager?.kind === 'call' ? manager.function : null
    return writes && called?.kind === 'attribute' && called.attribute.text.startsWith('begin') && called.object.text === session.text ? 'use' : null
  }

  function inCall(call: CallNode): 'end' | 'use' | null {
    const called = withoutParentheses(call.function)
    const method = called.kind === 'attribute' ? called.attribute.text : ''
    const object = called.kind === 'attribute' ? withoutParentheses(called.object) : null
    if (object?.text === session.text) {
      if (ENDING_METHODS.has(method)) return 'end'
      return writes ? (LOOKING_METHODS.has(method) ? null : 'use') : sessionStatement(context, call) ? 'use' : null
    }
    if (method === 'rollback' && object && !isSession(context, object)) return 'end'
    if (effectsOfCall(context, call).paths.has('rollback')) return 'end'
    if (!isGiven(call, session)) return null
    return writes || sessionStatement(context, call) ? 'use' : null
  }
}

const ENDING_METHODS: ReadonlySet<string> = new Set(['aclose', 'close', 'invalidate', 'remove', 'reset', 'rollback'])

/** What a session can be asked without talking to the database. */
const LOOKING_METHODS: ReadonlySet<string> = new Set(['expire', 'expire_all', 'expunge', 'expunge_all', 'get_bind', 'in_nested_transaction', 'in_transaction', 'is_modified'])

function isGiven({ arguments: list }: CallNode, session: PythonNode): boolean {
  if (list?.kind !== 'argument_list') return false
  return list.namedChildren.some((child) => (child.kind === 'keyword_argument' ? child.value : child).text === session.text)
}

/** `session = SessionLocal()`: from there on it is another one. */
function bindsAnew(node: PythonNode, session: PythonNode): boolean {
  return node.kind === 'assignment' && node.left.text === session.text
}

/** Whether others have the session, too: a parameter, an attribute of one or of the object, a global. One that the function has opened is its own. */
function isFromOutside(context: EffectContext, session: PythonNode): boolean {
  let root = session
  while (root.kind === 'attribute') root = withoutParentheses(root.object)
  const scope = context.scopes.scopeOf(root)
  const binding = root.kind === 'identifier' ? context.scopes.bindingOf(root) : null
  if (!binding || !scope.function) return false
  if (binding.scope !== scope.function) return true
  return binding.definitions.every((definition) => {
    if (definition.kind === 'parameter') return true
    return definition.value?.kind === 'attribute' || definition.value?.kind === 'identifier'
  })
}
