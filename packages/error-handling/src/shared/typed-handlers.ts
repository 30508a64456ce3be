import { hasWords, isFailureType, lastPart, ownCode, positionalArguments, withoutParentheses } from '@krait/python'
import type { BlockNode, ExceptionContext, PythonNode } from '@krait/python'

/** Which handlers of specific types a rule looks at: those of failed dependencies, nearly all, or none. */
export type TypedExceptions = 'failures' | 'all' | 'none'

/** Exceptions by which code is steered: a lookup that finds nothing, text that can not be read, an end, an empty queue. */
const CONTROL_FLOW: ReadonlySet<string> = new Set([
  'asyncio.CancelledError',
  'asyncio.QueueEmpty',
  'asyncio.QueueFull',
  'builtins.AttributeError',
  'builtins.GeneratorExit',
  'builtins.ImportError',
  'builtins.IndexError',
  'builtins.KeyError',
  'builtins.KeyboardInterrupt',
  'builtins.StopAsyncIteration',
  'builtins.StopIteration',
  'builtins.SystemExit',
  'builtins.ValueError',
  'queue.Empty',
  'queue.Full',
])

/** What the names of a project's own exceptions say of an expected outcome. */
const OUTCOME_WORDS: readonly string[] = ['already exists', 'does not exist', 'doesnt exist', 'exists', 'not exists', 'not found', 'duplicate']

/** Methods and functions that delete: what is gone already needs no deleting. */
const DELETING: ReadonlySet<string> = new Set(['delete', 'remove', 'removedirs', 'rmdir', 'rmtree', 'unlink'])

/**
 * Whether an exception of this type is too serious to be dropped without a word.
 * @param body the `try` block
 */
export function mustNotBeDropped(context: ExceptionContext, type: string | null, typed: TypedExceptions, body: BlockNode): boolean {
  if (type === null || typed === 'none' || isExpectedOutcome(context, type)) return false
  if (type === 'builtins.TimeoutError' && onlyWaits(body)) return false
  if (isFailureType(context, type)) return true
  if (typed !== 'all') return false
  const { names } = context.project.ancestors(type)
  if (names.some((name) => CONTROL_FLOW.has(name))) return false
  return !(names.includes('builtins.FileNotFoundError') && deletes(body))
}

/** A project's own `UserNotFound` or `AlreadyExistsError`. */
function isExpectedOutcome({ project }: ExceptionContext, type: string): boolean {
  return project.definition(type)?.kind === 'class' && hasWords(lastPart(type), OUTCOME_WORDS)
}

/** Methods by which code waits for its own: an event, a queue, a lock, a task. */
const WAITING: ReadonlySet<string> = new Set(['acquire', 'get', 'join', 'wait', 'wait_closed'])

/** `await asyncio.wait_for(stop.wait(), 5)`: that the time runs out is one of the two outcomes that the code asks for. */
function onlyWaits(body: PythonNode): boolean {
  let waits = 0
  for (const node of ownCode(body)) {
    if (node.kind !== 'call') continue
    const called = withoutParentheses(node.function)
    const name = called.kind === 'attribute' ? called.attribute.text : called.text
    if (WAITING.has(name) && positionalArguments(node).length === 0) waits++
    else if (!TIMING.has(name)) return false
  }
  return waits > 0
}

/** What may stand around it. */
const TIMING: ReadonlySet<string> = new Set(['max', 'min', 'monotonic', 'shield', 'time', 'timeout', 'timeout_at', 'wait_for'])

function deletes(body: PythonNode): boolean {
  for (const node of ownCode(body)) {
    if (node.kind !== 'call') continue
    const called = withoutParentheses(node.function)
    const name = called.kind === 'attribute' ? called.attribute.text : called.text
    if (DELETING.has(name)) return true
  }
  return false
}
