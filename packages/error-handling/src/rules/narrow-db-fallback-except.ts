import type { Fix, FixFunction, RuleFixer } from '@krait/core'
import { caughtTypes, defineRule, enclosingDefinition, isBroadType, isTestFile, nameFromModule } from '@krait/python'
import type { ExceptClauseNode, PythonNode, PythonRuleContext, TryStatementNode } from '@krait/python'
import { isFlushError } from '../shared/database-errors.ts'
import { isAsynchronous, onlyDatabaseCalls } from '../shared/database-only.ts'
import { describeHandler } from '../shared/describe-handler.ts'
import { substituteData } from '../shared/substitute-data.ts'

type MessageId = 'broad' | 'narrow'
type Context = PythonRuleContext<MessageId, readonly []>

export const narrowDbFallbackExcept = defineRule({
  name: 'narrow-db-fallback-except',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require fallbacks for a database failure to catch database errors only',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      broad: 'This fallback for a database failure also hides every bug in the `try` block. Catch `{{error}}` instead of `{{broad}}`.',
      narrow: 'Catch `{{error}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return { try_statement: check }

    function check(tryStatement: TryStatementNode): void {
      const clause = broadHandler(context, tryStatement)
      if (!clause || !substituteData(context, clause, tryStatement.body)) return
      const calls = onlyDatabaseCalls(context, tryStatement.body)
      if (calls && calls.length > 0 && goesOn(clause)) report(clause, isAsynchronous(context, calls))
    }

    /** Whether the handler comes to its end or returns on some way, instead of raising. */
    function goesOn(clause: ExceptClauseNode): boolean {
      const flow = context.flow(enclosingDefinition(clause) ?? (context.sourceCode.ast as PythonNode))
      const outside = flow.points.filter(({ node, role }) => role !== 'raise-exit' && !clause.contains(node))
      return flow.canReach(flow.pointsInRole('except', clause), outside, { exceptions: 'none' })
    }

    function report(clause: ExceptClauseNode, isAsync: boolean): void {
      const error = isAsync ? '(SQLAlchemyError, OSError)' : 'SQLAlchemyError'
      const header = clause.children.find(({ kind }) => kind === ':')
      const fix = narrowed(context, clause, isAsync)
      context.report({
        range: [clause.start, header?.end ?? clause.end],
        messageId: 'broad',
        data: { error: 'SQLAlchemyError', broad: broadTypeOf(context, clause)?.text ?? describeHandler(clause) },
        suggest: [fix && { messageId: 'narrow', data: { error }, fix }],
      })
    }
  },
})

/** The broad handler of a `try`, if no other one has the database errors. */
function broadHandler(context: Context, { namedChildren }: TryStatementNode): ExceptClauseNode | null {
  for (const clause of namedChildren) {
    if (clause.kind !== 'except_clause') continue
    const types = caughtTypes(context, clause)
    if (types.some(isBroadType)) return clause
    if (types.some((type) => isFlushError(context.project, type))) return null
  }
  return null
}

/** The type of a clause that is broad; `null` where there is none, or where a name stands for several. */
function broadTypeOf(context: Context, clause: ExceptClauseNode): PythonNode | null {
  const types = typesOf(clause)
  return types.find((type) => isBroadType(context.resolve(type))) ?? null
}

function typesOf(clause: ExceptClauseNode): readonly PythonNode[] {
  return clause.value.flatMap((value) => {
    const type = value.kind === 'as_pattern' ? value.namedChildren[0] : value
    return type?.kind === 'tuple' ? type.namedChildren : type ? [type] : []
  })
}

function narrowed(context: Context, clause: ExceptClauseNode, isAsync: boolean): FixFunction | null {
  const written = nameFromModule(context, clause, 'sqlalchemy.exc', 'SQLAlchemyError')
  const types = typesOf(clause)
  const broad = broadTypeOf(context, clause)
  if (!written || (types.length > 0 && !broad)) return null
  const names = isAsync ? `${written.text}, OSError` : written.text
  const edit = (fixer: RuleFixer): Fix => {
    const alone = isAsync ? `(${names})` : names
    if (broad) return fixer.replaceText(broad, types.length > 1 ? names : alone)
    return fixer.insertTextAfter(clause.children[0]!, ` ${alone}`)
  }
  return (fixer) => [...(written.addImport ? [written.addImport(fixer)] : []), edit(fixer)]
}
