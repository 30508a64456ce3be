import {
  caughtTypes,
  defineRule,
  isBroadType,
  isTaskRetry,
  isTestFile,
  lastNameOf,
  matchesEntry,
  ownCode,
  policyOfDecorator,
  policyOfPlainCall,
  retryLoopOf,
  summaryOfCall,
} from '@krait/python'
import type { CallNode, ExceptClauseNode, Flow, FlowEdge, FlowLoop, PythonNode, PythonRuleContext, RetryPolicy, TryStatementNode } from '@krait/python'
import { readsAny } from '../shared/attempts.ts'
import { areCleanup, CLEANUP_METHODS } from '../shared/cleanup.ts'
import { sourceLabel } from '../shared/describe-handler.ts'
import { exceptionNames, testsOf } from '../shared/exception-tests.ts'
import { mayBePolicy } from '../shared/policy-calls.ts'
import { retriedErrors } from '../shared/retried-errors.ts'

export interface RetryTransientOnlyOptions {
  /** Names of types that are accepted although they stand for `Exception`. */
  readonly allowTypes: readonly string[]
}

type Context = PythonRuleContext<'any', readonly [RetryTransientOnlyOptions]>

const defaultOptions: readonly [RetryTransientOnlyOptions] = [{ allowTypes: [] }]

/** Libraries whose decorators are looked at; of the others, only the errors of loops are. */
const LIBRARIES: ReadonlySet<string> = new Set(['tenacity', 'backoff', 'stamina', 'celery'])

export const retryTransientOnly = defineRule({
  name: 'retry-transient-only',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow retries after any exception, bugs included',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      any: 'This retry repeats {{source}} after *any* exception, bugs included. {{verb}} only transient errors (timeouts, connection errors, 429/5xx).',
    },
    schema: [
      {
        type: 'object',
        properties: { allowTypes: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ allowTypes }]) {
    if (isTestFile(context)) return {}
    return {
      except_clause: checkHandler,
      decorator: (node) => checkPolicy(policyOfDecorator(context, node)),
      call: (node) => checkPolicy(mayBePolicy(node) ? policyOfPlainCall(context, node) : null),
    }

    function checkHandler(handler: ExceptClauseNode): void {
      const statement = handler.parent
      if (statement?.kind !== 'try_statement' || !retries(handler, statement)) return
      if (!caughtTypes(context, handler).some(isBroadType) || isAllowed(handler.value)) return
      if (cleansUp(context, statement) || earlierFilter(context, statement, handler)) return
      if (filters(context, statement, handler)) return
      const source = sourceLabel(context, statement.body)
      report([handler.start, headerEnd(handler)], source === null ? 'the `try` block' : `\`${source}\``, 'Catch')
    }

    /** Whether a handler leads to the next attempt of a loop, or hands the task back to Celery. */
    function retries(handler: ExceptClauseNode, statement: TryStatementNode): boolean {
      if (retryLoopOf(context, statement)?.handlers.includes(handler)) return true
      for (const node of ownCode(handler)) if (node.kind === 'call' && lastNameOf(node.function) === 'retry' && isTaskRetry(context, node)) return true
      return false
    }

    function checkPolicy(policy: RetryPolicy | null): void {
      if (!policy || policy.isMadeElsewhere || !LIBRARIES.has(policy.library)) return
      if (!retriedErrors(context, policy)?.types.some(isBroadType) || isAllowed([policy.node])) return
      report([policy.node.start, policy.node.end], sourceOf(context, policy), 'Retry')
    }

    function report(range: readonly [number, number], source: string, verb: string): void {
      context.report({ range, messageId: 'any', data: { source, verb } })
    }

    /** By the names as they are written, since all of them stand for `Exception`. */
    function isAllowed(written: readonly PythonNode[]): boolean {
      if (allowTypes.length === 0) return false
      return written.some((node) => {
        for (const part of ownCode(node)) {
          if ((part.kind === 'identifier' || part.kind === 'attribute') && allowTypes.some((entry) => matchesEntry(part.text, entry))) return true
        }
        return false
      })
    }
  },
})

function sourceOf(context: Context, { function: decorated, node }: RetryPolicy): string {
  if (decorated) return `\`${decorated.name.text}()\``
  const loop = node.parent
  const source = loop?.kind === 'for_statement' && loop.right === node ? sourceLabel(context, loop.body) : null
  return source === null ? 'what it is given' : `\`${source}\``
}

/** `except PermanentError: raise`, before the broad handler. */
function earlierFilter(context: Context, statement: TryStatementNode, handler: ExceptClauseNode): boolean {
  const retry = retryLoopOf(context, statement)
  return statement.namedChildren.some((clause) => {
    if (clause.kind !== 'except_clause' || clause.start >= handler.start) return false
    const isSpecific = caughtTypes(context, clause).some((type) => !isBroadType(type) && (type === null || !NO_ERRORS.has(type)))
    if (!isSpecific || retry?.handlers.includes(clause)) return false
    return retry !== null || ![...ownCode(clause)].some((node) => node.kind === 'call' && isTaskRetry(context, node))
  })
}

/** What `except Exception` does not catch anyway. */
const NO_ERRORS: ReadonlySet<string> = new Set(['asyncio.CancelledError', 'builtins.GeneratorExit', 'builtins.KeyboardInterrupt', 'builtins.SystemExit'])

/** Code that closes, cancels or deletes, and then leaves the loop. */
function cleansUp(context: Context, { body }: TryStatementNode): boolean {
  const statements = body.namedChildren.filter(({ kind, namedChildren }) => kind !== 'break_statement' && (kind !== 'return_statement' || namedChildren.length > 0))
  return areCleanup(context, statements, new Set(CLEANUP_METHODS))
}

/** Whether the failing case leaves, on some path, because of what the exception is. */
function filters(context: Context, statement: TryStatementNode, handler: ExceptClauseNode): boolean {
  const names = exceptionNames(handler)
  if (names.size === 0) return false
  const retry = retryLoopOf(context, statement)
  const parts = [handler, ...(retry?.rest ?? [])]
  if (parts.some((part) => [...ownCode(part)].some((node) => node.kind === 'call' && raisesByException(context, node, names)))) return true
  const flow = context.flow(handler)
  const loop = retry && flow.loopOf(retry.loop)
  for (const edges of testsOf(flow, parts, names).values()) {
    // Outside of a loop, the task is handed back on some path, and on another one it is not.
    if (!loop || edges.some((edge) => endsTheLoop(flow, loop, edge))) return true
  }
  return false
}

/** Whether no next attempt follows on a way. */
function endsTheLoop(flow: Flow, loop: FlowLoop, { target }: FlowEdge): boolean {
  if (!loop.contains(target)) return true
  return target.node !== loop.node && !flow.canReachNextRound(target, loop, { exceptions: 'none', outcome: 'any' })
}

/** A project function that gets the exception, and may raise. */
function raisesByException(context: Context, call: CallNode, names: ReadonlySet<string>): boolean {
  return readsAny(call.arguments, names) && (summaryOfCall(context, call)?.raises.length ?? 0) > 0
}

/** The end of `except E as e:`. */
function headerEnd(clause: ExceptClauseNode): number {
  return clause.children.find(({ kind }) => kind === ':')?.end ?? clause.end
}
