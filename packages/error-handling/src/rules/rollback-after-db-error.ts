import type { SuggestionDescriptor } from '@krait/core'
import { caughtTypes, defineRule, enclosingDefinition, isBroadType, isScriptFile, isTestFile, isWrittenForPostgres, ownCode, relatedPlaces, sessionOf } from '@krait/python'
import type { ExceptClauseNode, ExceptionType, PythonRuleContext, TryStatementNode } from '@krait/python'
import { catchesFlushError, catchesStatementError, isFlushError, SQLALCHEMY_ERROR } from '../shared/database-errors.ts'
import { describeHandler } from '../shared/describe-handler.ts'
import { putFirst } from '../shared/handler-edit.ts'
import { isProtected } from '../shared/protected-statements.ts'
import { sessionStatement } from '../shared/session-statements.ts'
import type { SessionStatement } from '../shared/session-statements.ts'
import { isUsedAfter } from '../shared/session-use.ts'
import { wrapInSavepoint } from '../shared/savepoint-edit.ts'

type MessageId = 'flush' | 'statement' | 'rollBack' | 'useSavepoint'
type Context = PythonRuleContext<MessageId, readonly []>

export const rollbackAfterDbError = defineRule({
  name: 'rollback-after-db-error',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a rollback in handlers that go on with a session after a database error',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      flush:
        '`{{handler}}` continues with `{{session}}` after a failed flush: everything after this raises `PendingRollbackError`. ' +
        'Call `{{session}}.rollback()` here, or use `{{session}}.begin_nested()` around the insert.',
      statement:
        '`{{handler}}` queries `{{session}}` again after a failed statement, but PostgreSQL has aborted the transaction. Call `{{session}}.rollback()` first.',
      rollBack: 'Call `{{call}}` first',
      useSavepoint: 'Use `{{session}}.begin_nested()` around it',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return { try_statement: check }

    function check(tryStatement: TryStatementNode): void {
      const handlers = databaseHandlers(context, tryStatement)
      if (handlers.length === 0) return
      const statements = statementsIn(context, tryStatement)
      if (statements.length === 0) return
      for (const handler of handlers) checkHandler(handler, statements)
    }

    function checkHandler({ clause, types }: Handler, statements: readonly SessionStatement[]): void {
      const seen = new Set<string>()
      for (const statement of statements) {
        const kind = statement.writes ? 'flush' : 'statement'
        const key = `${kind} ${statement.session.text}`
        if (seen.has(key)) continue
        seen.add(key)
        if (!isAffected(types, statement) || !isUsedAfter(context, clause, statement, { namesDatabaseError: types.some((type) => isFlushError(context.project, type)) })) continue
        report(clause, statement, kind)
        return
      }
    }

    function isAffected(types: readonly ExceptionType[], { writes }: SessionStatement): boolean {
      if (writes) return types.some((type) => catchesFlushError(context.project, type))
      return isWrittenForPostgres(context) && types.some((type) => catchesStatementError(context.project, type))
    }

    function report(clause: ExceptClauseNode, { session, call, through }: SessionStatement, messageId: 'flush' | 'statement'): void {
      const isAsync = sessionOf(context, session)?.kind === 'async' || call.parent?.kind === 'await'
      const rollback = `${isAsync ? 'await ' : ''}${session.text}.rollback()`
      const [header] = clause.children.filter(({ kind }) => kind === ':')
      const rollBack = putFirst(context.sourceCode, clause, rollback)
      const savepoint = messageId === 'flush' ? wrapInSavepoint(context.sourceCode, clause, session, isAsync) : null
      const suggest: (SuggestionDescriptor<MessageId> | null)[] = [
        rollBack && { messageId: 'rollBack', data: { call: rollback }, fix: rollBack },
        savepoint && { messageId: 'useSavepoint', data: { session: session.text }, fix: savepoint },
      ]
      context.report({
        range: [clause.start, header?.end ?? clause.end],
        messageId,
        data: { handler: describeHandler(clause), session: session.text },
        related: through ? relatedPlaces(context.project, through.path, messageId === 'flush' ? 'writes to the database' : 'reads from the database') : [],
        suggest,
      })
    }
  },
})

interface Handler {
  readonly clause: ExceptClauseNode
  readonly types: readonly ExceptionType[]
}

/** The handlers to which a database error can come: those before one that catches them all. */
function databaseHandlers(context: Context, { namedChildren }: TryStatementNode): readonly Handler[] {
  const handlers: Handler[] = []
  for (const clause of namedChildren) {
    if (clause.kind !== 'except_clause') continue
    const types = caughtTypes(context, clause)
    if (types.some((type) => catchesFlushError(context.project, type))) handlers.push({ clause, types })
    if (types.some((type) => type === SQLALCHEMY_ERROR || isBroadType(type))) break
  }
  return handlers
}

/** What the body does with sessions and nothing takes back: writes first, since they matter more. */
function statementsIn(context: Context, { body }: TryStatementNode): readonly SessionStatement[] {
  const statements: SessionStatement[] = []
  if (isScriptFile(context) && !enclosingDefinition(body)) return statements
  for (const node of ownCode(body)) {
    const statement = node.kind === 'call' ? sessionStatement(context, node) : null
    if (statement && !isProtected(context, statement, body)) statements.push(statement)
  }
  return [...statements.filter(({ writes }) => writes), ...statements.filter(({ writes }) => !writes)]
}
