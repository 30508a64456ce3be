import type { SqlToken } from '@krait/python'
import { defineRule, isMigrationFile, isMigrationModule, isTestFile, matchesGlobs } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { executedSql } from '../shared/executed-sql.ts'
import { isSign, isWord, rowStatementOf, tableOf } from '../shared/sql-statement.ts'

export interface NoRawSqlOptions {
  /** Globs of files that may have raw SQL. */
  readonly allowIn: readonly string[]
}

const defaultOptions: readonly [NoRawSqlOptions] = [{ allowIn: [] }]

/** Functions that a connection is asked for, and that no construct stands for. */
const ALLOWED_FUNCTIONS = /^(?:pg_(?:try_)?advisory_\w+|set_config|version)$/

export const noRawSql = defineRule({
  name: 'no-raw-sql',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow SQL strings where SQLAlchemy has constructs',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      raw: 'Raw `{{keyword}}` on `{{table}}`: build it with `{{construct}}` so that the mapping and this linter can check it.',
      unknown: 'Raw `{{keyword}}`: build it with `{{construct}}` so that the mapping and this linter can check it.',
    },
    schema: [
      {
        type: 'object',
        properties: { allowIn: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ allowIn }]) {
    if (isTestFile(context) || isMigrationFile(context) || matchesGlobs(context.path, allowIn) || isMigrationModule(context)) return {}

    return {
      call(node) {
        const executed = executedSql(context, node)
        const statement = executed && rowStatementOf(executed.sql)
        if (!statement || asksTheConnection(statement.tokens)) return
        const table = tableOf(statement)
        const { keyword } = statement
        const construct = CONSTRUCTS[keyword] ?? 'select()'
        context.report({ node: calleeName(node), messageId: table === null ? 'unknown' : 'raw', data: { keyword, table: table ?? '', construct } })
      },
    }
  },
})

const CONSTRUCTS: Readonly<Record<string, string>> = { INSERT: 'insert()', UPDATE: 'update()', DELETE: 'delete()' }

/** `SELECT 1`, `SELECT pg_advisory_lock(:key)`. */
function asksTheConnection(tokens: readonly SqlToken[]): boolean {
  const [select, first, second] = tokens
  if (!isWord(select, 'select') || tokens.some((token) => isWord(token, 'from'))) return false
  if (first?.kind === 'sign') return /^\d/.test(first.text)
  return first?.kind === 'word' && ALLOWED_FUNCTIONS.test(first.text) && isSign(second, '(')
}
