import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import {
  calledProjectFunction,
  callsOf,
  classOfExpression,
  identityOf,
  ormSessionOf,
  sessionAttributeOf,
  sessionsOfCall,
  withoutParentheses,
} from '@krait/python'

/** A session that a coroutine uses. */
export interface UsedSession {
  readonly identity: string
  /** How the code names it. */
  readonly label: string
  readonly node: PythonNode
  readonly isAsync: boolean
}

/** The sessions with which a call works: those that it is given, the one whose method it is, and the one that the object of a project class holds. */
export function sessionsUsedBy(context: PythonRuleContext, call: CallNode): readonly UsedSession[] {
  const called = withoutParentheses(call.function)
  const found: UsedSession[] = []
  const given = call.arguments.kind === 'argument_list' ? call.arguments.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child)) : []
  for (const node of [...given, ...(called.kind === 'attribute' ? [called.object] : [])]) {
    const session = node.kind === 'identifier' || node.kind === 'attribute' ? ormSessionOf(context, node) : null
    if (session && !session.isRegistry) found.push({ identity: identityOf(context, node), label: node.text, node, isAsync: session.kind === 'async' })
  }
  return found.length > 0 || called.kind !== 'attribute' ? found : heldSessions(context, call, called.object)
}

/** `repository.load()`, whose body works with `self.session`. */
function heldSessions(context: PythonRuleContext, call: CallNode, object: PythonNode): readonly UsedSession[] {
  const name = calledProjectFunction(context, call)
  const className = name === null ? null : classOfExpression(context, object)
  const path = name === null ? undefined : context.project.summary(name)?.effects.database
  const last = path?.at(-1)
  const receiver = last?.call === undefined ? undefined : callsOf(context.project, last.function)?.calls[last.call]?.receiver
  if (className === null || receiver?.kind !== 'attribute' || receiver.object.kind !== 'local' || receiver.object.name !== 'self') return []
  const session = sessionAttributeOf(context, className, receiver.attribute)
  if (!session || session.isRegistry) return []
  const isAsync = session.kind === 'async'
  return [...sessionsOfCall(context, call)].map((identity) => ({ identity, label: `${object.text}.${receiver.attribute}`, node: object, isAsync }))
}
