import type { CallValue, OperationReader, PythonProject, TypeFamily } from '@krait/python'
import { isCallOf, readColumnType } from '@krait/python'

/** A column that an operation adds to a table or creates with it. */
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
  return operation.name === 'add_column' ? (addedColumns(operation)[0] ?? null) : null
}

/** The columns that can be read in `add_column` and `create_table`. */
export function addedColumns(operation: OperationReader): readonly AddedColumn[] {
  const items = operation.name === 'add_column' ? operation.items(1, 'column') : operation.name === 'create_table' ? operation.call.arguments.slice(1) : []
  return items.flatMap((item): AddedColumn[] => {
    const column = operation.follow(item)
    if (!isCallOf(column, 'sqlalchemy.Column') || column.open) return []
    const name = column.keywords['name'] ?? column.arguments[0]
    return [{ name: name ? operation.text(name) : null, call: column }]
  })
}

/** The family of the column's type; `null` if it is not known. */
export function familyOfAdded({ call: { keywords, arguments: [first, second] } }: AddedColumn, project: PythonProject): TypeFamily | null {
  const type = keywords['type_'] ?? (first?.kind === 'literal' ? second : first)
  return type ? readColumnType(project, type).family : null
}

/** Whether rows that exist already have no value for a new column, and must have one. */
export function needsServerDefault({ call: { keywords, arguments: parts } }: AddedColumn, operation: OperationReader): boolean {
  const isNotNull = operation.boolean(keywords['nullable']) === false || (!keywords['nullable'] && operation.boolean(keywords['primary_key']) === true)
  if (!isNotNull || operation.boolean(keywords['autoincrement']) === true) return false
  const given = keywords['server_default']
  if (given && !(given.kind === 'literal' && given.type === 'none')) return false
  return !parts.some((part) => isCallOf(operation.follow(part), ...GENERATED))
}
