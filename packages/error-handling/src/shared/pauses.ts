import { argument, effectsOfCall, isClockCall, lastNameOf, ownCode, positionalArguments, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, FlowEdge, LoopNode, PythonNode, RetryLoop } from '@krait/python'
import { readsAny } from './attempts.ts'
import { outcomeOnLastAttempt, outcomeOnLaterAttempts } from './last-attempt.ts'

/** A call that waits before the next attempt. */
export interface Pause {
  readonly call: CallNode
  /** How long it waits; `null` where that is decided elsewhere. */
  readonly delay: PythonNode | null
}

const SLEEPS: ReadonlySet<string> = new Set(['anyio.sleep', 'asyncio.sleep', 'gevent.sleep', 'time.sleep', 'trio.sleep', 'eventlet.sleep'])

/** Names of functions and methods that are not known, but say that they wait. */
const WAITING_NAME = /sleep|wait|backoff|delay|pause|throttle/i

/** The pauses in the body of a retry loop, outside of what the `try` does. */
export function pausesOf(context: EffectContext, { loop, tryStatement }: RetryLoop): readonly Pause[] {
  const pauses: Pause[] = []
  for (const node of ownCode(loop.body)) {
    if (node.kind !== 'call' || tryStatement.body.contains(node)) continue
    const pause = pauseOf(context, node)
    if (pause) pauses.push(pause)
  }
  return pauses
}

function pauseOf(context: EffectContext, call: CallNode): Pause | null {
  const called = withoutParentheses(call.function)
  const name = context.resolve(called)
  if (name !== null && SLEEPS.has(name)) {
    const delay = positionalArguments(call)[0] ?? argument(call, 'delay') ?? argument(call, 'seconds')
    return delay && context.constantOf(delay) === 0 ? null : { call, delay }
  }
  const { summary, paths } = effectsOfCall(context, call)
  if (paths.has('sleep')) return { call, delay: null }
  if (summary || (name !== null && context.project.definition(name)) || name?.startsWith('builtins.')) return null
  const last = lastNameOf(called) ?? ''
  if (last === 'wait') return { call, delay: argument(call, 'timeout', 0) }
  return WAITING_NAME.test(last) ? { call, delay: positionalArguments(call)[0] ?? null } : null
}

/** Whether some path leads from a handler to the next attempt without a pause. */
export function canSkipPause(context: EffectContext, retry: RetryLoop, handlers: RetryLoop['handlers'], pauses: readonly Pause[]): boolean {
  const { loop, tryStatement } = retry
  const flow = context.flow(loop)
  const failing = [...handlers, ...retry.rest]
  const isPossible = ({ kind, decider }: FlowEdge): boolean => {
    if ((kind !== 'true' && kind !== 'false') || !decider || !loop.body.contains(decider)) return true
    const outcome = kind === 'true'
    if (failing.some((part) => part.contains(decider))) return outcomeOnLastAttempt(context, loop, decider) !== outcome
    return decider.start > tryStatement.start || outcomeOnLaterAttempts(context, loop, decider) !== !outcome
  }
  const stays = flow.loopOf(loop)
  const starts = handlers.flatMap((handler) => flow.pointsInRole('except', handler))
  return flow.canReach(starts, flow.pointsOf(tryStatement), {
    avoiding: [...pauses.map(({ call }) => call), ...skipsByClock(context, loop)],
    exceptions: 'none',
    edges: (edge) => isPossible(edge) && stays?.contains(edge.target) === true,
  })
}

/** `if time.monotonic() < self.retry_at: continue` */
function skipsByClock(context: EffectContext, loop: LoopNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  for (const node of ownCode(loop.body)) {
    if (node.kind !== 'if_statement' || node.consequence.namedChildren.at(-1)?.kind !== 'continue_statement') continue
    if ([...ownCode(node.condition)].some((part) => part.kind === 'call' && (isClockCall(context, part) || MONOTONIC.has(context.resolve(part.function) ?? '')))) found.push(node.condition)
  }
  return found
}

const MONOTONIC: ReadonlySet<string> = new Set(['time.monotonic', 'time.perf_counter'])

/** Whether a delay is the same before each attempt: a constant, or made of names that the loop does not change. */
export function isConstantDelay(context: EffectContext, delay: PythonNode, changed: ReadonlySet<string>): boolean {
  if (context.constantOf(delay) !== undefined) return true
  for (const node of ownCode(delay)) if (node.kind === 'call' || node.kind === 'await' || node.kind === 'subscript') return false
  return !readsAny(delay, changed)
}

/** Whether a delay has a random part; also where that can not be told. */
export function hasJitter(context: EffectContext, delay: PythonNode): boolean {
  const pending = [delay]
  const seen = new Set<PythonNode>()
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (seen.has(part)) continue
    seen.add(part)
    for (const node of ownCode(part)) {
      if (node.kind === 'call') {
        const name = context.resolve(node.function)
        if (name === null || !PLAIN.has(name)) return true
      } else if (node.kind === 'subscript') return true
      else if (node.kind === 'identifier') {
        for (const { value } of context.scopes.bindingOf(node)?.definitions ?? []) if (value) pending.push(value as PythonNode)
      }
    }
  }
  return false
}

/** Functions whose results are as random as what they are given. */
const PLAIN: ReadonlySet<string> = new Set(['builtins.min', 'builtins.max', 'builtins.float', 'builtins.int', 'builtins.round', 'builtins.pow', 'math.pow', 'builtins.range', 'builtins.enumerate'])
