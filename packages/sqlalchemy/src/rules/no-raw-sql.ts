import type { SqlToken } from '@krait/python'
import { defineRule, isMigrationFile, isTestFile, matchesGlobs, sqlStatements } from '@krait/python'
import { executedSql } from '../shared/executed-sql.ts'
import { isMigrationModule } from '../shared/migration.ts'

export interface NoRawSqlOptions {
  /** Files in which raw SQL is fine, as globs. */
  readonly allowIn: readonly string[]
}

const defaultOptions: readonly [NoRawSqlOptions] = [{ allowIn: [] }]

const KEYWORDS: ReadonlySet<string> = new Set(['delete', 'insert', 'merge', 'select', 'update', 'with'])
/** What SELECT may ask without a table. */
const PLAIN = /^(?:1|set_config|version|pg_(?:try_)?advisory_\w+)$/

export const noRawSql = defineRule({
  name: 'no-raw-sql',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow raw SQL where SQLAlchemy can build it',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      table: 'Raw `{{keyword}}` on `{{table}}`: build it with `{{builder}}()` so that the mapping and this linter can check it.',
      plain: 'Raw `{{keyword}}`: build it with `{{builder}}()` so that the mapping and this linter can check it.',
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
    if (isTestFile(context) || isMigrationFile(context) || isMigrationModule(context) || matchesGlobs(context.path, allowIn)) return {}

    return {
      call(node) {
        const sql = executedSql(context, node)
        const tokens = sql ? sqlStatements(sql.text)[0] : undefined
        const first = tokens?.find(({ text }) => text !== '(')
        if (!sql || !tokens || first?.kind !== 'word' || !KEYWORDS.has(first.text) || isPlain(tokens)) return
        const table = tableIn(tokens)
        context.report({
          node: sql.execution,
          messageId: table === null ? 'plain' : 'table',
          data: { keyword: first.text.toUpperCase(), table: table ?? '', builder: first.text === 'with' || first.text === 'merge' ? 'select' : first.text },
        })
      },
    }
  },
})

/** `SELECT 1`, `SELECT pg_advisory_lock(...)`. */
function isPlain(tokens: readonly SqlToken[]): boolean {
  const [first, second] = tokens
  return first?.text === 'select' && second !== undefined && PLAIN.test(second.text) && !tokens.some(({ kind, text }) => kind === 'word' && text === 'from')
}

function tableIn(tokens: readonly SqlToken[]): string | null {
  const position = tokens.findIndex(({ kind, text }) => kind === 'word' && (text === 'from' || text === 'into' || text === 'update'))
  const [name, dot, inner] = tokens.slice(position + 1)
  if (position < 0 || !name || (name.kind !== 'word' && name.kind !== 'name')) return null
  return dot?.text === '.' && inner ? inner.text : name.text
}
