import {
  caughtTypes,
  effectsOfCall,
  isBroadType,
  isFailureType,
  keywordArguments,
  ownCode,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, ExceptClauseNode, ExceptionType, Flow, PythonNode, PythonRuleContext, TryStatementNode, WithStatementNode } from '@krait/python'
import { suppressionsOf } from './suppressions.ts'

/** What keeps the failure of a call from going further. */
export type Protection =
  | { readonly by: 'try'; readonly node: TryStatementNode; readonly body: PythonNode }
  | { readonly by: 'with'; readonly node: WithStatementNode; readonly body: PythonNode }
  | { readonly by: 'gather'; readonly node: CallNode }

/** Errors from which the failures of a library derive, beside the failure types that all rules know. */
const ERROR_BASES: ReadonlySet<string> = new Set([
  'aiosmtplib.SMTPException',
  'aiosmtplib.errors.SMTPException',
  'fastapi_mail.errors.ConnectionErrors',
  'firebase_admin.exceptions.FirebaseError',
  'python_http_client.exceptions.HTTPError',
  'slack_sdk.errors.SlackApiError',
  'slack_sdk.errors.SlackClientError',
  'twilio.base.exceptions.TwilioException',
  'twilio.base.exceptions.TwilioRestException',
])

/**
 * The innermost construct of the function around a call that ends its failures: a `try` with a handler for them that can go on, `contextlib.suppress`, or
 * `gather(return_exceptions=True)`. A `try` that holds the core of the operation, too, and gives up in its handler, is none.
 * @param isCore whether a call writes or commits
 */
export function protectionOf(context: PythonRuleContext, flow: Flow, call: CallNode, isCore: (call: CallNode) => boolean): Protection | null {
  const ends = (type: ExceptionType) => endsFailures(context, call, type)
  let child: PythonNode = call
  for (let node = call.parent; node && !isDefinition(node); child = node, node = node.parent) {
    if (node.kind === 'call' && child === node.arguments && isGathering(node)) return { by: 'gather', node }
    if (node.kind === 'with_statement' && child === node.body && suppressionsOf(context, node).some(({ types }) => types.some(ends))) return { by: 'with', node, body: node.body }
    if (node.kind !== 'try_statement' || child !== node.body) continue
    const handler = handlersOf(node).find((clause) => caughtTypes(context, clause).some(ends))
    if (handler && goesOn(flow, handler) && !(givesUp(handler) && holds(node.body, isCore))) return { by: 'try', node, body: node.body }
  }
  return null
}

function isDefinition({ kind }: PythonNode): boolean {
  return kind === 'function_definition' || kind === 'lambda' || kind === 'class_definition'
}

function endsFailures(context: PythonRuleContext, call: CallNode, type: ExceptionType): boolean {
  if (type === null) return false
  if (isBroadType(type) || ERROR_BASES.has(type) || isFailureType(context, type)) return true
  const raises = effectsOfCall(context, call).summary?.raises ?? []
  return raises.some(({ exception }) => context.project.isSubclassOf(exception, [type]) === true)
}

function handlersOf(statement: TryStatementNode): readonly ExceptClauseNode[] {
  return statement.namedChildren.filter((child) => child.kind === 'except_clause')
}

/** Whether a handler can be left other than by an exception. */
function goesOn(flow: Flow, handler: ExceptClauseNode): boolean {
  if (handler.descendants('raise_statement').next().done) return true
  return flow.canReach(handler, 'normal-exit', { exceptions: 'none' })
}

/** Whether a handler says that the whole has failed: it rolls back, raises again, or returns something. */
function givesUp(handler: ExceptClauseNode): boolean {
  for (const node of ownCode(handler)) {
    if (node.kind === 'raise_statement') return true
    if (node.kind === 'return_statement' && node.namedChildren[0] && node.namedChildren[0].kind !== 'none') return true
    const called = node.kind === 'call' ? withoutParentheses(node.function) : null
    if (called?.kind === 'attribute' && called.attribute.text === 'rollback') return true
  }
  return false
}

function holds(body: PythonNode, isCore: (call: CallNode) => boolean): boolean {
  for (const node of ownCode(body)) if (node.kind === 'call' && isCore(node)) return true
  return false
}

function isGathering(call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if ((called.kind === 'attribute' ? called.attribute.text : called.text) !== 'gather') return false
  return keywordArguments(call).get('return_exceptions')?.kind === 'true'
}
