import type { SuggestionDescriptor, SyntaxNode } from '@krait/core'
import {
  boundException,
  caughtTypes,
  commentsOfHandler,
  commentsOnLines,
  defineRule,
  enclosingDefinition,
  excerpt,
  findInputOutput,
  isBroadType,
  isExplanation,
  isTestFile,
  leadsToNextAttempt,
  ownCode,
} from '@krait/python'
import type { BlockNode, ExceptClauseNode, PythonNode, PythonRuleContext, TryStatementNode, WithStatementNode } from '@krait/python'
import { CLEANUP_METHODS, isCleanupOnly } from '../shared/cleanup.ts'
import { describeHandler, headerEnd, sourceLabel } from '../shared/describe-handler.ts'
import { inertStatements } from '../shared/inert-statements.ts'
import { logException, moduleLogger } from '../shared/log-suggestion.ts'
import { suppressionsOf } from '../shared/suppressions.ts'
import { mustNotBeDropped } from '../shared/typed-handlers.ts'
import type { TypedExceptions } from '../shared/typed-handlers.ts'

export interface SilentExceptOptions {
  /** Which handlers of specific types count: those of failed dependencies, nearly all, or none. */
  readonly typedExceptions: TypedExceptions
  /** Which handlers a comment justifies: those of specific types, all, or none. */
  readonly commentJustifies: 'typed' | 'all' | 'none'
  /** Names of further functions and methods that only clean up. */
  readonly cleanupMethods: readonly string[]
}

type MessageId = 'silent' | 'silentFailure' | 'silentSuppress' | 'logException' | 'catchException'
type Context = PythonRuleContext<MessageId, readonly [SilentExceptOptions]>

const defaultOptions: readonly [SilentExceptOptions] = [{ typedExceptions: 'failures', commentJustifies: 'typed', cleanupMethods: [] }]

export const noSilentExcept = defineRule({
  name: 'no-silent-except',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow except clauses that make an error vanish',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      silent:
        '`{{handler}}` discards every error from {{source}}: it neither logs, re-raises nor recovers. Log it with `{{logger}}.exception(...)`, ' +
        'catch the exception you expect, or let it propagate.',
      silentFailure:
        '`{{handler}}` discards every error from {{source}}: it neither logs, re-raises nor recovers. Log it with `{{logger}}.exception(...)`, ' +
        'say in a comment why it does not matter, or let it propagate.',
      silentSuppress:
        '`{{handler}}` discards every error from {{source}}: it neither logs, re-raises nor recovers. Suppress the exception you expect, ' +
        'log it with `{{logger}}.exception(...)` in an `except` clause, or let it propagate.',
      logException: 'Log the exception with `{{logger}}.exception(...)`',
      catchException: 'Catch `Exception`, which leaves `KeyboardInterrupt` and `SystemExit` alone',
    },
    schema: [
      {
        type: 'object',
        properties: {
          typedExceptions: { enum: ['failures', 'all', 'none'] },
          commentJustifies: { enum: ['typed', 'all', 'none'] },
          cleanupMethods: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context)) return {}
    const cleanupMethods = new Set([...CLEANUP_METHODS, ...options.cleanupMethods])
    return { except_clause: checkHandler, with_statement: checkSuppress }

    function checkHandler(clause: ExceptClauseNode): void {
      const tryStatement = clause.parent
      const effects = inertStatements(bodyOf(clause))
      if (!effects || tryStatement?.kind !== 'try_statement' || readsException(context, clause)) return
      const types = caughtTypes(context, clause)
      const isBroad = types.some(isBroadType)
      if (isBroad) {
        if (effects.returnsFlag) return
        if (effects.fallbacks.length > 0 && !findInputOutput(context, tryStatement.body)) return
      } else {
        const tryBody = tryStatement.body
        if (!effects.isBare || !types.every((type) => mustNotBeDropped(context, type, options.typedExceptions, tryBody))) return
      }
      if (isJustified(isBroad, commentsOfHandler(context.sourceCode, clause)) || isAccepted(tryStatement.body)) return
      if (leadsToNextAttempt(context, clause)) return
      reportHandler(clause, tryStatement, isBroad ? 'silent' : 'silentFailure')
    }

    function reportHandler(clause: ExceptClauseNode, { body }: TryStatementNode, messageId: 'silent' | 'silentFailure'): void {
      const logger = moduleLogger(context, clause)
      const source = sourceLabel(context, body)
      const [bare] = clause.value.length === 0 ? clause.children : []
      context.report({
        range: [clause.start, headerEnd(clause)],
        messageId,
        data: { handler: describeHandler(clause), source: asCode(source), logger: logger ?? 'logger' },
        suggest: [
          logger !== null && suggestLogging(context, clause, source, logger),
          bare && { messageId: 'catchException', fix: (fixer) => fixer.insertTextAfter(bare, ' Exception') },
        ],
      })
    }

    function checkSuppress(statement: WithStatementNode): void {
      const suppress = broadSuppress(context, statement)
      if (!suppress || isAccepted(statement.body)) return
      if (isJustified(true, commentsOnLines(context.sourceCode, statement, suppress))) return
      const logger = moduleLogger(context, statement) ?? 'logger'
      context.report({
        range: [statement.start, suppress.end],
        messageId: 'silentSuppress',
        data: { handler: excerpt(suppress), source: asCode(sourceLabel(context, statement.body)), logger },
      })
    }

    function isJustified(isBroad: boolean, comments: readonly SyntaxNode[]): boolean {
      const { commentJustifies } = options
      return (commentJustifies === 'all' || (commentJustifies === 'typed' && !isBroad)) && comments.some(isExplanation)
    }

    /** Code whose errors may vanish: cleaning up, imports that may be missing, and what an object does when it is collected. */
    function isAccepted(body: BlockNode): boolean {
      return isCleanupOnly(context, body, cleanupMethods) || body.namedChildren.every(isImport) || isInFinaliser(body)
    }
  },
})

function bodyOf(clause: ExceptClauseNode): readonly PythonNode[] {
  return clause.namedChildren.find(({ kind }) => kind === 'block')?.namedChildren ?? []
}

/** Whether the handler looks at the exception that it caught. */
function readsException({ scopes }: Context, clause: ExceptClauseNode): boolean {
  const name = boundException(clause)
  if (name === null) return false
  for (const node of ownCode(clause)) {
    const isRead = node.kind === 'identifier' && node.text === name && node.parent?.kind !== 'as_pattern_target' && node.parent?.kind !== 'delete_statement'
    if (isRead && scopes.bindingOf(node)) return true
  }
  return false
}

/** The item of a `with` that suppresses `Exception` or `BaseException`. */
function broadSuppress(context: Context, statement: WithStatementNode): PythonNode | null {
  return suppressionsOf(context, statement).find(({ types }) => types.some(isBroadType))?.manager ?? null
}

function isImport({ kind }: PythonNode): boolean {
  return kind === 'import_statement' || kind === 'import_from_statement' || kind === 'future_import_statement'
}

function isInFinaliser(node: PythonNode): boolean {
  const definition = enclosingDefinition(node)
  return definition?.kind === 'function_definition' && definition.name.text === '__del__'
}

function suggestLogging(context: Context, clause: ExceptClauseNode, source: string | null, logger: string): SuggestionDescriptor<MessageId> | null {
  const fix = logException(context.sourceCode, clause, logger, source === null ? 'Unexpected error' : `${source} failed`)
  return fix && { messageId: 'logException', data: { logger }, fix }
}

/** Where the errors come from, as the message says it. */
function asCode(source: string | null): string {
  return source === null ? 'the `try` block' : `\`${source}\``
}
