import {
  argument,
  attemptsOf,
  caughtTypes,
  defineRule,
  isTaskRetry,
  isTestFile,
  lastNameOf,
  lastPart,
  loopHeaderEnd,
  ownCode,
  policyArgument,
  policyOfDecorator,
  policyOfPlainCall,
  retryLoopOf,
} from '@krait/python'
import type { CallNode, Constant, ExceptClauseNode, LoopNode, PythonNode, PythonRuleContext, RetryLoop, RetryPolicy, TryStatementNode, Value } from '@krait/python'
import { attemptNames, namesAssigned } from '../shared/attempts.ts'
import { sourceLabel } from '../shared/describe-handler.ts'
import { catchesPassing } from '../shared/passing-errors.ts'
import { canSkipPause, hasJitter, isConstantDelay, pausesOf } from '../shared/pauses.ts'
import { mayBePolicy } from '../shared/policy-calls.ts'

export interface RetryBackoffOptions {
  /** Whether any delay will do, or only one that grows. */
  readonly growth: 'any' | 'exponential'
  /** Whether a growing delay must have a random part. */
  readonly jitter: boolean
}

type MessageId = 'loop' | 'constant' | 'inStep' | 'policy' | 'constantPolicy' | 'inStepPolicy' | 'task'
type Context = PythonRuleContext<MessageId, readonly [RetryBackoffOptions]>

const defaultOptions: readonly [RetryBackoffOptions] = [{ growth: 'any', jitter: false }]

export const retryBackoff = defineRule({
  name: 'retry-backoff',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a pause between the attempts of a retry',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      loop: 'This loop retries {{source}} with no pause between attempts. Sleep between them, doubling the delay each time (and add jitter).',
      constant: 'This loop retries {{source}} after the same delay each time. Double it for each attempt (and add jitter).',
      inStep: 'This loop retries {{source}} after a delay without a random part, so that all workers come back at once. Add jitter.',
      policy: '`{{label}}` without `wait=` retries with no pause between attempts. Add `wait=wait_exponential_jitter()`.',
      constantPolicy: '`{{label}}` retries after the same delay each time. Use one that grows: {{remedy}}.',
      inStepPolicy: '`{{label}}` retries after a delay without a random part, so that all workers come back at once. Use {{remedy}}.',
      task: '`{{label}}` retries with no pause between attempts. Set {{remedy}}.',
    },
    schema: [
      {
        type: 'object',
        properties: { growth: { enum: ['any', 'exponential'] }, jitter: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context)) return {}
    const reported = new Set<LoopNode>()
    return {
      try_statement: checkLoop,
      decorator: (node) => checkPolicy(policyOfDecorator(context, node)),
      call(node) {
        if (mayBePolicy(node)) checkPolicy(policyOfPlainCall(context, node))
        checkTaskRetry(node)
      },
    }

    function checkLoop(statement: TryStatementNode): void {
      const retry = retryLoopOf(context, statement)
      if (!retry || reported.has(retry.loop) || isShort(context, retry.loop)) return
      const messageId = problemOf(retry)
      if (!messageId) return
      reported.add(retry.loop)
      const source = sourceLabel(context, statement.body)
      context.report({
        range: [retry.loop.start, loopHeaderEnd(retry.loop)],
        messageId,
        data: { source: source === null ? 'the `try` block' : `\`${source}\`` },
      })
    }

    function problemOf(retry: RetryLoop): 'loop' | 'constant' | 'inStep' | null {
      const handlers = retry.handlers.filter((handler) => !isConflict(context, handler) && !catchesPassing(context, handler))
      if (handlers.length === 0) return null
      const pauses = pausesOf(context, retry)
      if (canSkipPause(context, retry, handlers, pauses)) return 'loop'
      const delays = pauses.flatMap(({ delay }) => (delay ? [delay] : []))
      const changed = new Set([...attemptNames(retry.loop), ...namesAssigned(retry.loop)])
      const isConstant = (delay: PythonNode) => isConstantDelay(context, delay, changed)
      if (options.growth === 'exponential' && delays.some(isConstant)) return 'constant'
      const isInStep = (delay: PythonNode) => !isConstant(delay) && !RETRY_AFTER.test(delay.text) && !hasJitter(context, delay)
      return options.jitter && delays.some(isInStep) ? 'inStep' : null
    }

    function checkPolicy(policy: RetryPolicy | null): void {
      if (!policy || policy.isMadeElsewhere) return
      const { node, label } = policy
      const isExponential = options.growth === 'exponential'
      if (policy.library === 'tenacity') {
        const wait = policyArgument(policy, 'wait', 2)
        if (wait === 'open' || (wait === null && policyArgument(policy, 'stop', 1) === 'open')) return
        if (isNoWait(context, wait)) {
          if (!triesTwice(context, policy)) context.report({ node, messageId: 'policy', data: { label } })
        } else if (isExponential && isCall(context, wait, WAIT_FIXED)) {
          context.report({ node, messageId: 'constantPolicy', data: { label, remedy: '`wait_exponential_jitter()`' } })
        } else if (options.jitter && isCall(context, wait, WAIT_GROWING)) {
          context.report({ node, messageId: 'inStepPolicy', data: { label, remedy: '`wait_exponential_jitter()`' } })
        }
      } else if (policy.library === 'backoff') checkBackoff(policy, isExponential)
      else if (policy.library === 'celery' && policyArgument(policy, 'autoretry_for') !== null) checkTask(policy, isExponential)
    }

    function checkBackoff(policy: RetryPolicy, isExponential: boolean): void {
      const { node, label } = policy
      const generator = policyArgument(policy, 'wait_gen', 0)
      const isConstant = generator !== null && generator !== 'open' && isName(context, generator, 'backoff.constant')
      const jitter = policyArgument(policy, 'jitter')
      if (isConstant) {
        if (isExponential) context.report({ node, messageId: 'constantPolicy', data: { label, remedy: '`backoff.expo`' } })
      } else if (options.jitter && jitter !== null && jitter !== 'open' && constant(context, jitter) === null) {
        context.report({ node, messageId: 'inStepPolicy', data: { label, remedy: '`jitter=backoff.full_jitter`' } })
      }
    }

    function checkTask(policy: RetryPolicy, isExponential: boolean): void {
      const { node } = policy
      const label = policy.function ? `${policy.function.name.text}()` : policy.label
      const backoff = policyArgument(policy, 'retry_backoff')
      const delay = policyArgument(policy, 'default_retry_delay')
      if (backoff === 'open' || delay === 'open') return
      if (backoff === null || constant(context, backoff) === false || constant(context, backoff) === 0) {
        if (delay && constant(context, delay) === 0) context.report({ node, messageId: 'task', data: { label, remedy: '`retry_backoff=True`' } })
        else if (isExponential) context.report({ node, messageId: 'constantPolicy', data: { label, remedy: '`retry_backoff=True`' } })
        return
      }
      const jitter = policyArgument(policy, 'retry_jitter')
      if (options.jitter && jitter !== null && jitter !== 'open' && constant(context, jitter) === false) {
        context.report({ node, messageId: 'inStepPolicy', data: { label, remedy: '`retry_jitter=True`' } })
      }
    }

    function checkTaskRetry(call: CallNode): void {
      if (lastNameOf(call.function) !== 'retry') return
      const countdown = argument(call, 'countdown')
      if (!countdown || context.constantOf(countdown) !== 0 || !isTaskRetry(context, call)) return
      context.report({ node: call, messageId: 'task', data: { label: `${call.function.text}(countdown=0)`, remedy: 'a `countdown` that grows with `self.request.retries`' } })
    }
  },
})

const RETRY_AFTER = /retry[-_]?after/i

/** One immediate retry is sensible after a connection was lost. */
function isShort(context: Context, loop: LoopNode): boolean {
  const count = loop.kind === 'for_statement' ? attemptsOf(context, loop)?.count : null
  return typeof count === 'number' && count <= 2
}

/** A handler for conflicts, after which another input is tried. */
function isConflict(context: Context, handler: ExceptClauseNode): boolean {
  if ([...ownCode(handler)].some((node) => node.kind === 'attribute' && node.attribute.text === 'EEXIST')) return true
  const written = handler.value.flatMap((value) => partsOf(withoutAlias(value)))
  const names = caughtTypes(context, handler).map((type, i) => (type !== null ? lastPart(type) : written[i] ? lastNameOf(written[i]) : null))
  return names.every((name) => name !== null && CONFLICT.test(name))
}

const CONFLICT = /^(IntegrityError|StaleDataError|FileExistsError)$|Conflict|Exists|Duplicate|Stale|Collision/

function partsOf(type: PythonNode): readonly PythonNode[] {
  return type.kind === 'tuple' ? type.namedChildren : [type]
}

function withoutAlias(value: PythonNode): PythonNode {
  return value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value
}

function isNoWait(context: Context, wait: Value | null): boolean {
  return wait === null || constant(context, wait) === null || isCall(context, wait, WAIT_NONE)
}

const WAIT_NONE: ReadonlySet<string> = new Set(['tenacity.wait_none'])
const WAIT_FIXED: ReadonlySet<string> = new Set(['tenacity.wait_fixed'])
const WAIT_GROWING: ReadonlySet<string> = new Set(['tenacity.wait_exponential', 'tenacity.wait_incrementing', 'tenacity.wait_chain'])

function isCall({ values }: Context, given: Value | null, names: ReadonlySet<string>): boolean {
  const value = given && values.follow(given)
  return value?.kind === 'call' && value.callee !== null && names.has(value.callee)
}

function isName({ values }: Context, given: Value, name: string): boolean {
  const value = values.follow(given)
  return value.kind === 'name' && value.name === name
}

function constant({ values }: Context, value: Value): Constant | undefined {
  return values.constant(value)
}

/** `stop_after_attempt(2)` */
function triesTwice(context: Context, policy: RetryPolicy): boolean {
  const given = policyArgument(policy, 'stop', 1)
  const stop = given === null || given === 'open' ? null : context.values.follow(given)
  if (stop?.kind !== 'call' || stop.callee !== 'tenacity.stop_after_attempt' || !stop.arguments[0]) return false
  const count = constant(context, stop.arguments[0])
  return typeof count === 'number' && count <= 2
}
