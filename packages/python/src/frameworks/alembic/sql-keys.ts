/** A key that an SQL text creates. */
export interface CreatedKey {
  readonly name: string | null
  readonly columns: readonly string[]
  readonly isPartial: boolean
  readonly isFunctional: boolean
  readonly nullsNotDistinct: boolean
}

/** What an SQL text does to unique keys. */
export type KeyStatement =
  | { readonly kind: 'create'; readonly table: string; readonly key: CreatedKey }
  | { readonly kind: 'drop'; readonly name: string; readonly table: string | null }
  | { readonly kind: 'drop-table'; readonly table: string }

const NAME = '((?:["`\\[]?\\w+["`\\]]?\\s*\\.\\s*)?["`\\[]?\\w+["`\\]]?)'

const EXISTS = '(?:if\\s+(?:not\\s+)?exists\\s+)?'
const ALTER = `^alter\\s+table\\s+${EXISTS}(?:only\\s+)?${NAME}\\s+`

const CREATE_INDEX = statement(
  `^create\\s+unique\\s+index\\s+(?:concurrently\\s+)?${EXISTS}(?:${NAME}\\s+)?on\\s+(?:only\\s+)?${NAME}\\s*(?:using\\s+\\w+\\s*)?\\(`,
)
const ADD_CONSTRAINT = statement(`${ALTER}add\\s+(?:constraint\\s+${NAME}\\s+)?(?:unique|primary\\s+key)\\s*\\(`)
const DROP_INDEX = statement(`^drop\\s+index\\s+(?:concurrently\\s+)?${EXISTS}${NAME}`)
const DROP_CONSTRAINT = statement(`${ALTER}drop\\s+constraint\\s+${EXISTS}${NAME}`)
const DROP_TABLE = statement(`^drop\\s+table\\s+${EXISTS}${NAME}`)

function statement(pattern: string): RegExp {
  return new RegExp(pattern, 'i')
}

/** Reads the statements of an SQL text that create or drop unique indexes and constraints; others are left out. */
export function keyStatementsIn(sql: string): readonly KeyStatement[] {
  const text = sql.replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ')
  return text.split(';').flatMap((statement) => readStatement(statement.trim()) ?? [])
}

function readStatement(text: string): KeyStatement | null {
  const index = CREATE_INDEX.exec(text)
  if (index) return created(text, index, index[1], index[2]!)
  const constraint = ADD_CONSTRAINT.exec(text)
  if (constraint) return created(text, constraint, constraint[2], constraint[1]!)
  const dropConstraint = DROP_CONSTRAINT.exec(text)
  if (dropConstraint) return { kind: 'drop', name: plain(dropConstraint[2]!), table: plain(dropConstraint[1]!) }
  const dropIndex = DROP_INDEX.exec(text)
  if (dropIndex) return { kind: 'drop', name: plain(dropIndex[1]!), table: null }
  const dropTable = DROP_TABLE.exec(text)
  return dropTable ? { kind: 'drop-table', table: plain(dropTable[1]!) } : null
}

function created(text: string, match: RegExpExecArray, name: string | undefined, table: string): KeyStatement | null {
  const end = closingParenthesis(text, match[0].length - 1)
  if (end < 0) return null
  const parts = splitAtCommas(text.slice(match[0].length, end))
  const columns: string[] = []
  let isFunctional = false
  for (const part of parts) {
    const column = /^["`[]?(\w+)["`\]]?(?:\s+(?:asc|desc|nulls|collate|\w+_ops)\b.*)?$/i.exec(part.trim())
    if (column) columns.push(column[1]!)
    else {
      isFunctional = true
      columns.push(...(part.match(/\b[a-z_]\w*\b(?!\s*\()/gi) ?? []))
    }
  }
  const rest = text.slice(end + 1)
  const isPartial = /^\s*(?:include\s*\([^)]*\)\s*)?(?:nulls\s+(?:not\s+)?distinct\s*)?(?:with\s*\([^)]*\)\s*)?where\b/i.test(rest)
  const nullsNotDistinct = /\bnulls\s+not\s+distinct\b/i.test(rest)
  const keyName = name === undefined ? null : plain(name)
  return { kind: 'create', table: plain(table), key: { name: keyName, columns, isPartial, isFunctional, nullsNotDistinct } }
}

function closingParenthesis(text: string, opening: number): number {
  let depth = 0
  for (let at = opening; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return -1
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

function plain(name: string): string {
  return name.replace(/["`[\]\s]/g, '')
}
