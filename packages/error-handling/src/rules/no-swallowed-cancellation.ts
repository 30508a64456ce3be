import type { Range, SuggestionDescriptor } from '@krait/core'
import { awaitingLoops, defineRule, enclosingFunctionName, excerpt, importedText, isTestFile, lastPart, ownCode } from '@krait/python'
import type { ExceptClauseNode, FunctionDefinitionNode, PythonNode, PythonRuleContext, TryStatementNode, WithStatementNode } from '@krait/python'
import { cancelledPath, goesOn, knowsCancellation, nextRoundOf, nextWaitOf, resultsOf } from '../shared/after-cancellation.ts'
import type { Continuation } from '../shared/after-cancellation.ts'
import { awaitsOnlyCancelled, cancellationCaughtBy, cancellationIn, waitsIn } from '../shared/cancellation.ts'
import type { CaughtCancellation } from '../shared/cancellation.ts'
import { headerEnd } from '../shared/describe-handler.ts'
import { raiseAtEnd } from '../shared/raise-at-end.ts'
import { suppressionsOf } from '../shared/suppressions.ts'

export interface SwallowedCancellationOptions {
  /** Whether a cancellation may be caught where the function ends without waiting again. */
  readonly allowAtEnd: boolean
}

type MessageId = 'loops' | 'awaits' | 'callerLoops' | 'ends' | 'reraise' | 'reraiseFirst'
type Context = PythonRuleContext<MessageId, readonly [SwallowedCancellationOptions]>

/** What the function does after it has been cancelled. */
interface Consequence {
  readonly messageId: 'loops' | 'awaits' | 'callerLoops' | 'ends'
  readonly data?: { readonly wait?: string; readonly line?: number; readonly caller?: string }
}

const defaultOptions: readonly [SwallowedCancellationOptions] = [{ allowAtEnd: true }]

export const noSwallowedCancellation = defineRule({
  name: 'no-swallowed-cancellation',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow coroutines that catch their cancellation and go on',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      loops:
        '`{{function}}()` catches `{{exception}}` and loops again, so this task cannot be cancelled. Re-raise it after clean-up, or move the clean-up to `finally`.',
      awaits:
        '`{{function}}()` catches `{{exception}}` and goes on to `{{wait}}` on line {{line}}, so this task cannot be cancelled. ' +
        'Re-raise it after clean-up, or move the clean-up to `finally`.',
      callerLoops:
        '`{{function}}()` catches `{{exception}}` and ends as if nothing had happened, and `{{caller}}()` awaits it in a loop that goes on, so this task cannot be cancelled. ' +
        'Re-raise it after clean-up, or move the clean-up to `finally`.',
      ends: '`{{function}}()` catches `{{exception}}` and ends as if it were done, so that nobody learns of the cancellation. Re-raise it after clean-up, or move the clean-up to `finally`.',
      reraise: 'Re-raise the cancellation at the end of the handler',
      reraiseFirst: 'Let cancellation pass by a handler of its own',
    },
    schema: [
      {
        type: 'object',
        properties: { allowAtEnd: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ allowAtEnd }]) {
    if (isTestFile(context)) return {}
    return { except_clause: checkHandler, with_statement: checkSuppress }

    function checkHandler(clause: ExceptClauseNode): void {
      const tryStatement = clause.parent
      const functionNode = coroutineAround(clause)
      if (!functionNode || tryStatement?.kind !== 'try_statement') return
      const caught = cancellationCaughtBy(context, clause)
      if (!caught || isCaughtBefore(context, tryStatement, clause)) return
      if (!isCancelledIn(tryStatement.body, functionNode, caught) || knowsCancellation(clause, functionNode)) return
      const flow = context.flow(clause)
      const from = flow.pointsInRole('except', clause)
      const consequence = consequenceOf({ flow, from, handler: clause, statement: tryStatement, options: cancelledPath(context, clause) })
      if (!consequence) return
      report([clause.start, headerEnd(clause)], functionNode, caught, consequence, caught.isBroad ? reraiseFirst(context, clause) : reraise(context, clause))
    }

    function checkSuppress(statement: WithStatementNode): void {
      const functionNode = coroutineAround(statement)
      if (!functionNode) return
      for (const { item, manager, types } of suppressionsOf(context, statement)) {
        const caught = cancellationIn(context, types)
        if (!caught || !isCancelledIn(statement.body, functionNode, caught)) continue
        const flow = context.flow(statement)
        const from = flow.pointsInRole('with-exit', item).filter(({ edges }) => edges.some(({ kind }) => kind === 'swallow'))
        const consequence = consequenceOf({ flow, from, handler: null, statement, options: cancelledPath(context, null) })
        if (consequence) return report([statement.start, manager.end], functionNode, caught, consequence, null)
      }
    }

    /** Whether the function can be cancelled in a block, other than by what it cancels itself there. */
    function isCancelledIn(body: PythonNode, functionNode: FunctionDefinitionNode, { isBroad }: CaughtCancellation): boolean {
      if (waitsIn(body).next().done) return !isBroad && isContextManager(context, functionNode) && yields(body)
      return !awaitsOnlyCancelled(context, body, functionNode)
    }

    function consequenceOf(continuation: Continuation): Consequence | null {
      if (continuation.from.length === 0) return null
      if (nextRoundOf(continuation)) return { messageId: 'loops' }
      const wait = nextWaitOf(continuation)
      if (wait) return { messageId: 'awaits', data: { wait: excerpt(wait), line: wait.loc.start.line } }
      const results = resultsOf(continuation)
      if (results.length === 0) return null
      const loops = awaitingLoops(context.project, enclosingFunctionName(context, continuation.statement))
      const caller = loops.find((loop) => goesOn(loop, results, continuation.handler))
      if (caller) return { messageId: 'callerLoops', data: { caller: lastPart(caller.function) } }
      return allowAtEnd ? null : { messageId: 'ends' }
    }

    function report(
      range: Range,
      functionNode: FunctionDefinitionNode,
      { exception }: CaughtCancellation,
      { messageId, data }: Consequence,
      suggestion: SuggestionDescriptor<MessageId> | null,
    ): void {
      context.report({ range, messageId, data: { function: functionNode.name.text, exception, ...data }, suggest: [suggestion] })
    }
  },
})

/** The `async def` whose code a node is. */
function coroutineAround(node: PythonNode): FunctionDefinitionNode | null {
  const around = node.closest('function_definition', 'lambda', 'class_definition')
  return around?.kind === 'function_definition' && around.children[0]?.kind === 'async' ? around : null
}

/** Whether a function is decorated with `asynccontextmanager`. */
function isContextManager(context: Context, { parent }: FunctionDefinitionNode): boolean {
  return parent?.kind === 'decorated_definition' && parent.namedChildren.some(({ kind, namedChildren: [made] }) => kind === 'decorator' && made && context.resolvesTo(made, CONTEXT_MANAGERS))
}

const CONTEXT_MANAGERS: readonly string[] = ['contextlib._asynccontextmanager', 'contextlib.asynccontextmanager']

/** Whether the block of a `with` runs within the statements of a context manager: its cancellation arrives at the `yield`. */
function yields(body: PythonNode): boolean {
  for (const { kind } of ownCode(body)) if (kind === 'yield') return true
  return false
}

/** Whether an earlier handler of the same `try` is asked first and catches it. */
function isCaughtBefore(context: Context, tryStatement: TryStatementNode, clause: ExceptClauseNode): boolean {
  return tryStatement.namedChildren.some((other) => other.kind === 'except_clause' && other.start < clause.start && cancellationCaughtBy(context, other) !== null)
}

function reraise({ sourceCode }: Context, clause: ExceptClauseNode): SuggestionDescriptor<MessageId> | null {
  const fix = raiseAtEnd(sourceCode, clause, 'raise')
  return fix && { messageId: 'reraise', fix }
}

/** Puts a handler before one that catches everything. */
function reraiseFirst(context: Context, clause: ExceptClauseNode): SuggestionDescriptor<MessageId> | null {
  const written = importedText(context, clause, 'asyncio.CancelledError')
  const { column } = clause.loc.start
  const { text, lineBreak } = context.sourceCode
  const indentation = text.slice(clause.start - column + 1, clause.start)
  if (!written || indentation.trim() !== '') return null
  const step = indentation.includes('\t') ? '\t' : '    '
  const handler = `except ${written.text}:${lineBreak}${indentation}${step}raise${lineBreak}${indentation}`
  return {
    messageId: 'reraiseFirst',
    fix: (fixer) => [...(written.addImport ? [written.addImport(fixer)] : []), fixer.insertTextBefore(clause, handler)],
  }
}
