import { isCallOf } from '../../values/value.ts'
import { dataUseOfStatement } from './core-data.ts'
import type { DataEffect, DataUse } from './data-effect.ts'
import { sqlIn } from './executed-sql.ts'
import type { Migration } from './migration-order.ts'
import type { OperationReader } from './operation-reader.ts'
import { tableOfOperation } from './replay-schema.ts'
import { dataUseOfSql } from './sql-data.ts'
import { readSchemaStatement } from './sql-schema.ts'
import type { SchemaStatement } from './sql-schema.ts'
import { sqlStatements } from './sql-tokens.ts'

const NOTHING: DataUse = { effects: [], names: [], isOpen: false }

/** What an operation of a migration does with the rows of tables. */
export function dataUseOf(operation: OperationReader, migration: Migration): DataUse {
  if (operation.name === 'execute') return ofExecute(operation, migration)
  if (operation.name === 'bulk_insert') return ofBulkInsert(operation, migration)
  const table = tableOfOperation(operation)
  if (table === undefined) return NOTHING
  return table === null ? { ...NOTHING, isOpen: true } : { ...NOTHING, effects: ofTable(operation, table) }
}

function ofTable(operation: OperationReader, table: string): readonly DataEffect[] {
  switch (operation.name) {
    case 'create_table':
      return [{ kind: 'make', table, column: null }]
    case 'drop_table':
      return [{ kind: 'lose', table, column: null, by: 'drop' }]
    case 'rename_table': {
      const to = operation.withSchema(operation.argument('new_table_name', 1, false), operation.call.keywords['schema'])
      return [{ kind: 'make', table, column: null }, ...(to === null ? [] : [{ kind: 'make', table: to, column: null } as const])]
    }
    case 'add_column':
      return operation.items(1, 'column').flatMap((item): DataEffect[] => {
        const column = operation.follow(item)
        const name = isCallOf(column, 'sqlalchemy.Column') && column.arguments[0] ? operation.text(column.arguments[0]) : null
        return name === null ? [] : [{ kind: 'make', table, column: name }]
      })
    case 'drop_column': {
      const column = operation.textOf('column_name', 1)
      return column === null ? [] : [{ kind: 'lose', table, column, by: 'drop' }]
    }
    case 'alter_column': {
      const renamed = operation.textOf('new_column_name')
      const column = operation.textOf('column_name', 1)
      return [renamed, renamed === null ? null : column].flatMap((name): DataEffect[] => (name === null ? [] : [{ kind: 'make', table, column: name }]))
    }
    default:
      return []
  }
}

function ofBulkInsert(operation: OperationReader, { project }: Migration): DataUse {
  const [table] = operation.call.arguments
  if (!table) return { ...NOTHING, isOpen: true }
  const insert = { kind: 'call', callee: 'sqlalchemy.insert', function: null, arguments: [table], keywords: {}, open: false } as const
  return { ...dataUseOfStatement(insert, project), isOpen: false }
}

function ofExecute(operation: OperationReader, migration: Migration): DataUse {
  const [given] = operation.call.arguments
  if (!given) return { ...NOTHING, isOpen: true }
  const value = operation.follow(given)
  const sql = sqlIn(value, migration)
  if (sql === null) return dataUseOfStatement(value, migration.project)
  const uses = sqlStatements(sql).map((tokens) => {
    const use = dataUseOfSql(tokens)
    return { ...use, effects: [...readSchemaStatement(tokens).flatMap(ofSchema), ...use.effects] }
  })
  return { effects: uses.flatMap(({ effects }) => effects), names: uses.flatMap(({ names }) => names), isOpen: uses.some(({ isOpen }) => isOpen) }
}

function ofSchema(statement: SchemaStatement): readonly DataEffect[] {
  switch (statement.kind) {
    case 'create-table':
      return [{ kind: 'make', table: statement.table, column: null }]
    case 'drop-table':
      return [{ kind: 'lose', table: statement.table, column: null, by: 'drop' }]
    case 'rename-table':
      return [statement.table, statement.to].map((table) => ({ kind: 'make', table, column: null }))
    case 'add-column':
      return [{ kind: 'make', table: statement.table, column: statement.column.name }]
    case 'drop-column':
      return [{ kind: 'lose', table: statement.table, column: statement.column, by: 'drop' }]
    case 'rename-column':
      return [statement.column, statement.to].map((column) => ({ kind: 'make', table: statement.table, column }))
    default:
      return []
  }
}
