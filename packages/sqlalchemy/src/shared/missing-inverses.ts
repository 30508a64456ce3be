import type { PythonProject, ScriptOperation } from '@krait/python'
import { netChanges } from './net-changes.ts'
import type { NetChange } from './net-changes.ts'
import { schemaChanges } from './schema-objects.ts'
import type { SchemaChange } from './schema-objects.ts'

/** Finds the changes of `upgrade()` without an inverse in `downgrade()`. @param isOwn whether the operation stands in `upgrade()` itself */
export function missingInverses(
  project: PythonProject,
  upgrade: readonly ScriptOperation[],
  downgrade: readonly ScriptOperation[],
  isOwn: (operation: ScriptOperation) => boolean,
): readonly NetChange[] {
  const undone = [...downgrade.flatMap(schemaChanges), ...netChanges(downgrade).map(({ change }) => change)]
  const mentioned = new Set(downgrade.flatMap(({ sql }) => sql?.match(/\w+/g) ?? []))
  return netChanges(upgrade).filter(({ operation, change }) => {
    if (operation.reader.name === 'execute' || !isOwn(operation)) return false
    return !isUndone(project, change, undone, mentioned) && !isMaybeUndone(operation, change, downgrade)
  })
}

function isUndone(project: PythonProject, change: SchemaChange, undone: readonly SchemaChange[], mentioned: ReadonlySet<string>): boolean {
  if (change.name !== null && mentioned.has(change.name.slice(change.name.lastIndexOf('.') + 1))) return true
  return undone.some((other) => isInverse(change, other)) || isCovered(project, change, undone)
}

function isInverse(change: SchemaChange, other: SchemaChange): boolean {
  if (change.does === 'rename') {
    return other.does === 'rename' && other.kind === change.kind && other.to.split('.').at(-1) === change.name.split('.').at(-1) && other.name.split('.').at(-1) === change.to.split('.').at(-1)
  }
  if (change.does === 'alter') {
    const names = [change.name, change.to]
    return other.does === 'alter' && other.table === change.table && (names.includes(other.name) || (other.to !== null && names.includes(other.to))) && change.keywords.every((keyword) => other.keywords.includes(keyword))
  }
  if (other.does === 'rename' || other.does === 'alter' || other.does === change.does || other.kind !== change.kind) return false
  if (change.kind === 'table') return other.name === change.name
  if (change.kind === 'column') return other.table === change.table && other.name === change.name
  if (other.name === change.name && change.name !== null) return true
  // A name that the database gives may be any.
  return change.kind === 'constraint' && other.table === change.table && (change.name === null || other.name === null)
}

/** Whether `downgrade()` drops or makes the whole table or column again to which something belongs. */
function isCovered(project: PythonProject, change: SchemaChange, undone: readonly SchemaChange[]): boolean {
  const { table, name } = change
  const columns = change.does === 'alter' || change.does === 'rename' ? [change.name, ...(change.does === 'rename' ? [change.to] : [])] : columnsOf(project, change)
  return undone.some((other) => {
    if (other.does !== 'add' && other.does !== 'drop') return false
    if (other.kind === 'table') return other.name === table || (change.does === 'rename' && other.name === change.to)
    const isOwnInverse = change.does !== 'alter' && change.does !== 'rename' && change.kind === 'column'
    return other.kind === 'column' && !isOwnInverse && (table === null || other.table === table) && other.name !== null && columns.includes(other.name) && name !== table
  })
}

/** The columns that an index or constraint is over, also of one that is dropped. */
function columnsOf(project: PythonProject, { does, kind, table, name, columns }: SchemaChange & { readonly does: 'add' | 'drop' }): readonly string[] {
  if (does === 'add' || columns.length > 0 || table === null) return columns
  const before = project.tableAround('before', table)
  const keys = kind === 'index' ? before?.indexes : [...(before?.uniqueConstraints ?? []), ...(before?.foreignKeys ?? [])]
  return keys?.filter((key) => key.name === name).flatMap((key) => key.columns) ?? []
}

/** What is done under a condition may be undone by anything that `downgrade()` does to the table. */
function isMaybeUndone({ isConditional, reader }: ScriptOperation, { table }: SchemaChange, downgrade: readonly ScriptOperation[]): boolean {
  const isOptional = isConditional || IF_EXISTS.some((keyword) => reader.boolean(reader.call.keywords[keyword]) === true)
  return isOptional && downgrade.some((operation) => schemaChanges(operation).some((change) => change.table === table))
}

const IF_EXISTS = ['if_exists', 'if_not_exists'] as const
