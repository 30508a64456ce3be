import type { SuggestionDescriptor } from '@krait/core'
import {
  callLabel,
  defineRule,
  effectsOfCall,
  enclosingDefinition,
  externalEffectPath,
  isAuxiliaryEffect,
  isBroadHandler,
  isScriptFile,
  isTestFile,
  matchesName,
  ownCode,
  transactionBlock,
  withoutParentheses,
} from '@krait/python'
import type { BlockNode, CallNode, ExceptClauseNode, FunctionDefinitionNode, PythonNode, PythonRuleContext, WithItemNode } from '@krait/python'
import { describeHandler, headerEnd, sourceLabel } from '../shared/describe-handler.ts'
import { looksLikeSuccess } from '../shared/handler-outcome.ts'
import { onlyLogs } from '../shared/log-only-handler.ts'
import { raiseAtEnd } from '../shared/raise-at-end.ts'

export interface LogOnlyBroadExceptOptions {
  /** Which `try` blocks count: those that change something, or all. */
  readonly only: 'writes' | 'any'
  /** Whether a handler in a loop may go on with the next item. */
  readonly allowInLoops: boolean
  /** Globs of the names of functions at the edge of the process, where nobody is left to tell. */
  readonly boundaries: readonly string[]
}

type MessageId = 'logOnly' | 'raise'
type Context = PythonRuleContext<MessageId, readonly [LogOnlyBroadExceptOptions]>

const defaultOptions: readonly [LogOnlyBroadExceptOptions] = [{ only: 'writes', allowInLoops: true, boundaries: [] }]

export const noLogOnlyBroadExcept = defineRule({
  name: 'no-log-only-broad-except',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow broad except clauses that log a failed change and go on as if it had worked',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      logOnly:
        '`{{handler}}` logs a failed {{source}} and then continues as if it had worked. Re-raise it, return an error the caller can see, ' +
        'or narrow the exception you can really recover from.',
      raise: 'Raise the exception again',
    },
    schema: [
      {
        type: 'object',
        properties: {
          only: { enum: ['writes', 'any'] },
          allowInLoops: { type: 'boolean' },
          boundaries: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    return { except_clause: check }

    function check(clause: ExceptClauseNode): void {
      const statement = clause.parent
      const fn = enclosingDefinition(clause)
      if (statement?.kind !== 'try_statement' || fn?.kind !== 'function_definition' || isBoundary(fn)) return
      if ((options.allowInLoops && isInLoop(clause, fn)) || !isBroadHandler(context, clause) || !onlyLogs(context, clause)) return
      const source = changeIn(statement.body)
      if (source === null || !context.flow(fn).isReachable(clause) || !looksLikeSuccess(context, fn, statement, clause)) return
      context.report({
        range: [clause.start, headerEnd(clause)],
        messageId: 'logOnly',
        data: { handler: describeHandler(clause), source },
        suggest: [suggestRaise(clause)],
      })
    }

    function isBoundary(fn: FunctionDefinitionNode): boolean {
      return BOUNDARIES.has(fn.name.text) || options.boundaries.some((glob) => matchesName(fn.name.text, glob))
    }

    /** What in a `try` block changes something, as the message says it; `null` if nothing does that counts. */
    function changeIn(body: BlockNode): string | null {
      const changes: CallNode[] = []
      let transaction: PythonNode | null = null
      let hasAuxiliary = false
      for (const node of ownCode(body)) {
        // Leaving the block commits.
        if (node.kind === 'with_item' && transactionBlock(context, node)) transaction ??= managerOf(node)
        if (node.kind !== 'call') continue
        if (isAuxiliaryEffect(context, node)) hasAuxiliary = true
        else if (changesState(context, node)) changes.push(node)
      }
      const [named] = changes.toSorted((a, b) => rank(context, a) - rank(context, b))
      if (named) return `\`${callLabel(named)}\``
      if (transaction) return `\`${transaction.kind === 'call' ? callLabel(transaction) : transaction.text}\``
      if (options.only === 'writes' || hasAuxiliary) return null
      const label = sourceLabel(context, body)
      return label === null ? '`try` block' : `\`${label}\``
    }

    function suggestRaise(clause: ExceptClauseNode): SuggestionDescriptor<MessageId> | null {
      const fix = raiseAtEnd(context.sourceCode, clause, 'raise')
      return fix && { messageId: 'raise', fix }
    }
  },
})

/** Functions behind which nobody is left who could be told. */
const BOUNDARIES: ReadonlySet<string> = new Set(['main', 'lifespan', '__exit__', '__aexit__', '__del__'])

function changesState(context: Context, call: CallNode): boolean {
  const { paths } = effectsOfCall(context, call)
  return paths.has('write') || paths.has('commit') || externalEffectPath(context, call) !== null
}

/** What says most comes first: a function of the project that writes, a commit, anything else. */
function rank(context: Context, call: CallNode): number {
  const { function: own, paths } = effectsOfCall(context, call)
  if (own !== null) return paths.has('write') ? 0 : 2
  return paths.has('commit') ? 1 : 3
}

function managerOf({ value }: WithItemNode): PythonNode {
  const item = withoutParentheses(value)
  return withoutParentheses(item.kind === 'as_pattern' ? (item.namedChildren[0] ?? item) : item)
}

function isInLoop(clause: PythonNode, fn: PythonNode): boolean {
  for (let node = clause.parent; node && node !== fn; node = node.parent) if (node.kind === 'for_statement' || node.kind === 'while_statement') return true
  return false
}
