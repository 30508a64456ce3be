import type { MigratedColumn, MigratedConstraint, MigratedForeignKey, MigratedIndex } from './migrated-schema.ts'
import { readOnDelete, readSqlColumn } from './sql-columns.ts'
import type { SqlColumn } from './sql-columns.ts'
import { SqlCursor, sqlStatements } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

/** What an SQL statement does to tables. `opaque`: something that is not understood, to a table, or (`null`) to one that is not known. */
export type SchemaStatement =
  | CreatedTable
  | { readonly kind: 'drop-table'; readonly table: string }
  | { readonly kind: 'rename-table'; readonly table: string; readonly to: string }
  | { readonly kind: 'add-column'; readonly table: string; readonly column: SqlColumn }
  | { readonly kind: 'drop-column'; readonly table: string; readonly column: string }
  | { readonly kind: 'rename-column'; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: 'change-column'; readonly table: string; readonly column: string; readonly change: SqlChange }
  | { readonly kind: 'add-key'; readonly table: string; readonly key: SqlKey }
  | { readonly kind: 'drop-constraint'; readonly table: string; readonly name: string }
  | { readonly kind: 'create-index'; readonly table: string; readonly index: MigratedIndex }
  | { readonly kind: 'drop-index'; readonly name: string }
  | { readonly kind: 'opaque'; readonly table: string | null }

interface CreatedTable {
  readonly kind: 'create-table'
  readonly table: string
  readonly columns: readonly SqlColumn[]
  readonly keys: readonly SqlKey[]
  /** It may have other columns. */
  readonly isOpaque: boolean
}

export type SqlChange = Partial<Pick<MigratedColumn, 'type' | 'family' | 'length' | 'nullable' | 'hasServerDefault'>>

export type SqlKey =
  | { readonly kind: 'primary' | 'unique'; readonly constraint: MigratedConstraint }
  | { readonly kind: 'foreign'; readonly constraint: MigratedForeignKey }

/** What `ALTER TABLE` can do without changing columns and keys. */
const HARMLESS = /^(?:enable|disable|force|no|owner|set|reset|validate|cluster|replica|inherit|attach|detach|comment|engine|convert|auto_increment)$/

/** Reads an SQL text with gaps (see `SQL_GAP`). Statements that leave the tables as they are give nothing. */
export function schemaStatementsIn(sql: string): readonly SchemaStatement[] {
  return sqlStatements(sql).flatMap((tokens) => readSchemaStatement(tokens))
}

/** The same for one statement. */
export function readSchemaStatement(tokens: readonly SqlToken[]): readonly SchemaStatement[] {
  const cursor = new SqlCursor(tokens)
  if (cursor.next?.kind === 'gap') return [{ kind: 'opaque', table: null }]
  if (cursor.takes('create')) return readCreate(cursor)
  if (cursor.takes('drop')) return readDrop(cursor)
  if (cursor.takes('alter', 'table')) return readAlter(cursor)
  if (cursor.takes('rename', 'table')) return readRename(cursor)
  return cursor.takes('do') || cursor.takes('begin') ? insideBlock(tokens) : []
}

function readCreate(cursor: SqlCursor): readonly SchemaStatement[] {
  for (const word of ['global', 'local', 'temporary', 'temp', 'unlogged']) cursor.takes(word)
  if (cursor.takes('table')) return [readCreateTable(cursor)]
  const unique = cursor.takes('unique')
  if (!cursor.takes('index')) return []
  cursor.takes('concurrently')
  cursor.takes('if', 'not', 'exists')
  const name = cursor.takes('on') ? null : cursor.name()
  if (name !== null) cursor.takes('on')
  cursor.takes('only')
  const table = cursor.name()
  if (cursor.takes('using')) cursor.advance()
  const items = cursor.list()
  if (table === null || !items) return []
  const plain = items.flatMap((item) => (isColumn(item) ? [item[0]!.text] : []))
  let isPartial = false
  for (; !cursor.isAtEnd; cursor.advance()) isPartial ||= cursor.next?.kind === 'word' && cursor.next.text === 'where'
  return [{ kind: 'create-index', table, index: { name, columns: plain, unique, isPartial, isFunctional: plain.length < items.length } }]
}

/** `email`, `email DESC`; not `lower(email)`. */
function isColumn([first, ...rest]: readonly SqlToken[]): boolean {
  return (first?.kind === 'word' || first?.kind === 'name') && rest.every(({ kind }) => kind === 'word')
}

function readCreateTable(cursor: SqlCursor): SchemaStatement {
  cursor.takes('if', 'not', 'exists')
  const table = cursor.name()
  if (table === null) return { kind: 'opaque', table: null }
  const items = cursor.list()
  const columns: SqlColumn[] = []
  const keys: SqlKey[] = []
  let isOpaque = !items || cursor.takes('as') || cursor.takes('inherits')
  for (const item of items ?? []) {
    const key = readKey(new SqlCursor(item))
    if (key === 'other') continue
    const column = key ? null : readSqlColumn(item)
    if (key) keys.push(key)
    else if (column) columns.push(column)
    else isOpaque = true
  }
  return { kind: 'create-table', table, columns, keys, isOpaque }
}

/** A constraint of a table: `null` if it is none, `other` for one that is no key. */
function readKey(cursor: SqlCursor): SqlKey | 'other' | null {
  const name = cursor.takes('constraint') ? cursor.name() : null
  if (cursor.takes('primary', 'key')) return withColumns(cursor, (columns) => ({ kind: 'primary', constraint: { name, columns } }))
  if (cursor.takes('unique')) {
    if (!cursor.takes('key')) cursor.takes('index')
    cursor.takes('nulls', 'not', 'distinct')
    const inner = cursor.next?.kind === 'word' || cursor.next?.kind === 'name' ? cursor.name() : null
    return withColumns(cursor, (columns) => ({ kind: 'unique', constraint: { name: name ?? inner, columns } }))
  }
  if (cursor.takes('foreign', 'key')) return readForeignKey(cursor, name)
  return cursor.takes('check') || cursor.takes('exclude') || cursor.takes('like') ? 'other' : null
}

function withColumns(cursor: SqlCursor, make: (columns: readonly string[]) => SqlKey): SqlKey | 'other' {
  const columns = cursor.names()
  return columns ? make(columns) : 'other'
}

function readForeignKey(cursor: SqlCursor, name: string | null): SqlKey | 'other' {
  const columns = cursor.names()
  if (!columns || !cursor.takes('references')) return 'other'
  const table = cursor.name()
  const names = cursor.names() ?? columns.map(() => null)
  const targets = names.map((column) => (table === null || column === null ? null : `${table}.${column}`))
  return { kind: 'foreign', constraint: { name, columns, targets, onDelete: readOnDelete(cursor) } }
}

function readDrop(cursor: SqlCursor): readonly SchemaStatement[] {
  if (cursor.takes('index')) {
    cursor.takes('concurrently')
    cursor.takes('if', 'exists')
    const name = cursor.name()
    return name === null ? [] : [{ kind: 'drop-index', name: name.slice(name.lastIndexOf('.') + 1) }]
  }
  if (!cursor.takes('table')) return []
  cursor.takes('if', 'exists')
  const dropped: SchemaStatement[] = []
  do {
    const table = cursor.name()
    dropped.push(table === null ? { kind: 'opaque', table: null } : { kind: 'drop-table', table })
  } while (cursor.takesSign(','))
  return dropped
}

function readRename(cursor: SqlCursor): readonly SchemaStatement[] {
  const table = cursor.name()
  const to = cursor.takes('to') ? cursor.name() : null
  return [table === null || to === null ? { kind: 'opaque', table } : { kind: 'rename-table', table, to }]
}

function readAlter(cursor: SqlCursor): readonly SchemaStatement[] {
  cursor.takes('if', 'exists')
  cursor.takes('only')
  const table = cursor.name()
  if (table === null) return [{ kind: 'opaque', table: null }]
  const actions: SchemaStatement[] = []
  while (!cursor.isAtEnd) actions.push(...readAction(new SqlCursor(cursor.untilComma()), table))
  return actions
}

function readAction(cursor: SqlCursor, table: string): readonly SchemaStatement[] {
  if (cursor.takes('add')) return readAdd(cursor, table)
  if (cursor.takes('drop')) return readDropAction(cursor, table)
  if (cursor.takes('rename')) return readRenameAction(cursor, table)
  if (cursor.takes('alter')) return readAlterColumn(cursor, table)
  const isHarmless = cursor.next?.kind === 'word' && HARMLESS.test(cursor.next.text)
  return isHarmless ? [] : [{ kind: 'opaque', table }]
}

function readAdd(cursor: SqlCursor, table: string): readonly SchemaStatement[] {
  const rest: SqlToken[] = []
  const isColumn = cursor.takes('column')
  cursor.takes('if', 'not', 'exists')
  for (let token = cursor.advance(); token; token = cursor.advance()) rest.push(token)
  const key = isColumn ? null : readKey(new SqlCursor(rest))
  if (key === 'other') return []
  if (key) return [{ kind: 'add-key', table, key }]
  const column = readSqlColumn(rest)
  return [column ? { kind: 'add-column', table, column } : { kind: 'opaque', table }]
}

function readDropAction(cursor: SqlCursor, table: string): readonly SchemaStatement[] {
  if (cursor.takes('constraint')) {
    cursor.takes('if', 'exists')
    const name = cursor.name()
    return name === null ? [] : [{ kind: 'drop-constraint', table, name }]
  }
  if (cursor.takes('primary', 'key')) return [{ kind: 'drop-constraint', table, name: `${table}_pkey` }]
  cursor.takes('column')
  cursor.takes('if', 'exists')
  const column = cursor.name()
  return [column === null ? { kind: 'opaque', table } : { kind: 'drop-column', table, column }]
}

function readRenameAction(cursor: SqlCursor, table: string): readonly SchemaStatement[] {
  if (cursor.takes('constraint')) return []
  if (cursor.takes('to')) {
    const to = cursor.name()
    return [to === null ? { kind: 'opaque', table } : { kind: 'rename-table', table, to }]
  }
  cursor.takes('column')
  const column = cursor.name()
  const to = cursor.takes('to') ? cursor.name() : null
  return [column === null || to === null ? { kind: 'opaque', table } : { kind: 'rename-column', table, column, to }]
}

function readAlterColumn(cursor: SqlCursor, table: string): readonly SchemaStatement[] {
  if (cursor.takes('constraint') || cursor.takes('index')) return []
  cursor.takes('column')
  const column = cursor.name()
  const change = column === null ? null : readChange(cursor)
  return [column === null || !change ? { kind: 'opaque', table } : { kind: 'change-column', table, column, change }]
}

function readChange(cursor: SqlCursor): SqlChange | null {
  if (cursor.takes('set', 'not', 'null')) return { nullable: false }
  if (cursor.takes('drop', 'not', 'null')) return { nullable: true }
  if (cursor.takes('set', 'default')) return { hasServerDefault: true }
  if (cursor.takes('drop', 'default')) return { hasServerDefault: false }
  if (cursor.takes('set', 'statistics') || cursor.takes('set', 'storage')) return {}
  if (!cursor.takes('type') && !cursor.takes('set', 'data', 'type')) return null
  const rest: SqlToken[] = [{ kind: 'word', text: 'x' }]
  for (let token = cursor.advance(); token && token.text !== 'using'; token = cursor.advance()) rest.push(token)
  const column = readSqlColumn(rest)
  return column && { type: column.type, family: column.family, length: column.length }
}

/** A block of code: the tables that it creates, alters or drops may be anything behind it. */
function insideBlock(tokens: readonly SqlToken[]): readonly SchemaStatement[] {
  const text = tokens.map((token) => token.text).join(' ')
  return [...text.matchAll(/\b(?:create|alter|drop)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?["`]?([\w.]+|%\w)/gi)].map(([, table]) => ({
    kind: 'opaque',
    table: table!.startsWith('%') ? null : table!.replace(/^public\./, ''),
  }))
}
