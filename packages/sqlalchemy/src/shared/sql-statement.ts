import type { SqlToken } from '@krait/python'
import { sqlStatements } from '@krait/python'

/** The first statement of a text that reads or writes rows. */
export interface SqlStatement {
  /** Its first keyword, in upper case. */
  readonly keyword: string
  /** Without the parentheses in which it begins. */
  readonly tokens: readonly SqlToken[]
}

const KEYWORDS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'merge', 'with'])
/** Words between `UPDATE`, `FROM` or `INTO` and the table. */
const BEFORE_TABLE: ReadonlySet<string> = new Set(['only', 'lateral', 'table'])

/** What a text does, if it reads or writes rows; `null` for DDL, settings and the like. */
export function rowStatementOf(sql: string): SqlStatement | null {
  const [tokens] = sqlStatements(sql)
  let start = 0
  while (tokens?.[start]?.kind === 'sign' && tokens[start]!.text === '(') start++
  const first = tokens?.[start]
  return first?.kind === 'word' && KEYWORDS.has(first.text) ? { keyword: first.text.toUpperCase(), tokens: tokens! } : null
}

/** The first table that a statement speaks of, preferably outside of parentheses; `null` if its name is not known. */
export function tableOf({ tokens }: SqlStatement): string | null {
  let inside: string | null = null
  let depth = 0
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'sign') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
    const isBefore = token.kind === 'word' && (token.text === 'from' || token.text === 'into' || (token.text === 'update' && i === 0))
    const name = isBefore ? nameAt(tokens, i + 1) : null
    if (name !== null && depth === 0) return name
    inside ??= name
  }
  return inside
}

/** `orders`, `app.orders`. */
export function nameAt(tokens: readonly SqlToken[], start: number): string | null {
  let i = start
  while (tokens[i]?.kind === 'word' && BEFORE_TABLE.has(tokens[i]!.text)) i++
  const parts: string[] = []
  for (let token = tokens[i]; token && (token.kind === 'word' || token.kind === 'name'); token = tokens[i]) {
    parts.push(token.text)
    if (!isSign(tokens[i + 1], '.')) return parts.join('.')
    i += 2
  }
  return null
}

export function isSign(token: SqlToken | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

export function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text === word
}
