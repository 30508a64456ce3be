import { AnnotationMap } from '../sqlalchemy/annotation-map.ts'
import { readColumn } from '../sqlalchemy/read-column.ts'
import type { ModelColumn } from '../sqlalchemy/model.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { argumentOf, isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { MigratedColumn, MigratedConstraint, MigratedForeignKey } from './migrated-schema.ts'
import type { OperationReader } from './operation-reader.ts'
import type { SchemaState, TableState } from './schema-state.ts'

/** Where columns and constraints are added. */
export class ItemPlace {
  constructor(
    readonly state: SchemaState,
    readonly table: TableState,
    readonly operation: OperationReader,
    readonly project: PythonProject,
    /** The migration. */
    readonly path: string,
  ) {}
}

/** Adds what stands in `create_table` and `add_column`: columns and constraints. One that is not understood makes the table opaque. */
export function addItems(place: ItemPlace, items: readonly Value[]): void {
  const { state, table, operation, path } = place
  for (const item of items) {
    const value = operation.follow(item)
    if (isCallOf(value, 'sqlalchemy.Column', 'sqlalchemy.column')) addColumn(place, value)
    else if (isCallOf(value, 'sqlalchemy.PrimaryKeyConstraint')) {
      const columns = textsIn(value, operation)
      if (columns) table.primaryKey = columns
      table.primaryKeyName = nameIn(value, operation)
    } else if (isCallOf(value, 'sqlalchemy.UniqueConstraint')) {
      const columns = textsIn(value, operation)
      if (columns) table.uniqueConstraints.push({ name: nameIn(value, operation), columns })
    } else if (isCallOf(value, 'sqlalchemy.ForeignKeyConstraint')) {
      const key = foreignKeyIn(value, operation)
      if (key) table.foreignKeys.push(key)
    } else if (!isCallOf(value, ...WITHOUT_COLUMNS)) state.hide(table, path, 'with computed arguments')
  }
}

/** What can stand in a table beside columns and keys. */
const WITHOUT_COLUMNS = ['sqlalchemy.CheckConstraint', 'sqlalchemy.Index', 'sqlalchemy.dialects.postgresql.ExcludeConstraint'] as const

function addColumn({ state, table, project, path }: ItemPlace, call: CallValue): void {
  const read = readModelColumn(project, call)
  if (!read) return state.hide(table, path, 'on a computed column')
  const { name, type, family, nullable, primaryKey, unique, index, hasServerDefault, foreignKeys } = read
  const length = lengthIn(project, typeArgument(call))
  state.addColumn(table, { name, type, family, length, nullable: primaryKey ? false : nullable, hasServerDefault, addedIn: path })
  if (primaryKey && !table.primaryKey.includes(name)) table.primaryKey.push(name)
  const bare = table.name.slice(table.name.lastIndexOf('.') + 1)
  if (index) table.indexes.push({ name: `ix_${table.name.replace('.', '_')}_${name}`, columns: [name], unique, isPartial: false, isFunctional: false })
  else if (unique) table.uniqueConstraints.push({ name: null, columns: [name] })
  for (const key of foreignKeys) table.foreignKeys.push({ name: null, columns: [name], targets: [ownTarget(key.target, bare)], onDelete: key.onDelete })
}

/** A column as SQLAlchemy reads it; `null` without a known name. */
function readModelColumn(project: PythonProject, call: CallValue): ModelColumn | null {
  const [first] = call.arguments
  const isNamed = (first?.kind === 'literal' && typeof first.value === 'string') || call.keywords['name']?.kind === 'literal'
  if (!isNamed) return null
  const context = { project, types: AnnotationMap.of(project, []), isModel: () => false }
  return readColumn(context, { attribute: '', owner: '', value: { ...call, callee: 'sqlalchemy.Column' }, annotation: undefined, isSqlModel: false })
}

/** The type of a column as it would stand in `Column(...)`. */
export function readType(project: PythonProject, value: Value): Pick<MigratedColumn, 'type' | 'family' | 'length'> {
  const name = { kind: 'literal', type: 'string', value: 'x' } as const
  const call: CallValue = { kind: 'call', callee: 'sqlalchemy.Column', function: null, arguments: [name], keywords: { type_: value }, open: false }
  const read = readModelColumn(project, call)
  return { type: read?.type ?? null, family: read?.family ?? null, length: lengthIn(project, value) }
}

function typeArgument({ arguments: [first, second], keywords }: CallValue): Value | undefined {
  return keywords['type_'] ?? (first?.kind === 'literal' ? second : first)
}

/** `50` of `sa.String(50)` and `sa.String(length=50)`. */
function lengthIn(project: PythonProject, type: Value | undefined): number | null {
  const call = type?.kind === 'name' ? project.valueOf(type.name) : type
  if (call?.kind !== 'call' || call.callee === null || !/(?:String|Unicode|VARCHAR|CHAR|NVARCHAR|AutoString)$/.test(call.callee)) return null
  const given = argumentOf(call, 'length', 0)
  return given?.kind === 'literal' && typeof given.value === 'number' ? given.value : null
}

function textsIn({ arguments: items }: CallValue, operation: OperationReader): string[] | null {
  const texts = items.map((item) => operation.text(item))
  return texts.length === 0 || texts.includes(null) ? null : (texts as string[])
}

function nameIn({ keywords }: CallValue, operation: OperationReader): MigratedConstraint['name'] {
  return keywords['name'] ? operation.constraintName(keywords['name']) : null
}

/** `ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE")` */
function foreignKeyIn(call: CallValue, operation: OperationReader): MigratedForeignKey | null {
  const columns = operation.texts(argumentOf(call, 'columns', 0))
  const targets = operation.texts(argumentOf(call, 'refcolumns', 1))
  if (!columns || !targets) return null
  const onDelete = call.keywords['ondelete'] ? operation.text(call.keywords['ondelete']) : null
  return { name: nameIn(call, operation), columns, targets, onDelete }
}

/** `ForeignKey("id")` alone is no target of another table. */
function ownTarget(target: string | null, table: string): string | null {
  return target === null || target.includes('.') ? target : `${table}.${target}`
}
