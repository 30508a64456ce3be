import type { CallValue, OperationReader } from '@krait/python'
import { isCallOf } from '@krait/python'

/** The column of an `add_column`. */
export interface AddedColumn {
  /** `null` if it is computed. */
  readonly name: string | null
  /** `Column(...)` */
  readonly call: CallValue
}

/** What makes the database give a value. */
const GENERATED = ['sqlalchemy.Identity', 'sqlalchemy.Computed', 'sqlalchemy.Sequence', 'sqlalchemy.FetchedValue'] as const

/** The column that an `add_column` adds; `null` if it can not be read. */
export function addedColumn(operation: OperationReader): AddedColumn | null {
  const [item] = operation.items(1, 'column')
  const column = item && operation.follow(item)
  if (!isCallOf(column, 'sqlalchemy.Column') || column.open) return null
  const name = column.keywords['name'] ?? column.arguments[0]
  return { name: name ? operation.text(name) : null, call: column }
}

/** Whether rows that exist already have no value for a new column, and must have one. */
export function needsServerDefault({ call: { keywords, arguments: parts } }: AddedColumn, operation: OperationReader): boolean {
  const isNotNull = operation.boolean(keywords['nullable']) === false || (!keywords['nullable'] && operation.boolean(keywords['primary_key']) === true)
  if (!isNotNull || operation.boolean(keywords['autoincrement']) === true) return false
  const given = keywords['server_default']
  if (given && !(given.kind === 'literal' && given.type === 'none')) return false
  return !parts.some((part) => isCallOf(operation.follow(part), ...GENERATED))
}
