import type { Value } from '../values/value.ts'
import { UNKNOWN_TYPE, instanceOf } from './type.ts'
import type { Type } from './type.ts'

export interface ColumnInput {
  readonly annotation: Value | undefined
  readonly value: Value | undefined
  /** Read from an instance, or from the class. */
  readonly isInstance: boolean
  annotated(annotation: Value): Type
}

/**
 * The type of an attribute that SQLAlchemy maps: the column's value on an instance, a column expression on the class. `null` if the attribute is
 * nothing of SQLAlchemy.
 */
export function columnType({ annotation, value, isInstance, annotated }: ColumnInput): Type | null {
  const call = value?.kind === 'call' ? value : null
  const mapped = annotation?.kind === 'subscript' && annotation.object.kind === 'name' && MAPPED.has(annotation.object.name) ? annotation.index[0] : undefined
  if (mapped) return asRead(annotated(mapped), isInstance)
  if (call?.callee === 'sqlalchemy.orm.relationship' || call?.callee === 'sqlmodel.Relationship') return annotation ? asRead(annotated(annotation), isInstance) : UNKNOWN_TYPE
  if (call?.callee !== 'sqlalchemy.Column' && call?.callee !== 'sqlalchemy.orm.mapped_column') return null
  if (annotation) return asRead(annotated(annotation), isInstance)
  const type = call.arguments.map(pythonTypeOf).find((candidate) => candidate.kind !== 'unknown') ?? pythonTypeOf(call.keywords['type_'])
  return asRead(type, isInstance)
}

function asRead(type: Type, isInstance: boolean): Type {
  return isInstance ? type : instanceOf('sqlalchemy.orm.InstrumentedAttribute', [type])
}

/** The Python type of a column type: `String(50)`, `Integer`. Nullability is not looked at: it is a matter of the database. */
function pythonTypeOf(value: Value | undefined): Type {
  const name = value?.kind === 'name' ? value.name : value?.kind === 'call' ? value.callee : null
  const last = name?.startsWith('sqlalchemy.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  const className = PYTHON_TYPES[last]
  return className === undefined ? UNKNOWN_TYPE : instanceOf(className)
}

const MAPPED: ReadonlySet<string> = new Set(['sqlalchemy.orm.Mapped', 'sqlalchemy.orm.WriteOnlyMapped', 'sqlalchemy.orm.DynamicMapped'])

/** https://docs.sqlalchemy.org/en/20/core/type_basics.html */
const PYTHON_TYPES: Readonly<Record<string, string>> = {
  ...named('builtins.str', 'String Text Unicode UnicodeText VARCHAR CHAR TEXT NVARCHAR CLOB CITEXT'),
  ...named('builtins.int', 'Integer BigInteger SmallInteger INTEGER INT BIGINT SMALLINT'),
  ...named('builtins.bool', 'Boolean BOOLEAN'),
  ...named('builtins.float', 'Float FLOAT Double DOUBLE REAL'),
  ...named('decimal.Decimal', 'Numeric NUMERIC DECIMAL'),
  ...named('datetime.datetime', 'DateTime DATETIME TIMESTAMP'),
  ...named('datetime.date', 'Date DATE'),
  ...named('datetime.time', 'Time TIME'),
  ...named('datetime.timedelta', 'Interval INTERVAL'),
  ...named('builtins.bytes', 'LargeBinary BLOB BYTEA'),
}

function named(className: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, className]))
}
