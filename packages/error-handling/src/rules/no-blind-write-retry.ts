import {
  boundException,
  caughtTypes,
  defineRule,
  isBroadType,
  isTestFile,
  lastPart,
  loopHeaderEnd,
  ownCode,
  policyOfDecorator,
  policyOfPlainCall,
  retryLoopOf,
} from '@krait/python'
import type { DecoratorNode, ExceptClauseNode, ExceptionType, ForStatementNode, PythonNode, PythonRuleContext, RetryPolicy, TryStatementNode } from '@krait/python'
import { blindWrite } from '../shared/blind-writes.ts'
import type { Harm, Repeated } from '../shared/blind-writes.ts'
import { retriedErrors } from '../shared/retried-errors.ts'

export interface BlindWriteRetryOptions {
  /** Further names of arguments and headers that carry a key made before. */
  readonly idempotencyKeys: readonly string[]
}

type Context = PythonRuleContext<Harm, readonly [BlindWriteRetryOptions]>

const defaultOptions: readonly [BlindWriteRetryOptions] = [{ idempotencyKeys: [] }]

export const noBlindWriteRetry = defineRule({
  name: 'no-blind-write-retry',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow retries that repeat a write of which nobody knows whether it has happened',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      row:
        'This retry repeats `{{write}}` and its commit after {{errors}}; if the first commit did reach the database, the row is inserted twice. ' +
        'Retry only reads, make the write idempotent (unique key, upsert), or let it fail.',
      change:
        'This retry repeats `{{write}}` and its commit after {{errors}}; if the first commit did reach the database, the change is made twice. ' +
        'Retry only reads, make the write idempotent (assign the new value), or let it fail.',
      request:
        'This retry repeats `{{write}}` after {{errors}}; if the first one did arrive, it is carried out twice. ' +
        'Retry only reads, make it idempotent (a key made before the retry), or let it fail.',
    },
    schema: [
      {
        type: 'object',
        properties: { idempotencyKeys: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ idempotencyKeys: keys }]) {
    if (isTestFile(context)) return {}
    const reported = new Set<PythonNode>()
    return { try_statement: checkLoop, decorator: checkDecorator, for_statement: checkAttempts }

    function checkLoop(statement: TryStatementNode): void {
      const retry = retryLoopOf(context, statement)
      if (!retry || reported.has(retry.loop)) return
      const open = retry.handlers.filter((handler) => !asksDatabase(handler)).flatMap((handler) => openTypes(context, caughtTypes(context, handler)))
      report(retry.loop, [retry.loop.start, loopHeaderEnd(retry.loop)], { root: statement.body, inside: retry.loop.body, keys }, open)
    }

    function checkDecorator(node: DecoratorNode): void {
      const policy = policyOfDecorator(context, node)
      if (policy?.function) report(node, [node.start, node.end], { root: policy.function, inside: policy.function, keys }, errorsOf(policy))
    }

    /** `for attempt in Retrying(...): with attempt: ...` */
    function checkAttempts(loop: ForStatementNode): void {
      const policy = loop.right.kind === 'call' ? policyOfPlainCall(context, loop.right) : null
      if (policy) report(loop, [loop.start, loopHeaderEnd(loop)], { root: loop.body, inside: loop.body, keys }, errorsOf(policy))
    }

    function errorsOf(policy: RetryPolicy): readonly string[] {
      const errors = retriedErrors(context, policy)
      return errors ? openTypes(context, errors.types) : []
    }

    function report(construct: PythonNode, range: readonly [number, number], repeated: Repeated, open: readonly string[]): void {
      const write = open.length > 0 ? blindWrite(context, repeated) : null
      if (!write) return
      reported.add(construct)
      const errors = [...new Set(open.map((type) => `\`${lastPart(type)}\``))].join(', ')
      context.report({ range, messageId: write.harm, data: { write: write.label, errors } })
    }
  },
})

/** The types among these that do not say whether a write has happened. */
function openTypes(context: Context, types: readonly ExceptionType[]): readonly string[] {
  return types.filter((type) => type !== null && (isBroadType(type) || OPEN_TYPES.has(type) || isOfDriver(context, type))) as readonly string[]
}

const OPEN_TYPES: ReadonlySet<string> = new Set([
  'builtins.TimeoutError',
  'builtins.ConnectionError',
  'builtins.OSError',
  'httpx.HTTPError',
  'httpx.RequestError',
  'httpx.TransportError',
  'httpx.TimeoutException',
  'httpx.ReadTimeout',
  'requests.RequestException',
  'requests.Timeout',
  'requests.ReadTimeout',
  'requests.ConnectionError',
  'sqlalchemy.exc.SQLAlchemyError',
])

/** Errors that SQLAlchemy, Django and the drivers raise when the connection is lost. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set(['DBAPIError', 'DatabaseError', 'InterfaceError', 'OperationalError'])

function isOfDriver({ project }: Context, type: string): boolean {
  return CONNECTION_ERRORS.has(lastPart(type)) && project.definition(type) === null && !type.startsWith('kombu.')
}

/** A handler that retries only what the database has rolled back: it looks at the SQLSTATE, or at the driver's error. */
function asksDatabase(handler: ExceptClauseNode): boolean {
  if (boundException(handler) === null) return false
  for (const node of ownCode(handler)) if (node.kind === 'attribute' && STATES.has(node.attribute.text)) return true
  return false
}

const STATES: ReadonlySet<string> = new Set(['orig', 'pgcode', 'sqlstate'])
