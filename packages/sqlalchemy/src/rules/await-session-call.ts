import type { AttributeNode, AwaitNode, CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { calledProjectFunction, callLabel, defineRule, mayCallAny, ormSessionOf, ownCode, withoutParentheses } from '@krait/python'
import { useOfValue } from '../shared/value-use.ts'

type MessageId = 'unawaited' | 'synchronous' | 'insert' | 'remove'
type Context = PythonRuleContext<MessageId, readonly []>

/** Methods of an `AsyncSession` that are coroutine functions, with what does not happen as long as nobody awaits them. */
const COROUTINES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    commit: 'nothing is committed',
    rollback: 'nothing is rolled back',
    flush: 'nothing is written',
    delete: 'nothing is deleted',
    merge: 'nothing is merged',
    refresh: 'nothing is loaded',
    get: 'nothing is loaded',
    get_one: 'nothing is loaded',
    execute: 'the statement never runs',
    scalar: 'the statement never runs',
    scalars: 'the statement never runs',
    stream: 'the statement never runs',
    stream_scalars: 'the statement never runs',
    exec: 'the statement never runs',
    close: 'the session stays open',
    connection: 'it never runs',
    run_sync: 'it never runs',
    reset: 'it never runs',
    invalidate: 'it never runs',
  }),
)

/** The ones among them that are looked at on an `AsyncConnection`. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set(['execute', 'commit', 'rollback'])

/** Methods that are plain functions on every session. */
const PLAIN: ReadonlySet<string> = new Set(['add', 'add_all', 'expunge', 'expire'])

const METHODS: ReadonlySet<string> = new Set([...COROUTINES.keys(), ...PLAIN])

export const awaitSessionCall = defineRule({
  name: 'await-session-call',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require `await` on calls of async sessions, and none on those of sync ones',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      unawaited: '`{{call}}` returns a coroutine that is never awaited, so {{consequence}}. Write `await {{call}}`.',
      synchronous: '`{{call}}` returns no awaitable, so `await` raises `TypeError` after it has run. Remove the `await`.',
      insert: 'Await `{{call}}`',
      remove: 'Remove the `await`',
    },
    schema: [],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, METHODS)) return {}
    return {
      call(node) {
        const called = node.function
        if (called.kind !== 'attribute') return
        const method = called.attribute.text
        if (!COROUTINES.has(method) && !PLAIN.has(method)) return
        // A session's `get` takes a model and a key, and that of a dictionary mostly one key.
        if (method === 'get' && node.arguments.namedChildren.length < 2) return
        const awaiting = awaitOf(node)
        if (awaiting) checkAwaited(context, node, called, awaiting)
        else if (COROUTINES.has(method)) checkUnawaited(context, node, called)
      },
    }
  },
})

function checkUnawaited(context: Context, call: CallNode, { object, attribute }: AttributeNode): void {
  const use = useOfValue(context, call)
  if (use === 'other') return
  const session = ormSessionOf(context, object)
  if (session?.kind !== 'async' || (session.isConnection && !OF_CONNECTIONS.has(attribute.text)) || calledProjectFunction(context, call)) return
  const data = { call: callLabel(call), consequence: COROUTINES.get(attribute.text)! }
  const canAwait = isInCoroutine(call)
  const isGrouped = use === 'discarded' || use === 'assigned' || call.parent?.kind === 'parenthesized_expression' || call.parent?.kind === 'named_expression'
  context.report({
    node: attribute,
    messageId: 'unawaited',
    data,
    fix: canAwait && use === 'discarded' ? (fixer) => fixer.insertTextBefore(call, 'await ') : null,
    suggest: [
      canAwait &&
        use !== 'discarded' && {
          messageId: 'insert',
          data,
          fix: (fixer) => (isGrouped ? fixer.insertTextBefore(call, 'await ') : [fixer.insertTextBefore(call, '(await '), fixer.insertTextAfter(call, ')')]),
        },
    ],
  })
}

function checkAwaited(context: Context, call: CallNode, { object, attribute }: AttributeNode, awaiting: AwaitNode): void {
  const session = ormSessionOf(context, object)
  if (!session || calledProjectFunction(context, call)) return
  const isPlain = PLAIN.has(attribute.text) && !session.isConnection
  if (!isPlain && (session.kind !== 'sync' || !COROUTINES.has(attribute.text))) return
  const mayBeWrong = !isPlain && isAnnotated(context, object)
  if (mayBeWrong && awaitedCalls(object) > 1) return
  const operand = awaiting.namedChildren[0]!
  const hasComment = context.sourceCode.commentsIn([awaiting.start, operand.start]).length > 0
  const remove = hasComment ? null : [awaiting.start, operand.start] as const
  // Where the result is worked with, the function has run: then it is the annotation that is wrong.
  const isSafe = isInCoroutine(call) && !(mayBeWrong && awaiting.parent?.kind !== 'expression_statement')
  context.report({
    node: attribute,
    messageId: 'synchronous',
    data: { call: callLabel(call) },
    fix: remove && isSafe ? (fixer) => fixer.removeRange(remove) : null,
    suggest: [remove && !isSafe && { messageId: 'remove', fix: (fixer) => fixer.removeRange(remove) }],
  })
}

function awaitOf(call: CallNode): AwaitNode | null {
  let parent = call.parent
  while (parent?.kind === 'parenthesized_expression') parent = parent.parent
  return parent?.kind === 'await' ? parent : null
}

function isInCoroutine(node: PythonNode): boolean {
  const definition = node.closest('function_definition', 'lambda')
  return definition?.kind === 'function_definition' && definition.children[0]?.kind === 'async'
}

/** A parameter whose annotation alone says what it is. */
function isAnnotated(context: Context, object: PythonNode): boolean {
  const root = withoutParentheses(object)
  if (root.kind === 'attribute') return true
  return root.kind === 'identifier' && context.scopes.bindingOf(root)?.onlyDefinition?.kind === 'parameter'
}

/** How many calls of coroutine methods on the same name are awaited in the function. */
function awaitedCalls(object: PythonNode): number {
  const definition = object.closest('function_definition')
  let count = 0
  for (const node of definition ? ownCode(definition) : []) {
    if (node.kind !== 'call' || node.function.kind !== 'attribute' || node.function.object.text !== object.text) continue
    if (COROUTINES.has(node.function.attribute.text) && awaitOf(node)) count++
  }
  return count
}
