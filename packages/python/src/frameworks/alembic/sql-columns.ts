import { familyOf } from '../sqlalchemy/type-families.ts'
import type { TypeFamily } from '../sqlalchemy/model.ts'
import type { MigratedColumn } from './migrated-schema.ts'
import { SqlCursor } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

/** A column as SQL defines it. */
export interface SqlColumn extends Omit<MigratedColumn, 'addedIn'> {
  readonly isPrimaryKey: boolean
  readonly isUnique: boolean
  /** `users.id`, or `users` where the column is left out. */
  readonly references: { readonly target: string | null; readonly onDelete: string | null } | null
}

/** What ends the type of a column. */
const BEHIND_TYPE: ReadonlySet<string> = new Set(
  'not null default primary unique references check collate generated constraint comment auto_increment autoincrement identity as on'.split(' '),
)

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  character: 'string',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  mediumint: 'integer',
  tinyint: 'integer',
  serial: 'integer',
  bigserial: 'integer',
  smallserial: 'integer',
  float4: 'float',
  float8: 'float',
  double: 'float',
  bool: 'boolean',
  timestamptz: 'datetime',
  timetz: 'time',
  longtext: 'string',
  mediumtext: 'string',
  dec: 'numeric',
}

/** Reads `name type [NOT NULL] [DEFAULT ...]`; `null` if it is none. */
export function readSqlColumn(tokens: readonly SqlToken[]): SqlColumn | null {
  const cursor = new SqlCursor(tokens)
  const name = cursor.name()
  const first = cursor.next
  if (name === null || name.includes('.') || (first?.kind !== 'word' && first?.kind !== 'name')) return null
  const type = cursor.advance()!.text
  const length = readTypeRest(cursor)
  const isSerial = /serial$/.test(type)
  const rest: SqlToken[] = []
  for (let token = cursor.advance(); token; token = cursor.advance()) rest.push(token)
  const words = wordsOutside(rest)
  const has = (phrase: string): boolean => ` ${words} `.includes(` ${phrase} `)
  const isPrimaryKey = has('primary key')
  const family = length.isArray ? 'array' : (FAMILIES[type] ?? familyOf(type.toUpperCase()))
  return {
    name,
    type: length.isArray ? `${type}[]` : type,
    family,
    length: family === 'string' ? length.size : null,
    nullable: !isPrimaryKey && !has('not null') && !isSerial,
    hasServerDefault: isSerial || has('default') || has('generated') || has('auto_increment') || has('autoincrement') || has('identity'),
    isPrimaryKey,
    isUnique: has('unique'),
    references: readReferences(rest),
  }
}

/** The rest of a type: `varying`, `(50)`, `with time zone`, `[]`. */
function readTypeRest(cursor: SqlCursor): { readonly size: number | null; readonly isArray: boolean } {
  let size: number | null = null
  let isArray = false
  while (!cursor.isAtEnd && !(cursor.next?.kind === 'word' && BEHIND_TYPE.has(cursor.next.text))) {
    const items = cursor.list()
    if (!items) isArray = cursor.advance()?.text === '[' || isArray
    else if (items.length === 1 && /^\d+$/.test(items[0]![0]!.text)) size = Number(items[0]![0]!.text)
  }
  return { size, isArray }
}

/** The words outside of parentheses. */
function wordsOutside(tokens: readonly SqlToken[]): string {
  const words: string[] = []
  let depth = 0
  for (const { kind, text } of tokens) {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0
    else if (kind === 'word' && depth === 0) words.push(text)
  }
  return words.join(' ')
}

function readReferences(tokens: readonly SqlToken[]): SqlColumn['references'] {
  const cursor = new SqlCursor(tokens)
  while (!cursor.isAtEnd && !cursor.takes('references')) cursor.advance()
  if (cursor.isAtEnd) return null
  const table = cursor.name()
  const [column] = cursor.names() ?? []
  return { target: table === null ? null : column === undefined ? table : `${table}.${column}`, onDelete: readOnDelete(cursor) }
}

/** `CASCADE` of `ON DELETE CASCADE`, wherever it stands in the rest. */
export function readOnDelete(cursor: SqlCursor): string | null {
  for (; !cursor.isAtEnd; cursor.advance()) {
    if (!cursor.takes('on', 'delete')) continue
    if (cursor.takes('set', 'null')) return 'SET NULL'
    if (cursor.takes('set', 'default')) return 'SET DEFAULT'
    return cursor.takes('no', 'action') ? 'NO ACTION' : (cursor.next?.text.toUpperCase() ?? null)
  }
  return null
}
