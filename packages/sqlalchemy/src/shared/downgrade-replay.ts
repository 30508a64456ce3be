import type { MigratedTable, PythonProject, ScriptOperation } from '@krait/python'
import { addedColumn, needsServerDefault } from './added-column.ts'
import { RevisionGraph } from './revision-graph.ts'
import { schemaChanges } from './schema-objects.ts'
import type { ObjectKind, SchemaChange } from './schema-objects.ts'
import { createdTables, isEmptied } from './script-tables.ts'

/** An operation of `downgrade()` that fails. */
export interface FailingOperation {
  readonly operation: ScriptOperation
  readonly why: 'not-null' | 'unknown'
  /** `users.fax`, or the name of an index or constraint. */
  readonly name: string
}

/** Runs `downgrade()` on the schema behind `upgrade()`, and finds what fails there. */
export function failingOperations(project: PythonProject, upgrade: readonly ScriptOperation[], downgrade: readonly ScriptOperation[]): readonly FailingOperation[] {
  const unknown = unknownObjects(project, upgrade, downgrade)
  return [...notNullColumns(downgrade), ...(unknown.length > 0 && isComplete(project) ? unknown : [])]
}

function notNullColumns(downgrade: readonly ScriptOperation[]): readonly FailingOperation[] {
  const created = createdTables(downgrade)
  return downgrade.flatMap((operation, i): FailingOperation[] => {
    const { reader, table } = operation
    const added = table === null || created.has(table) ? null : addedColumn(reader)
    if (!added || !needsServerDefault(added, reader) || isEmptied(table!, downgrade.slice(0, i))) return []
    return [{ operation, why: 'not-null', name: `${table}.${added.name ?? '?'}` }]
  })
}

/** Whether all migrations down to the first one are known. */
function isComplete(project: PythonProject): boolean {
  const group = project.migrationGroup()
  if (!group || group.isOpaque || group.bases.length === 0) return false
  const graph = RevisionGraph.of(group)
  return graph.isKnown && group.migrations.every(({ downRevisions }) => downRevisions.every((down) => graph.isDefined(down)))
}

function unknownObjects(project: PythonProject, upgrade: readonly ScriptOperation[], downgrade: readonly ScriptOperation[]): readonly FailingOperation[] {
  const known = upgrade.flatMap(schemaChanges)
  const renamed = new Map<string, string>()
  const found: FailingOperation[] = []
  for (const operation of downgrade) {
    for (const change of schemaChanges(operation)) {
      if (change.does === 'rename' && change.kind === 'table') renamed.set(change.to, renamed.get(change.name) ?? change.name)
      if (change.does === 'drop' && isUnknown(project, change, operation, renamed) && !known.some((other) => isAbout(other, change))) {
        found.push({ operation, why: 'unknown', name: change.kind === 'column' ? `${change.table}.${change.name}` : change.name! })
      }
      known.push(change)
    }
  }
  return found
}

/** Whether another operation is about the same object, whatever it does: then the object was there. */
function isAbout(other: SchemaChange, { kind, table, name }: SchemaChange & { readonly does: 'add' | 'drop' }): boolean {
  if (other.does === 'alter') return kind === 'column' && other.table === table && other.name === name
  if (other.does === 'rename') return kind === 'column' && (other.to === name || other.name === name)
  return other.kind === kind && (other.name === name || (kind === 'constraint' && other.name === null && other.table === table))
}

function isUnknown(project: PythonProject, change: SchemaChange & { readonly does: 'drop' | 'add' }, { reader, isConditional }: ScriptOperation, renamed: ReadonlyMap<string, string>): boolean {
  const { kind, table, name } = change
  if (kind === 'table' || table === null || name === null || isConditional || reader.boolean(reader.call.keywords['if_exists']) === true) return false
  const state = project.tableAround('after', renamed.get(table) ?? table)
  if (!state || state.createdIn === null || state.isOpaque) return false
  const before = project.tableAround('before', renamed.get(table) ?? table)
  return ![state, ...(before ? [before] : [])].some((one) => mayHave(one, kind, name, reader.textOf('type_', 2)))
}

/** Whether a table has an object, as far as that is known; it may have others where the database gives a name. */
function mayHave(state: MigratedTable, kind: ObjectKind, name: string, type: string | null): boolean {
  if (kind === 'column') return [...state.columns, ...state.droppedColumns].some((column) => column.name === name)
  if (kind === 'index') return state.indexes.some((index) => index.name === name) || hasAutomaticIndex(state)
  const keys = type === 'unique' ? state.uniqueConstraints : type === 'foreignkey' ? state.foreignKeys : null
  return keys === null || keys.some((key) => key.name === name || key.name === null)
}

/** An index that `index=True` of a column may have made, under a name that a naming convention may give. */
function hasAutomaticIndex({ name, indexes, uniqueConstraints }: MigratedTable): boolean {
  const bare = name.replace('.', '_')
  return uniqueConstraints.some((key) => key.name === null) || indexes.some((index) => index.name === `ix_${bare}_${index.columns.join('_')}`)
}
