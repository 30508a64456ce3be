import type { FixFunction } from '@krait/core'
import { argument, boundException, defineRule, isBroadHandler, isTestFile, keywordArgument, keywordArguments, loggerLibrary, loggingCall, ownCode } from '@krait/python'
import type { CallNode, ExceptClauseNode, LoggingCall, PythonNode, PythonRuleContext } from '@krait/python'
import { describeHandler } from '../shared/describe-handler.ts'
import { carriesTraceback, recordsTraceback } from '../shared/traceback.ts'

export interface ExceptionTracebackOptions {
  /** The levels at which an unexpected exception must have its traceback. */
  readonly levels: readonly string[]
}

type MessageId = 'exception' | 'excInfo' | 'optException' | 'addTraceback'
type Context = PythonRuleContext<MessageId, readonly [ExceptionTracebackOptions]>

const defaultOptions: readonly [ExceptionTracebackOptions] = [{ levels: ['error', 'critical', 'fatal'] }]

export const logExceptionTraceback = defineRule({
  name: 'log-exception-traceback',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require the traceback where an unexpected exception is logged',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      exception: '`{{call}}()` in `{{handler}}` drops the traceback. Use `{{logger}}.exception()` (or `exc_info=True`).',
      excInfo: '`{{call}}()` in `{{handler}}` drops the traceback. Pass `exc_info=True`.',
      optException: '`{{call}}()` in `{{handler}}` drops the traceback. Use `{{logger}}.opt(exception=True)`.',
      addTraceback: 'Log the traceback, too',
    },
    schema: [
      {
        type: 'object',
        properties: { levels: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ levels }]) {
    if (isTestFile(context)) return {}
    return { except_clause: check }

    function check(clause: ExceptClauseNode): void {
      if (!isBroadHandler(context, clause)) return
      let found: { readonly call: CallNode; readonly logging: LoggingCall } | null = null
      for (const node of ownCode(clause)) {
        const logging = node.kind === 'call' && node.closest('except_clause') === clause ? loggingCall(context, node) : null
        if (!logging || node.kind !== 'call' || !isBare(node, logging) || !canGoOn(clause, node)) continue
        found = { call: node, logging }
        break
      }
      if (found && !recordsTraceback(context, clause, boundException(clause))) report(clause, found.call, found.logging)
    }

    /** A call of one of the levels that has no traceback with it, and does not say so itself. */
    function isBare(call: CallNode, { method }: LoggingCall): boolean {
      if (!levels.includes(method === 'log' ? levelOf(context, call) : method)) return false
      const excInfo = keywordArguments(call).get('exc_info')
      if (excInfo && context.constantOf(excInfo) === false) return false
      const isOpen = call.arguments.namedChildren.some((child) => child.kind === 'dictionary_splat' && child.namedChildren[0]?.kind !== 'dictionary')
      return !isOpen && !carriesTraceback(context, call)
    }

    /** Whether some way from the call leaves the handler without an exception: where there is none, whoever handles that one logs the traceback. */
    function canGoOn(clause: ExceptClauseNode, call: CallNode): boolean {
      const flow = context.flow(clause)
      const outside = flow.points.filter((point) => point !== flow.entry && !clause.contains(point.node))
      return flow.canReach(call, outside, { exceptions: 'none' })
    }

    function report(clause: ExceptClauseNode, call: CallNode, { method, logger }: LoggingCall): void {
      const library = logger && loggerLibrary(context, logger)
      const becomesException = method === 'error' && logger !== null
      const fix = becomesException ? useException(call) : library === 'loguru' ? useOpt(logger) : addExcInfo(call)
      const isSafe = becomesException || library !== 'loguru'
      context.report({
        node: call,
        messageId: becomesException ? 'exception' : library === 'loguru' ? 'optException' : 'excInfo',
        data: { call: call.function.text, logger: logger?.text ?? '', handler: describeHandler(clause) },
        fix: isSafe ? fix : null,
        suggest: [!isSafe && fix && { messageId: 'addTraceback', fix }],
      })
    }
  },
})

/** The level of `logger.log(logging.ERROR, ...)`, as its method is called; empty if it is not known. */
function levelOf(context: Context, call: CallNode): string {
  const given = argument(call, 'level', 0)
  const name = given ? context.resolve(given) : null
  const level = name?.startsWith('logging.') ? name.slice('logging.'.length) : given ? context.constantOf(given) : undefined
  if (level === 40) return 'error'
  if (level === 50) return 'critical'
  return typeof level === 'string' ? level.toLowerCase() : ''
}

function useException(call: CallNode): FixFunction | null {
  const called = call.function
  const excInfo = keywordArgument(call, 'exc_info')
  if (called.kind !== 'attribute') return null
  return (fixer) => (excInfo ? fixer.replaceText(excInfo.value, 'True') : fixer.replaceText(called.attribute, 'exception'))
}

function addExcInfo(call: CallNode): FixFunction | null {
  const list = call.arguments
  const excInfo = keywordArgument(call, 'exc_info')
  if (excInfo) return (fixer) => fixer.replaceText(excInfo.value, 'True')
  const last = list.namedChildren.findLast(({ kind }) => kind !== 'comment')
  if (list.kind !== 'argument_list' || !last) return null
  return (fixer) => fixer.insertTextAfter(last, ', exc_info=True')
}

function useOpt(logger: PythonNode | null): FixFunction | null {
  return logger && ((fixer) => fixer.insertTextAfter(logger, '.opt(exception=True)'))
}
