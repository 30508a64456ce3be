import { attemptsOf, isLoggingOrReporterCall, lastNameOf, ownCode, summaryOfCall, terminates } from '@krait/python'
import type { ExceptClauseNode, Flow, FlowEdge, FlowLoop, LoggerContext, LoopNode, PathOptions, PythonNode, PythonServices, RetryLoop } from '@krait/python'
import { attemptNames, countedNames, readsAny } from './attempts.ts'
import { exceptionNames, testedBy, testsOf } from './exception-tests.ts'
import { catchesPassing } from './passing-errors.ts'

/** More tests of the exception than these in one handler are not told apart. */
const MAX_TESTS = 6

/** Context managers that end what they hold after a time. */
const DEADLINES: ReadonlySet<string> = new Set([
  'anyio.fail_after',
  'anyio.move_on_after',
  'async_timeout.timeout',
  'asyncio.timeout',
  'asyncio.timeout_at',
  'trio.fail_after',
  'trio.move_on_after',
])

/** Whether a loop has no end of its own: `while True`, `for attempt in itertools.count()`; unless a deadline is set around it. */
export function isEndless(context: PythonServices, loop: LoopNode): boolean {
  if (loop.kind === 'for_statement') {
    if (attemptsOf(context, loop)?.kind !== 'count') return false
  } else {
    const condition = context.constantOf(loop.condition)
    if (condition !== true && (typeof condition !== 'number' || condition === 0)) return false
  }
  return !hasDeadline(context, loop)
}

function hasDeadline(context: PythonServices, loop: LoopNode): boolean {
  for (let node = loop.parent; node && node.kind !== 'function_definition'; node = node.parent) {
    if (node.kind !== 'with_statement') continue
    for (const child of ownCode(node.namedChildren[0]!)) if (child.kind === 'call' && context.resolvesTo(child.function, DEADLINES)) return true
  }
  return false
}

/** Whether a failure that stays the same is retried without end: by some handler, with the tests of the exception deciding the same way each time. */
export function failsForEver(context: LoggerContext, retry: RetryLoop): boolean {
  if (asksPerson(retry.loop) || triesSomethingElse(context, retry)) return false
  const flow = context.flow(retry.loop)
  const loop = flow.loopOf(retry.loop)
  const lasting = retry.handlers.filter((handler) => !catchesPassing(context, handler))
  return loop !== null && lasting.some((handler) => new HandlerPaths(context, flow, loop, retry, handler).neverEscapes())
}

/** What functions are called that ask the person at the terminal. */
const PROMPTS: ReadonlySet<string> = new Set(['ask', 'confirm', 'getpass', 'input', 'prompt'])

/** Asking again is what one does with people. */
function asksPerson({ body }: LoopNode): boolean {
  for (const node of ownCode(body)) if (node.kind === 'call' && PROMPTS.has(lastNameOf(node.function) ?? '')) return true
  return false
}

/** Looking for a free name: what is tried counts on from one attempt to the next. */
function triesSomethingElse(context: LoggerContext, { loop, tryStatement }: RetryLoop): boolean {
  const counted = countedNames(loop)
  if (counted.size === 0) return false
  for (const node of ownCode(tryStatement.body)) {
    if ((node.kind === 'identifier' || node.kind === 'attribute') && counted.has(node.text) && !isLogged(context, node)) return true
  }
  return false
}

function isLogged(context: LoggerContext, node: PythonNode): boolean {
  const call = node.closest('call')
  return call !== null && isLoggingOrReporterCall(context, call)
}

/** The ways of one handler. */
class HandlerPaths {
  readonly #context: PythonServices
  readonly #flow: Flow
  readonly #loop: FlowLoop
  readonly #retry: RetryLoop
  readonly #handler: ExceptClauseNode

  constructor(context: PythonServices, flow: Flow, loop: FlowLoop, retry: RetryLoop, handler: ExceptClauseNode) {
    this.#context = context
    this.#flow = flow
    this.#loop = loop
    this.#retry = retry
    this.#handler = handler
  }

  neverEscapes(): boolean {
    const tests = this.#testsOfException()
    if (tests.length > MAX_TESTS) return false
    for (let outcomes = 0; outcomes < 1 << tests.length; outcomes++) {
      const decided = new Map(tests.map((test, i) => [test, (outcomes & (1 << i)) !== 0]))
      if (this.#comesAgain(decided) && !this.#escapes(decided)) return true
    }
    return false
  }

  #comesAgain(decided: ReadonlyMap<PythonNode, boolean>): boolean {
    return this.#flow.canReachNextRound(this.#starts, this.#loop, this.#options(decided))
  }

  #escapes(decided: ReadonlyMap<PythonNode, boolean>): boolean {
    const outside = this.#flow.points.filter((point) => !this.#loop.contains(point))
    // What stands before the `try` may end the loop, too.
    return this.#flow.canReach(this.#starts, outside, { ...this.#options(decided), avoiding: this.#retry.tryStatement })
  }

  get #starts() {
    return this.#flow.pointsInRole('except', this.#handler)
  }

  #options(decided: ReadonlyMap<PythonNode, boolean>): PathOptions {
    const isTaken = ({ kind, decider }: FlowEdge): boolean => {
      // `itertools.count()` has no end.
      if (kind === 'exhausted' && decider === this.#loop.node) return false
      const outcome = decider ? decided.get(decider) : undefined
      return outcome === undefined || outcome === (kind === 'true' || kind === 'match')
    }
    return { exceptions: (edge) => this.#raises(edge), edges: isTaken }
  }

  /** Only what the code itself raises is an end. */
  #raises({ source: { node } }: FlowEdge): boolean {
    if (node.kind === 'raise_statement') return true
    if (node.kind !== 'call') return false
    return terminates(this.#context, node) || (summaryOfCall(this.#context, node)?.raises.length ?? 0) > 0
  }

  /** The tests that look at the exception, and at nothing that tells one attempt from the next. */
  #testsOfException(): readonly PythonNode[] {
    const attempts = attemptNames(this.#retry.loop)
    const tests = testsOf(this.#flow, [this.#handler, ...this.#retry.rest], exceptionNames(this.#handler))
    return [...tests.keys()].filter((decider) => !testedBy(decider).some((part) => readsAny(part, attempts)))
  }
}
