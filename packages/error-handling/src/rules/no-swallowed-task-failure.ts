import type { SuggestionDescriptor } from '@krait/core'
import {
  boundException,
  defineRule,
  effectsOfCall,
  enclosingDefinition,
  externalPath,
  isAuxiliaryEffect,
  isBroadHandler,
  isTestFile,
  loggingCall,
  mayRunProjectCode,
  ownCode,
} from '@krait/python'
import type { BlockNode, CallNode, ExceptClauseNode, FunctionDefinitionNode, PythonNode, PythonRuleContext, TryStatementNode } from '@krait/python'
import { backgroundTask } from '../shared/background-tasks.ts'
import type { BackgroundTask } from '../shared/background-tasks.ts'
import { headerEnd } from '../shared/describe-handler.ts'
import { endsQuietly } from '../shared/quiet-end.ts'
import { raiseAtEnd } from '../shared/raise-at-end.ts'

export interface SwallowedTaskFailureOptions {
  /** Qualified names of more decorators that make tasks, or globs of such names. */
  readonly taskDecorators: readonly string[]
}

type MessageId = 'celery' | 'other' | 'raise' | 'retry'
type Context = PythonRuleContext<MessageId, readonly [SwallowedTaskFailureOptions]>

const defaultOptions: readonly [SwallowedTaskFailureOptions] = [{ taskDecorators: [] }]

export const noSwallowedTaskFailure = defineRule({
  name: 'no-swallowed-task-failure',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow background tasks that catch all of their errors, so that the queue records success',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      celery:
        'Task `{{task}}` catches every exception and returns, so Celery records SUCCESS: no retry, no failure event. ' +
        'Re-raise after logging (or `raise self.retry(exc=exc)`).',
      other: 'Task `{{task}}` catches every exception and returns, so {{queue}} records success: no retry, no failure event. Re-raise after logging.',
      raise: 'Raise the exception again',
      retry: 'Let the task be tried again: `{{retry}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { taskDecorators: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context)) return {}
    return { except_clause: check }

    function check(clause: ExceptClauseNode): void {
      const statement = clause.parent
      const fn = enclosingDefinition(clause)
      if (statement?.kind !== 'try_statement' || fn?.kind !== 'function_definition' || fn.parent?.kind !== 'decorated_definition') return
      const task = isBroadHandler(context, clause) ? backgroundTask(context, fn, options.taskDecorators) : null
      if (!task || !isEndOfTask(context, fn, statement, clause) || !doesWork(context, statement.body)) return
      if (!endsQuietly(context, fn, statement, clause)) return
      context.report({
        range: [clause.start, headerEnd(clause)],
        messageId: task.queue === 'Celery' ? 'celery' : 'other',
        data: { task: fn.name.text, queue: task.queue },
        suggest: [suggestRaise(clause), suggestRetry(clause, task)],
      })
    }

    function suggestRaise(clause: ExceptClauseNode): SuggestionDescriptor<MessageId> | null {
      const fix = raiseAtEnd(context.sourceCode, clause, 'raise')
      return fix && { messageId: 'raise', fix }
    }

    function suggestRetry(clause: ExceptClauseNode, { self }: BackgroundTask): SuggestionDescriptor<MessageId> | null {
      if (self === null) return null
      const exception = boundException(clause)
      const retry = exception === null ? `raise ${self}.retry()` : `raise ${self}.retry(exc=${exception})`
      const fix = raiseAtEnd(context.sourceCode, clause, retry)
      return fix && { messageId: 'retry', data: { retry }, fix }
    }
  },
})

/** Whether the `try` stands at the top of the task, perhaps under a `with` or `if`, or in a loop that its handler always leaves by a `return` at some point. */
function isEndOfTask(context: Context, fn: FunctionDefinitionNode, statement: TryStatementNode, clause: ExceptClauseNode): boolean {
  const loops: PythonNode[] = []
  for (let node: PythonNode | null = statement.parent; node && node !== fn; node = node.parent) {
    if (node.kind === 'for_statement' || node.kind === 'while_statement') loops.push(node)
    else if (!TOP_LEVEL.has(node.kind)) return false
    if (node.kind === 'else_clause' && node.parent?.kind !== 'if_statement') return false
  }
  const flow = context.flow(fn)
  if (!flow.isReachable(clause)) return false
  if (loops.length === 0) return true
  const returns = [...ownCode(clause)].some(({ kind }) => kind === 'return_statement')
  return returns && loops.every((node) => !flow.canReachNextRound(clause, flow.loopOf(node)!, { exceptions: 'none' }))
}

const TOP_LEVEL: ReadonlySet<string> = new Set(['block', 'elif_clause', 'else_clause', 'if_statement', 'with_statement'])

/** Whether a block writes, leaves the process or calls the project, and does more than notify somebody. */
function doesWork(context: Context, body: BlockNode): boolean {
  let works = false
  let hasAuxiliary = false
  for (const node of ownCode(body)) {
    if (node.kind !== 'call' || loggingCall(context, node)) continue
    if (isAuxiliaryEffect(context, node)) hasAuxiliary = true
    else if (hasEffect(context, node)) return true
    else works ||= mayRunProjectCode(context, node)
  }
  return works && !hasAuxiliary
}

function hasEffect(context: Context, call: CallNode): boolean {
  return effectsOfCall(context, call).paths.has('write') || externalPath(context, call) !== null
}
