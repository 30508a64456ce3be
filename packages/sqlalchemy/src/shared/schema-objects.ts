import type { OperationReader, ScriptOperation } from '@krait/python'
import { addedColumn } from './added-column.ts'

export type ObjectKind = 'table' | 'column' | 'index' | 'constraint'

/** What an operation does to the schema, by names that are known. */
export type SchemaChange =
  | { readonly does: 'add' | 'drop'; readonly kind: ObjectKind; readonly table: string | null; readonly name: string | null; readonly columns: readonly string[] }
  | { readonly does: 'rename'; readonly kind: 'table' | 'column'; readonly table: string; readonly name: string; readonly to: string }
  | {
      readonly does: 'alter'
      readonly table: string
      readonly name: string
      /** The name that the same operation gives the column. */
      readonly to: string | null
      readonly keywords: readonly string[]
    }

/** The keywords of `alter_column` that must be taken back. */
const ALTERATIONS = ['nullable', 'type_', 'server_default'] as const

const CONSTRAINTS: ReadonlySet<string> = new Set(['create_unique_constraint', 'create_check_constraint', 'create_primary_key', 'create_foreign_key', 'create_exclude_constraint'])

/** What an operation does to the schema; none for one whose names are not known. SQL text is read as far as it is plain. */
export function schemaChanges(operation: ScriptOperation): readonly SchemaChange[] {
  const { reader, table } = operation
  if (reader.name === 'execute') return changesInSql(operation)
  switch (reader.name) {
    case 'create_table':
      return table === null ? [] : [{ does: 'add', kind: 'table', table, name: table, columns: [] }]
    case 'drop_table':
      return table === null ? [] : [{ does: 'drop', kind: 'table', table, name: table, columns: [] }]
    case 'rename_table': {
      const to = reader.withSchema(reader.argument('new_table_name', 1, false), reader.call.keywords['schema'])
      return table === null || to === null ? [] : [{ does: 'rename', kind: 'table', table, name: table, to }]
    }
    case 'add_column': {
      const name = addedColumn(reader)?.name ?? null
      return table === null || name === null ? [] : [{ does: 'add', kind: 'column', table, name, columns: [name] }]
    }
    case 'drop_column': {
      const name = reader.textOf('column_name', 1)
      return table === null || name === null ? [] : [{ does: 'drop', kind: 'column', table, name, columns: [name] }]
    }
    case 'create_index':
      return named({ does: 'add', kind: 'index', table, name: reader.nameOf('index_name'), columns: reader.texts(reader.argument('columns', 2)) ?? [] })
    case 'drop_index':
      return named({ does: 'drop', kind: 'index', table: reader.table(1, 'table_name'), name: reader.nameOf('index_name'), columns: [] })
    case 'drop_constraint':
      return table === null || !hasConstraintName(reader) ? [] : [{ does: 'drop', kind: 'constraint', table, name: reader.nameOf('constraint_name'), columns: [] }]
    case 'alter_column':
      return table === null ? [] : alterations(reader, table)
    default:
      return CONSTRAINTS.has(reader.name) && table !== null ? constraint(reader, table) : []
  }
}

function named(change: SchemaChange & { readonly does: 'add' | 'drop' }): readonly SchemaChange[] {
  return change.name === null ? [] : [change]
}

/** A constraint may leave its name to the database: then `name` is `null`. */
function constraint(reader: OperationReader, table: string): readonly SchemaChange[] {
  if (!hasConstraintName(reader)) return []
  const name = reader.nameOf('constraint_name')
  const columns = reader.texts(reader.name === 'create_foreign_key' ? reader.argument('local_cols', 3) : reader.argument('columns', 2)) ?? []
  return [{ does: 'add', kind: 'constraint', table, name, columns }]
}

/** Whether the name is known, or known to be `None`. */
function hasConstraintName(reader: OperationReader): boolean {
  const given = reader.call.keywords['constraint_name'] ?? reader.call.arguments[0]
  return reader.nameOf('constraint_name') !== null || (given?.kind === 'literal' && given.type === 'none')
}

function alterations(reader: OperationReader, table: string): readonly SchemaChange[] {
  const name = reader.textOf('column_name', 1)
  if (name === null) return []
  const to = reader.textOf('new_column_name')
  const keywords = ALTERATIONS.filter((keyword) => reader.call.keywords[keyword])
  return [
    ...(to !== null && to !== name ? [{ does: 'rename', kind: 'column', table, name, to } as const] : []),
    ...(keywords.length > 0 ? [{ does: 'alter', table, name, to, keywords } as const] : []),
  ]
}

function changesInSql({ statements }: ScriptOperation): readonly SchemaChange[] {
  return statements.flatMap((statement): SchemaChange[] => {
    switch (statement.kind) {
      case 'create-table':
      case 'drop-table':
        return [{ does: statement.kind === 'create-table' ? 'add' : 'drop', kind: 'table', table: statement.table, name: statement.table, columns: [] }]
      case 'add-column':
        return [{ does: 'add', kind: 'column', table: statement.table, name: statement.column.name, columns: [] }]
      case 'drop-column':
        return [{ does: 'drop', kind: 'column', table: statement.table, name: statement.column, columns: [] }]
      case 'rename-table':
        return [{ does: 'rename', kind: 'table', table: statement.table, name: statement.table, to: statement.to }]
      case 'rename-column':
        return [{ does: 'rename', kind: 'column', table: statement.table, name: statement.column, to: statement.to }]
      default:
        return []
    }
  })
}
