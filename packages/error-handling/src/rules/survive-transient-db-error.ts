import { callLabel, defineRule, effectsOfCall, enclosingDefinition, enclosingFunctionName, isScriptFile, isTestFile, matchesName, ownCode, relatedPlaces } from '@krait/python'
import type { CallNode, FunctionDefinitionNode, PythonNode, PythonRuleContext } from '@krait/python'
import { handlerOfLostConnection, isCaughtInside, OPERATIONAL_ERROR } from '../shared/connection-errors.ts'
import { databaseFailure } from '../shared/database-failure.ts'
import { hasRetryDecorator, isRetried } from '../shared/query-retries.ts'
import { isWorkerLoop } from '../shared/worker-loops.ts'
import type { WorkerLoop } from '../shared/worker-loops.ts'

export interface SurviveTransientDbErrorOptions {
  /** Qualified names of functions, or globs of them, whose reads must be retried. */
  readonly requireRetry: readonly string[]
  /** The most attempts that a retry loop may make. */
  readonly maxAttempts: number
}

type MessageId = 'loop' | 'retry'
type Context = PythonRuleContext<MessageId, readonly [SurviveTransientDbErrorOptions]>

const defaultOptions: readonly [SurviveTransientDbErrorOptions] = [{ requireRetry: [], maxAttempts: 3 }]

export const surviveTransientDbError = defineRule({
  name: 'survive-transient-db-error',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require worker loops to survive a lost database connection',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      loop: 'One `OperationalError` from `{{call}}` ends this worker loop for good. Catch it inside the loop (roll back, log, wait, go on).',
      retry: 'One `OperationalError` from `{{call}}` fails `{{function}}()`, although reading again would do. Retry it once, in at most {{attempts}} attempts.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          requireRetry: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          maxAttempts: { type: 'integer', minimum: 1 },
        },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ requireRetry, maxAttempts }]) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    return {
      while_statement: checkLoop,
      for_statement: checkLoop,
      ...(requireRetry.length > 0 && { function_definition: checkFunction }),
    }

    function checkLoop(loop: WorkerLoop): void {
      if (!isWorkerLoop(context, loop) || isTask(context, loop) || isRestarted(context, loop)) return
      for (const node of ownCode(loop)) {
        const failure = node.kind === 'call' ? databaseFailure(context, node) : null
        if (!failure || isCaughtInside(context, node, loop)) continue
        const header = loop.children.find(({ kind }) => kind === ':')
        context.report({
          range: [loop.start, header?.end ?? loop.end],
          messageId: 'loop',
          data: { call: callLabel(node) },
          related: relatedPlaces(context.project, failure, 'talks to the database'),
        })
        return
      }
    }

    function checkFunction(definition: FunctionDefinitionNode): void {
      const [inside] = definition.body.namedChildren
      const name = inside ? enclosingFunctionName(context, inside) : ''
      if (!requireRetry.some((entry) => matchesName(name, entry)) || hasRetryDecorator(context, definition)) return
      const calls = [...ownCode(definition.body)].filter((node) => node.kind === 'call')
      if (calls.some((call) => changesDatabase(context, call))) return
      const queries = calls.filter((call) => databaseFailure(context, call))
      const open = queries.find((query) => !isRetried(context, query, queries, maxAttempts))
      if (!open) return
      context.report({
        range: [definition.start, definition.name.end],
        messageId: 'retry',
        data: { call: callLabel(open), function: definition.name.text, attempts: maxAttempts },
        related: relatedPlaces(context.project, databaseFailure(context, open) ?? [], 'talks to the database'),
      })
    }
  },
})

function changesDatabase(context: Context, call: CallNode): boolean {
  const { paths } = effectsOfCall(context, call)
  return paths.has('write') || paths.has('commit')
}

/** Whether a queue runs the function, and runs it again. */
function isTask(context: Context, loop: WorkerLoop): boolean {
  const parent = loop.closest('function_definition')?.parent
  if (parent?.kind !== 'decorated_definition') return false
  return parent.namedChildren.some((decorator) => {
    const expression = decorator.kind === 'decorator' ? decorator.namedChildren[0] : undefined
    const called = expression?.kind === 'call' ? expression.function : expression
    if (!called) return false
    return /(^|\.)(task|shared_task|periodic_task|actor)$/.test(context.resolve(called) ?? called.text)
  })
}

/** Whether somebody further out catches the error and starts the loop again. */
function isRestarted(context: Context, loop: WorkerLoop): boolean {
  if (isInRestartingTry(context, loop)) return true
  const definition = enclosingDefinition(loop)
  if (definition?.kind !== 'function_definition') return false
  const name = enclosingFunctionName(context, loop)
  const callers = context.project.callers(name)
  if (callers.some(({ path }) => path !== context.path)) return context.project.isExpected(OPERATIONAL_ERROR, name)
  return callers.length > 0 && callsOf(context, definition).some((call) => isInRestartingTry(context, call))
}

/** A `try` around a place that catches the error, in a loop. */
function isInRestartingTry(context: Context, place: PythonNode): boolean {
  for (let child = place, node = place.parent; node && node.kind !== 'function_definition'; child = node, node = node.parent) {
    if (node.kind !== 'try_statement' || child !== node.body || !handlerOfLostConnection(context, node)) continue
    const loop = node.closest('while_statement', 'for_statement', 'function_definition')
    if (loop && loop.kind !== 'function_definition') return true
  }
  return false
}

/** The calls of the file that go by the name of a function. */
function callsOf(context: Context, { name }: FunctionDefinitionNode): readonly CallNode[] {
  return [...context.sourceCode.ast.descendants('call')].map((node) => node as CallNode).filter(({ function: called }) => {
    return called?.kind === 'attribute' ? called.attribute.text === name.text : called?.text === name.text
  })
}
