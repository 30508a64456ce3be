import type { SqlToken } from '@krait/python'
import { defineRule, isMigrationFile, isTestFile, sqlStatements } from '@krait/python'
import { executedSql } from '../shared/executed-sql.ts'
import { isMigrationModule } from '../shared/migration.ts'

export const noSelectStar = defineRule({
  name: 'no-select-star',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require executed SQL text to name its columns',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      table: '`{{clause}}` from `{{table}}`: list the columns you read.',
      plain: '`{{clause}}`: list the columns you read.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isMigrationFile(context) || isMigrationModule(context)) return {}

    return {
      call(node) {
        const sql = executedSql(context, node)
        if (!sql?.text.includes('*')) return
        for (const tokens of sqlStatements(sql.text)) {
          const star = starIn(tokens)
          if (!star) continue
          context.report({ node: sql.taker, messageId: star.table === null ? 'plain' : 'table', data: { clause: star.clause, table: star.table ?? '' } })
          return
        }
      },
    }
  },
})

interface Star {
  readonly clause: string
  readonly table: string | null
}

const SETS: ReadonlySet<string> = new Set(['except', 'intersect', 'union'])
const LIST_ENDS: ReadonlySet<string> = new Set(['from', 'into', 'where', ...SETS])

/** The first `*` in the outermost list of a SELECT, in an arm of a UNION, or behind RETURNING. */
function starIn(tokens: readonly SqlToken[]): Star | null {
  const listed = listedTables(tokens)
  let depth = 0
  let list: 'RETURNING' | 'SELECT' | null = null
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1]
    if (isSign(token, '(')) {
      // `(SELECT ...) UNION (SELECT ...)`: the arms are outermost.
      if (!(depth === 0 && isWord(tokens[i + 1], 'select') && (!before || SETS.has(before.text) || isWord(before, 'all')))) depth++
    } else if (isSign(token, ')')) depth = Math.max(0, depth - 1)
    if (depth > 0) continue
    if (isWord(token, 'select') || isWord(token, 'returning')) list = token.text === 'select' ? 'SELECT' : 'RETURNING'
    else if (token.kind === 'word' && LIST_ENDS.has(token.text)) list = null
    else if (list && isSign(token, '*') && isItem(tokens, i)) {
      const table = tableBehind(tokens, i)
      if (list === 'RETURNING' || table === null || !listed.has(table)) return { clause: `${list} *`, table }
    }
  }
  return null
}

/** Whether a `*` stands for columns: not for a product. */
function isItem(tokens: readonly SqlToken[], position: number): boolean {
  const before = tokens[position - 1]
  if (!before) return false
  if (before.kind === 'word') return ['all', 'distinct', 'returning', 'select'].includes(before.text)
  if (isSign(before, ',') || isSign(before, '.')) return true
  return isSign(before, ')') && isDistinctOn(tokens, position - 1)
}

/** `DISTINCT ON (...) *`. */
function isDistinctOn(tokens: readonly SqlToken[], close: number): boolean {
  let depth = 0
  for (let i = close; i >= 0; i--) {
    if (isSign(tokens[i], ')')) depth++
    else if (isSign(tokens[i], '(') && --depth === 0) return isWord(tokens[i - 1], 'on') && isWord(tokens[i - 2], 'distinct')
  }
  return false
}

/** The table that FROM names next. */
function tableBehind(tokens: readonly SqlToken[], position: number): string | null {
  const before = tokens.findIndex((token, i) => i > position && isWord(token, 'from'))
  const [name, dot, inner] = before < 0 ? [] : tokens.slice(before + 1)
  if (!name || (name.kind !== 'word' && name.kind !== 'name')) return null
  return isSign(dot, '.') && inner ? inner.text : name.text
}

/** The common table expressions that list their columns. */
function listedTables(tokens: readonly SqlToken[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [i, token] of tokens.entries()) {
    if (!isWord(token, 'as') || !isSign(tokens[i + 1], '(') || !isWord(tokens[i + 2], 'select')) continue
    const body: SqlToken[] = []
    let depth = 1
    for (let j = i + 2; j < tokens.length && depth > 0; j++) {
      if (isSign(tokens[j], '(')) depth++
      else if (isSign(tokens[j], ')')) depth--
      if (depth > 0) body.push(tokens[j]!)
    }
    const name = tokens[i - 1]
    if (name && starIn(body) === null) found.add(name.text)
  }
  return found
}

function isWord(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text
}

function isSign(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text
}
