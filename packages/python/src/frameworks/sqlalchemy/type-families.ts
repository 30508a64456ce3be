import type { TypeFamily } from './model.ts'

/** The family of a column type by the last part of its name, or of a Python type: https://docs.sqlalchemy.org/en/20/core/types.html */
export function familyOf(type: string | null): TypeFamily | null {
  if (type === null) return null
  return FAMILIES.get(type) ?? FAMILIES.get(type.slice(type.lastIndexOf('.') + 1)) ?? null
}

const FAMILIES: ReadonlyMap<string, TypeFamily> = new Map([
  ...family('string', 'String Text Unicode UnicodeText VARCHAR CHAR TEXT NVARCHAR NCHAR CLOB CITEXT AutoString EmailType URLType StringEncryptedType builtins.str'),
  ...family('integer', 'Integer BigInteger SmallInteger INTEGER INT BIGINT SMALLINT builtins.int'),
  ...family('numeric', 'Numeric NUMERIC DECIMAL MONEY decimal.Decimal'),
  ...family('float', 'Float FLOAT Double DOUBLE DOUBLE_PRECISION REAL builtins.float'),
  ...family('boolean', 'Boolean BOOLEAN builtins.bool'),
  ...family('datetime', 'DateTime DATETIME TIMESTAMP datetime.datetime'),
  ...family('date', 'Date DATE datetime.date'),
  ...family('time', 'Time TIME datetime.time'),
  ...family('interval', 'Interval INTERVAL datetime.timedelta'),
  ...family('json', 'JSON JSONB JSONType builtins.dict'),
  ...family('uuid', 'Uuid UUID UUIDType uuid.UUID'),
  ...family('binary', 'LargeBinary BLOB BYTEA BINARY VARBINARY PickleType builtins.bytes'),
  ...family('enum', 'Enum ENUM'),
  ...family('array', 'ARRAY builtins.list'),
  ...family('other', 'TSVECTOR TSVectorType INET CIDR MACADDR HSTORE LtreeType'),
])

function family(name: TypeFamily, types: string): (readonly [string, TypeFamily])[] {
  return types.split(' ').map((type) => [type, name] as const)
}
