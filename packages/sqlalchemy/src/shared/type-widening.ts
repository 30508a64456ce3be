import type { MigratedColumn, OperationReader, Value } from '@krait/python'
import { lastPart } from '@krait/python'

/** A column type, as far as it matters whether values of another one fit into it. */
interface TypeShape {
  /** One name for all ways to write it: `INTEGER` for `Integer`. */
  readonly name: string
  /** The numbers that it is given; `null` if one is not known. */
  readonly sizes: readonly number[] | null
  /** The members of an enum; `null` if they are not known. */
  readonly members: readonly string[] | null
  /** `null` if it is not known. */
  readonly hasTimeZone: boolean | null
}

const NAMES: Readonly<Record<string, string>> = {
  BIGINTEGER: 'BIGINT',
  DATETIME: 'TIMESTAMP',
  TIMESTAMPTZ: 'TIMESTAMP',
  DECIMAL: 'NUMERIC',
  DEC: 'NUMERIC',
  INT: 'INTEGER',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  SMALLINTEGER: 'SMALLINT',
  STRING: 'VARCHAR',
  CHARACTER: 'VARCHAR',
  UNICODE: 'VARCHAR',
  NVARCHAR: 'VARCHAR',
  AUTOSTRING: 'VARCHAR',
  UNICODETEXT: 'TEXT',
  CLOB: 'TEXT',
  BOOL: 'BOOLEAN',
  LARGEBINARY: 'BYTEA',
  BLOB: 'BYTEA',
  DOUBLE_PRECISION: 'DOUBLE',
}

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(NAMES),
  ...'BIGINT BOOLEAN CHAR CITEXT DATE DOUBLE ENUM FLOAT INTEGER INTERVAL JSON JSONB NUMERIC REAL SMALLINT TEXT TIME TIMESTAMP UUID VARCHAR'.split(' '),
])

const INTEGERS = ['SMALLINT', 'INTEGER', 'BIGINT']

/** Reads a type as it stands in an operation; `null` if it is not known. */
export function typeShape(type: Value, operation: OperationReader): TypeShape | null {
  const value = operation.follow(type)
  const name = value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null
  const canonical = name?.startsWith('sqlalchemy.') ? canonicalName(lastPart(name)) : null
  if (canonical === null) return null
  const [given, keywords] = value.kind === 'call' ? [value.arguments, value.keywords] : [[], {} as Readonly<Record<string, Value>>]
  const numbers = [...given, ...['length', 'precision', 'scale'].flatMap((keyword) => keywords[keyword] ?? [])]
  const sizes = numbers.map((number) => (number.kind === 'literal' && typeof number.value === 'number' ? number.value : null))
  const members = given.map((member) => operation.text(member))
  return {
    name: canonical,
    sizes: canonical === 'ENUM' ? [] : sizes.includes(null) ? null : (sizes as number[]),
    members: members.length === 0 || members.includes(null) ? null : (members as string[]),
    hasTimeZone: operation.boolean(keywords['timezone'] ?? given[0]) === true,
  }
}

/** The type that a column has by the migrations before; `null` if it is not known well enough. */
export function migratedShape({ type, length, family }: MigratedColumn): TypeShape | null {
  const name = type === null ? null : canonicalName(lastPart(type))
  if (name === null || name === 'ENUM') return null
  // Migrated columns know neither precision nor time zone.
  const sizes = length !== null ? [length] : name === 'NUMERIC' ? null : []
  return { name, sizes, members: null, hasTimeZone: family === 'datetime' || family === 'time' ? null : false }
}

function canonicalName(name: string): string | null {
  const upper = name.toUpperCase()
  const canonical = NAMES[upper] ?? upper
  return KNOWN.has(canonical) ? canonical : null
}

/** Whether each value of one type fits into another one, and old code can read it. `undefined` if that is not known. */
export function isWidening(from: TypeShape, to: TypeShape): boolean | undefined {
  if (from.name === 'ENUM' && to.name === 'ENUM') return from.members && to.members ? from.members.every((member) => to.members!.includes(member)) : undefined
  if (isText(from) && isText(to)) return fits(from, to)
  if (INTEGERS.includes(from.name) && INTEGERS.includes(to.name)) return INTEGERS.indexOf(from.name) <= INTEGERS.indexOf(to.name)
  if (from.name === 'JSON' && to.name === 'JSONB') return true
  if (from.name !== to.name) return false
  if (from.name === 'NUMERIC') return fitsNumber(from, to)
  return from.hasTimeZone === null || to.hasTimeZone === null ? undefined : from.hasTimeZone === to.hasTimeZone
}

function isText({ name }: TypeShape): boolean {
  return name === 'VARCHAR' || name === 'TEXT'
}

/** What has no length takes everything. */
function fits(from: TypeShape, to: TypeShape): boolean | undefined {
  if (!from.sizes || !to.sizes) return undefined
  const [given] = from.name === 'TEXT' ? [] : from.sizes
  const [room] = to.name === 'TEXT' ? [] : to.sizes
  return room === undefined || (given !== undefined && given <= room)
}

function fitsNumber(from: TypeShape, to: TypeShape): boolean | undefined {
  if (!from.sizes || !to.sizes) return undefined
  const [precision, scale = 0] = from.sizes
  const [newPrecision, newScale = 0] = to.sizes
  if (newPrecision === undefined) return true
  return precision !== undefined && newScale >= scale && newPrecision - newScale >= precision - scale
}
