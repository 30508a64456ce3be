import type { SuggestionDescriptor } from '@krait/core'
import {
  boundException,
  calledFunction,
  caughtTypes,
  commentsOnLines,
  defineRule,
  isBroadType,
  isExplanation,
  isFailureType,
  isLoggingOrReporterCall,
  isTestFile,
  ownCode,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, ExceptClauseNode, ExpressionNode, PythonNode, PythonRuleContext, RaiseStatementNode } from '@krait/python'
import { exceptionName } from '../shared/bind-exception.ts'
import { describeHandler } from '../shared/describe-handler.ts'
import { enclosingHandler } from '../shared/enclosing-handler.ts'

type MessageId = 'discarded' | 'chain'
type Context = PythonRuleContext<MessageId, readonly []>

export const noDiscardedCause = defineRule({
  name: 'no-discarded-cause',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow from None where nothing else tells what was caught',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      discarded: '`raise {{raised}} from None` in `{{handler}}` erases the only trace of the real error. Use `from {{name}}`, or log it first.',
      chain: 'Raise it `from {{name}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      raise_statement(statement) {
        const { cause } = statement
        if (cause?.kind !== 'none') return
        const clause = enclosingHandler(statement)
        const raised = clause && raisedLabel(context, statement)
        if (!clause || raised === null || !hidesUnknown(context, clause)) return
        if (isExplained(context, clause, statement) || isRecorded(context, clause, statement)) return
        const name = exceptionName(context, clause, 'exc')
        context.report({
          node: statement,
          messageId: 'discarded',
          data: { raised, handler: describeHandler(clause), name: name?.name ?? 'exc' },
          suggest: [name && suggestCause(cause, name)],
        })
      },
    }
  },
})

/** `ExportFailed(...)`, `ExportFailed`, the name of an exception that this file makes; `null` for what may be the exception that was caught. */
function raisedLabel(context: Context, statement: RaiseStatementNode): string | null {
  const raised = statement.namedChildren[0]
  const inner = raised && withoutParentheses(raised)
  if (inner?.kind === 'call') return `${inner.function.text}(${inner.arguments.namedChildren.length > 0 ? '...' : ''})`
  if (!inner) return null
  const made = inner.kind === 'identifier' ? context.scopes.bindingOf(inner)?.onlyDefinition?.value : null
  return context.resolve(inner) !== null || made?.kind === 'call' ? inner.text : null
}

/** Whether a handler does not know what it caught: anything, or that a dependency failed. */
function hidesUnknown(context: Context, clause: ExceptClauseNode): boolean {
  const types = caughtTypes(context, clause)
  if (types.some(isBroadType)) return true
  return types.every((type) => isFailureType(context, type)) && !(types.every((type) => type === 'builtins.TimeoutError') && setsTimeout(context, clause))
}

/** Whether the `try` block sets the time itself that has run out: the exception says no more than that. */
function setsTimeout(context: Context, clause: ExceptClauseNode): boolean {
  const body = clause.parent?.kind === 'try_statement' ? clause.parent.body : null
  for (const node of body ? ownCode(body) : []) if (node.kind === 'call' && TIMEOUTS.has(calledFunction(context, node) ?? '')) return true
  return false
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'anyio.fail_after',
  'async_timeout.timeout',
  'asyncio.timeout',
  'asyncio.timeout_at',
  'asyncio.wait_for',
])

/** Whether a comment before the `raise` says why the cause is hidden. A word or two are a label. */
function isExplained({ sourceCode }: Context, clause: ExceptClauseNode, statement: RaiseStatementNode): boolean {
  return commentsOnLines(sourceCode, clause, statement).some((comment) => isExplanation(comment) && comment.text.split(/\s+/).length > MIN_WORDS)
}

/** With the `#`, which mostly stands apart. */
const MIN_WORDS = 3

/** Whether the handler makes something of the exception: it reads it, or logs or reports on the way to the `raise`. */
function isRecorded(context: Context, clause: ExceptClauseNode, statement: RaiseStatementNode): boolean {
  const name = boundException(clause)
  for (const node of ownCode(clause)) {
    if (node.kind === 'identifier' && node.text === name && isReadOf(context, node)) return true
    if (node.kind !== 'call' || !records(context, node)) continue
    if (statement.contains(node) || context.flow(statement).canReach(node, statement)) return true
  }
  return false
}

function isReadOf({ scopes }: Context, node: PythonNode): boolean {
  const { parent } = node
  return parent?.kind !== 'as_pattern_target' && parent?.kind !== 'delete_statement' && scopes.bindingOf(node) !== null
}

function records(context: Context, call: CallNode): boolean {
  return isLoggingOrReporterCall(context, call) || EXCEPTION_IN_HAND.has(calledFunction(context, call) ?? '')
}

/** Functions that give the exception that is being handled. */
const EXCEPTION_IN_HAND: ReadonlySet<string> = new Set(['sys.exc_info', 'sys.exception', 'traceback.format_exc'])

function suggestCause(cause: ExpressionNode, { name, bind }: NonNullable<ReturnType<typeof exceptionName>>): SuggestionDescriptor<MessageId> {
  return { messageId: 'chain', data: { name }, fix: (fixer) => [...(bind ? [bind(fixer)] : []), fixer.replaceText(cause, name)] }
}
