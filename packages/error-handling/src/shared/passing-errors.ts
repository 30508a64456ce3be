import { caughtTypes } from '@krait/python'
import type { ExceptClauseNode, ExceptionContext } from '@krait/python'

/** What does not last: interrupts, and what another thread, task or client changes at once. */
const PASSING: ReadonlySet<string> = new Set([
  'asyncio.QueueEmpty',
  'asyncio.QueueFull',
  'builtins.InterruptedError',
  'builtins.KeyboardInterrupt',
  'queue.Empty',
  'queue.Full',
  'redis.exceptions.WatchError',
  'redis.WatchError',
])

/** Whether a handler catches nothing but what does not last. */
export function catchesPassing(context: ExceptionContext, handler: ExceptClauseNode): boolean {
  return caughtTypes(context, handler).every((type) => type !== null && PASSING.has(type))
}
