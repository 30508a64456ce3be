import {
  defineRule,
  enclosingFunctionName,
  isTaskRetry,
  isTestFile,
  loopHeaderEnd,
  matchesName,
  policyArgument,
  policyOfDecorator,
  policyOfPlainCall,
  ownCode,
  retryLoopOf,
} from '@krait/python'
import type { Constant, LoopNode, PythonNode, PythonRuleContext, RetryPolicy, TryStatementNode, Value } from '@krait/python'
import { sourceLabel } from '../shared/describe-handler.ts'
import { failsForEver, isEndless } from '../shared/endless-retry.ts'
import { mayBePolicy } from '../shared/policy-calls.ts'

export interface UnboundedRetryOptions {
  /** Functions that may retry for ever: qualified names, globs of them, or last parts. */
  readonly ignoreFunctions: readonly string[]
}

type MessageId = 'loop' | 'decorator' | 'withoutWait' | 'task'
type Context = PythonRuleContext<MessageId, readonly [UnboundedRetryOptions]>

const defaultOptions: readonly [UnboundedRetryOptions] = [{ ignoreFunctions: [] }]

export const noUnboundedRetry = defineRule({
  name: 'no-unbounded-retry',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow retries that never give up',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      loop: 'This loop retries {{source}} for ever: no attempt limit or deadline ends it. Count attempts (or set a deadline) and re-raise at the end.',
      decorator: '`{{label}}` without {{bound}} retries for ever. Add {{remedy}}.',
      withoutWait: '`{{label}}` without {{bound}} retries for ever, without waiting. Add {{remedy}} and a `wait=`.',
      task: '`max_retries=None` lets `{{label}}` retry for ever. Set a number of retries.',
    },
    schema: [
      {
        type: 'object',
        properties: { ignoreFunctions: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ ignoreFunctions }]) {
    if (isTestFile(context)) return {}
    const reported = new Set<LoopNode>()
    return {
      try_statement: checkLoop,
      decorator: (node) => checkPolicy(policyOfDecorator(context, node)),
      call: (node) => checkPolicy(mayBePolicy(node) ? policyOfPlainCall(context, node) : null),
    }

    function checkLoop(statement: TryStatementNode): void {
      const retry = retryLoopOf(context, statement)
      if (!retry || reported.has(retry.loop) || !isEndless(context, retry.loop) || isIgnored(retry.loop)) return
      if (!failsForEver(context, retry)) return
      reported.add(retry.loop)
      const source = sourceLabel(context, statement.body)
      context.report({
        range: [retry.loop.start, loopHeaderEnd(retry.loop)],
        messageId: 'loop',
        data: { source: source === null ? 'the `try` block' : `\`${source}\`` },
      })
    }

    function checkPolicy(policy: RetryPolicy | null): void {
      const missing = policy && !policy.isMadeElsewhere && missingBound(context, policy)
      if (!policy || !missing || isIgnored(policy.function ? policy.function.body : policy.node)) return
      context.report({ node: policy.node, ...missing })
    }

    function isIgnored(node: PythonNode): boolean {
      if (ignoreFunctions.length === 0) return false
      const name = enclosingFunctionName(context, node)
      return ignoreFunctions.some((entry) => matchesName(name, entry))
    }
  },
})

type Missing = { readonly messageId: MessageId; readonly data: Readonly<Record<string, string>> }

function missingBound(context: Context, policy: RetryPolicy): Missing | null {
  const { label } = policy
  switch (policy.library) {
    case 'tenacity': {
      if (!lacks(context, policy, 'stop', 1, isNever)) return null
      if (mayCount(policyArgument(policy, 'retry', 3))) return null
      const data = { label, bound: '`stop=`', remedy: '`stop=stop_after_attempt(n)`' }
      return { messageId: policyArgument(policy, 'wait', 2) ? 'decorator' : 'withoutWait', data }
    }
    case 'backoff':
      if (!lacks(context, policy, 'max_tries') || !lacks(context, policy, 'max_time')) return null
      return { messageId: 'decorator', data: { label, bound: '`max_tries=` or `max_time=`', remedy: '`max_tries=`' } }
    case 'retrying':
      if (!RETRYING_BOUNDS.every((name) => lacks(context, policy, name))) return null
      return { messageId: 'decorator', data: { label, bound: 'a bound', remedy: '`stop_max_attempt_number=`' } }
    case 'retry':
      if (!lacks(context, policy, 'tries', 1, isNegative)) return null
      return { messageId: 'decorator', data: { label, bound: '`tries=`', remedy: '`tries=`' } }
    case 'celery':
      return retriesForEver(context, policy) ? { messageId: 'task', data: { label: policy.function ? `${policy.function.name.text}()` : label } } : null
    default:
      return null
  }
}

const RETRYING_BOUNDS = ['stop_max_attempt_number', 'stop_max_delay', 'stop', 'stop_func']

type IsNoBound = (context: Context, value: Value) => boolean

/** Whether an argument that would bound the attempts is certainly not there, is `None`, or says that there is no bound. */
function lacks(context: Context, policy: RetryPolicy, name: string, position?: number, isNoBound?: IsNoBound): boolean {
  const value = policyArgument(policy, name, position)
  if (value === null) return true
  return value !== 'open' && (constantOf(context, value) === null || isNoBound?.(context, value) === true)
}

function constantOf({ values }: Context, value: Value): Constant | undefined {
  return values.constant(value)
}

const isNever: IsNoBound = ({ values }, value) => {
  const followed = values.follow(value)
  return followed.kind === 'name' && followed.name === 'tenacity.stop_never'
}

const isNegative: IsNoBound = (context, value) => {
  const tries = constantOf(context, value)
  return typeof tries === 'number' && tries < 0
}

/** A condition of one's own may count the attempts; those of tenacity do not. */
function mayCount(value: Value | 'open' | null): boolean {
  if (value === null) return false
  if (value === 'open') return true
  if (value.kind === 'binary') return mayCount(value.left) || mayCount(value.right)
  const name = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
  return name === null || !name.startsWith('tenacity.')
}

function retriesForEver(context: Context, policy: RetryPolicy): boolean {
  const limit = policyArgument(policy, 'max_retries')
  if (limit === null || limit === 'open' || constantOf(context, limit) !== null) return false
  if (policyArgument(policy, 'autoretry_for') !== null) return true
  if (!policy.function) return false
  for (const node of ownCode(policy.function.body)) if (node.kind === 'call' && isTaskRetry(context, node)) return true
  return false
}
