import type { CallNode } from '@krait/python'
import { defineRule, isMigrationFile, isMigrationModule, isTestFile } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { executedSql, sqlTextOf } from '../shared/executed-sql.ts'
import { libraryName } from '../shared/library-name.ts'
import { starIn } from '../shared/sql-selection.ts'
import { rowStatementOf } from '../shared/sql-statement.ts'

export const noSelectStar = defineRule({
  name: 'no-select-star',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow `SELECT *` in SQL text that is executed',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      star: '`{{clause}} *` from `{{table}}`: list the columns you read.',
      unknown: '`{{clause}} *`: list the columns you read.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isMigrationFile(context) || isMigrationModule(context)) return {}
    const reported = new Set<number>()

    return {
      call(node) {
        const executed = executedSql(context, node)
        if (executed) check(executed.taker, executed.sql)
        else if (node.parent?.kind === 'expression_statement' && isText(node)) check(node, sqlTextOf(context, node)?.sql ?? '')
      },
    }

    function isText({ function: called }: CallNode): boolean {
      return called.text.endsWith('text') && libraryName(context, called) === 'sqlalchemy.text'
    }

    function check(taker: CallNode, sql: string): void {
      if (!sql.includes('*') || reported.has(taker.index)) return
      const statement = rowStatementOf(sql)
      const star = statement && starIn(statement.tokens)
      if (!star) return
      reported.add(taker.index)
      const { table } = star
      context.report({ node: calleeName(taker), messageId: table === null ? 'unknown' : 'star', data: { clause: star.clause.toUpperCase(), table: table ?? '' } })
    }
  },
})
