import { classOfExpression, effectsOfCall, hasWords, lastNameOf, ownCode, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, ForStatementNode, PythonNode, WhileStatementNode } from '@krait/python'

export type WorkerLoop = WhileStatementNode | ForStatementNode

const STOP_WORDS: readonly string[] = [
  'cancel', 'cancelled', 'close', 'closed', 'done', 'event', 'exit', 'exiting', 'finished', 'halt', 'interrupted', 'is set', 'kill', 'killed', 'quit', 'shutdown', 'shutting down',
  'stop', 'stopped', 'stopping', 'terminate', 'terminated',
]
const RUN_WORDS: readonly string[] = ['active', 'alive', 'run', 'running', 'started']

/** Whether a loop is there to run until somebody stops it, and waits in between. */
export function isWorkerLoop(context: EffectContext, loop: WorkerLoop): boolean {
  const isEndless = loop.kind === 'while_statement' ? runsUntilStopped(loop.condition) : isEndlessSource(context, loop)
  return isEndless && !endsByItself(loop) && (isConsumer(context, loop) || waits(context, loop))
}

/** `True`, `not stop.is_set()`, `self.running`, and these joined by `and`. */
function runsUntilStopped(condition: PythonNode): boolean {
  const test = withoutParentheses(condition)
  if (test.kind === 'true') return true
  if (test.kind === 'integer') return test.text !== '0'
  if (test.kind === 'boolean_operator') return test.operator.kind === 'and' && runsUntilStopped(test.left) && runsUntilStopped(test.right)
  if (test.kind === 'not_operator') return isStopFlag(test.argument)
  return isRunFlag(test)
}

/** `stop`, `self._stopped`, `stop.is_set()`, `await stop.wait()`; also what is asked within a time. */
function isStopFlag(node: PythonNode): boolean {
  return namesOf(node).some((name) => hasWords(name, STOP_WORDS))
}

/** `self.running`, `is_alive()` */
function isRunFlag(node: PythonNode): boolean {
  const flag = withoutParentheses(node)
  if (flag.kind !== 'identifier' && flag.kind !== 'attribute' && flag.kind !== 'call') return false
  return hasWords(lastNameOf(flag) ?? '', RUN_WORDS)
}

function namesOf(node: PythonNode): readonly string[] {
  return [...ownCode(withoutParentheses(node))].flatMap((inner) => (inner.kind === 'identifier' ? [inner.text] : []))
}

/** `itertools.count()`, and what consumes messages. */
function isEndlessSource(context: EffectContext, loop: ForStatementNode): boolean {
  const over = withoutParentheses(loop.right)
  return isConsumer(context, loop) || (over.kind === 'call' && context.resolvesTo(over.function, ENDLESS))
}

const ENDLESS = ['itertools.count', 'itertools.cycle', 'itertools.repeat']

/** `for message in consumer`, `async for message in pubsub.listen()`. */
function isConsumer(context: EffectContext, loop: WorkerLoop): boolean {
  if (loop.kind !== 'for_statement') return false
  const over = withoutParentheses(loop.right)
  if (over.kind === 'call') return over.function.kind === 'attribute' && (over.function.attribute.text === 'listen' || over.function.attribute.text === 'consume')
  const className = classOfExpression(context, over)
  if (className !== null) return CONSUMERS.test(className)
  return (over.kind === 'identifier' || over.kind === 'attribute') && hasWords(lastNameOf(over) ?? '', ['consumer'])
}

const CONSUMERS = /^(kafka|aiokafka|confluent_kafka|pulsar)\..*Consumer$/

/** Whether the loop has an end of its own: a `return` or `break` that is neither in a handler nor under a test of the stop flag. */
function endsByItself(loop: WorkerLoop): boolean {
  for (const node of ownCode(loop.body)) {
    if (node.kind === 'return_statement' || (node.kind === 'break_statement' && loopOf(node) === loop)) {
      if (!isOnRequest(node, loop)) return true
    }
  }
  return false
}

function loopOf(jump: PythonNode): PythonNode | null {
  for (let child = jump, node = jump.parent; node; child = node, node = node.parent) {
    if ((node.kind === 'for_statement' || node.kind === 'while_statement') && child.kind !== 'else_clause') return node
  }
  return null
}

function isOnRequest(jump: PythonNode, loop: WorkerLoop): boolean {
  for (let child = jump, node = jump.parent; node && node !== loop; child = node, node = node.parent) {
    if (node.kind === 'except_clause') return true
    if ((node.kind === 'if_statement' || node.kind === 'elif_clause') && child === node.consequence && asksToStop(node.condition)) return true
  }
  return false
}

function asksToStop(condition: PythonNode): boolean {
  const test = withoutParentheses(condition)
  return test.kind === 'not_operator' ? isRunFlag(test.argument) : isStopFlag(test)
}

/** Whether something in the loop takes time on purpose: a delay, or waiting for work. */
function waits(context: EffectContext, loop: WorkerLoop): boolean {
  for (const node of ownCode(loop)) if (node.kind === 'call' && isWaiting(context, node)) return true
  return false
}

function isWaiting(context: EffectContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  const name = called.kind === 'attribute' ? called.attribute.text : called.kind === 'identifier' ? called.text : ''
  if (WAITING.has(name)) return true
  if (name === 'get' && called.kind === 'attribute') return isQueue(context, called.object)
  return effectsOfCall(context, call).paths.has('sleep')
}

const WAITING: ReadonlySet<string> = new Set(
  `accept blpop brpop bzpopmin fetch_message get_message listen poll receive receive_message receive_messages recv sleep wait wait_for xread
  xreadgroup`.split(/\s+/),
)

function isQueue(context: EffectContext, node: PythonNode): boolean {
  const className = classOfExpression(context, node)
  if (className !== null) return /(^|\.)\w*Queue$/.test(className)
  return hasWords(lastNameOf(node) ?? '', ['queue', 'q', 'inbox', 'jobs'])
}
