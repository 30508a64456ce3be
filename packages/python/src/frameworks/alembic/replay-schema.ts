import type { Value } from '../../values/value.ts'
import { sqlTextsIn } from './executed-sql.ts'
import type { Migration } from './migration-order.ts'
import { OperationReader, roundsOf } from './operation-reader.ts'
import { ItemPlace, addItems, readType } from './read-items.ts'
import { SchemaState } from './schema-state.ts'
import type { ColumnChange, TableState } from './schema-state.ts'
import type { SqlColumn } from './sql-columns.ts'
import { schemaStatementsIn } from './sql-schema.ts'
import type { SchemaStatement, SqlKey } from './sql-schema.ts'

/** Runs migrations one after the other on the tables that they build. */
export class SchemaReplay {
  readonly state = new SchemaState()

  run(migration: Migration): void {
    for (const operation of migration.fact.upgrade) {
      const { rounds, isKnown } = roundsOf(operation, migration)
      for (const round of rounds) this.#apply(new OperationReader(round, migration), migration, operation.conditional === true || !isKnown)
    }
  }

  /** @param isGuarded the operation is not done in any case: the table may be one way or the other */
  #apply(operation: OperationReader, migration: Migration, isGuarded: boolean): void {
    if (operation.name === 'execute') return this.#execute(operation, migration, isGuarded)
    if (operation.name === 'drop_index') return this.#dropIndex(operation, migration, isGuarded)
    const name = tableOfOperation(operation)
    if (name === undefined) return
    if (name === null) this.state.hideAll(migration.path, 'on a computed table')
    else if (isGuarded) this.#guarded(operation, name, migration)
    else this.#change(operation, name, migration)
  }

  /** What is perhaps done: what is added is there, what is taken away stays, and the table is opaque. */
  #guarded(operation: OperationReader, name: string, migration: Migration): void {
    const isTakenAway = operation.name.startsWith('drop_') || operation.name === 'rename_table'
    if (!isTakenAway) this.#change(operation, name, migration)
    this.state.hide(this.state.altered(name, migration.path), migration.path, 'under a condition')
  }

  #change(operation: OperationReader, name: string, { project, path }: Migration): void {
    const { state } = this
    switch (operation.name) {
      case 'create_table': {
        const table = state.create(name, path)
        if (operation.call.open) state.hide(table, path, 'with computed arguments')
        return addItems(new ItemPlace(state, table, operation, project, path), operation.call.arguments.slice(1))
      }
      case 'drop_table':
        return state.drop(name, path)
      case 'rename_table': {
        const to = operation.withSchema(operation.argument('new_table_name', 1, false), operation.call.keywords['schema'])
        if (to === null) state.hideAll(path, 'on a computed table')
        else state.rename(name, to, path)
        return
      }
    }
    const table = state.altered(name, path)
    switch (operation.name) {
      case 'add_column':
        return addItems(new ItemPlace(state, table, operation, project, path), operation.items(1, 'column'))
      case 'drop_column': {
        const column = operation.textOf('column_name', 1)
        if (column === null) state.hide(table, path, 'on a computed column')
        else state.dropColumn(table, column, path)
        return
      }
      case 'alter_column':
        return this.#alterColumn(operation, table, project, path)
      case 'create_index':
        return this.#createIndex(operation, table)
      case 'drop_constraint': {
        const constraint = operation.nameOf('constraint_name')
        if (constraint !== null) state.dropConstraint(table, constraint)
        return
      }
    }
    this.#createKey(operation, table)
  }

  #alterColumn(operation: OperationReader, table: TableState, project: Migration['project'], path: string): void {
    const column = operation.textOf('column_name', 1)
    const { keywords } = operation.call
    const change: ColumnChange = {
      ...(keywords['nullable'] && { nullable: operation.boolean(keywords['nullable']) }),
      ...(keywords['type_'] && readType(project, keywords['type_'])),
      ...(keywords['server_default'] && { hasServerDefault: hasDefault(keywords['server_default']) }),
      ...(keywords['new_column_name'] && { name: operation.text(keywords['new_column_name']) ?? '' }),
    }
    if (column === null || change.name === '') this.state.hide(table, path, 'on a computed column')
    else if (operation.call.open) this.state.hide(table, path, 'with computed arguments')
    else if (!this.state.changeColumn(table, column, change)) this.state.hide(table, path, 'on a column that no migration adds')
  }

  #createIndex(operation: OperationReader, table: TableState): void {
    const given = operation.argument('columns', 2)
    const items = given && operation.follow(given)
    if (items?.kind !== 'list' && items?.kind !== 'tuple') return
    const texts = items.items.map((item) => operation.text(item))
    const columns = texts.filter((text) => text !== null)
    table.indexes.push({
      name: operation.nameOf('index_name'),
      columns,
      unique: operation.boolean(operation.call.keywords['unique']) === true,
      isPartial: Object.keys(operation.call.keywords).some((keyword) => keyword.endsWith('_where')),
      isFunctional: columns.length < texts.length,
    })
  }

  #dropIndex(operation: OperationReader, { path }: Migration, isGuarded: boolean): void {
    const index = operation.nameOf('index_name')
    if (index !== null && !isGuarded) this.state.dropIndex(operation.table(1, 'table_name'), index, path)
  }

  #createKey(operation: OperationReader, table: TableState): void {
    const name = operation.nameOf('constraint_name')
    if (operation.name === 'create_foreign_key') {
      const columns = operation.texts(operation.argument('local_cols', 3))
      const remote = operation.texts(operation.argument('remote_cols', 4))
      const given = operation.argument('referent_table', 2) ?? operation.argument('referent')
      const referent = operation.withSchema(given, operation.call.keywords['referent_schema'])
      if (!columns || !remote) return
      const onDelete = operation.textOf('ondelete')
      table.foreignKeys.push({ name, columns, targets: remote.map((column) => (referent === null ? null : `${referent}.${column}`)), onDelete })
      return
    }
    const columns = operation.texts(operation.argument('columns', 2))
    if (!columns) return
    if (operation.name === 'create_unique_constraint') table.uniqueConstraints.push({ name, columns })
    else if (operation.name === 'create_primary_key') {
      table.primaryKey = [...columns]
      table.primaryKeyName = name
    }
  }

  #execute(operation: OperationReader, migration: Migration, isGuarded: boolean): void {
    const [given] = operation.call.arguments
    const texts = given ? sqlTextsIn(operation.follow(given), migration) : []
    // Which one of several texts it is only shows when the migration runs.
    const isCertain = !isGuarded && texts.length === 1
    for (const statement of texts.flatMap((sql) => (sql === null ? [] : schemaStatementsIn(sql)))) {
      if (isCertain) this.#executeStatement(statement, migration.path)
      else if ('table' in statement && statement.table !== null) this.state.hide(this.state.altered(statement.table, migration.path), migration.path, 'under a condition')
      else if (statement.kind === 'opaque') this.state.hideAll(migration.path, 'in SQL that is not understood')
    }
  }

  #executeStatement(statement: SchemaStatement, path: string): void {
    const { state } = this
    switch (statement.kind) {
      case 'opaque':
        if (statement.table === null) state.hideAll(path, 'in SQL that is not understood')
        else state.hide(state.altered(statement.table, path), path, 'in SQL that is not understood')
        return
      case 'create-table': {
        const table = state.create(statement.table, path)
        if (statement.isOpaque) state.hide(table, path, 'in SQL that is not understood')
        for (const column of statement.columns) this.#addSqlColumn(table, column, path)
        for (const key of statement.keys) addKey(table, key)
        return
      }
      case 'drop-table':
        return state.drop(statement.table, path)
      case 'rename-table':
        return state.rename(statement.table, statement.to, path)
      case 'drop-index':
        return state.dropIndex(null, statement.name, path)
    }
    const table = state.altered(statement.table, path)
    switch (statement.kind) {
      case 'add-column':
        return this.#addSqlColumn(table, statement.column, path)
      case 'drop-column':
        return state.dropColumn(table, statement.column, path)
      case 'rename-column':
        if (!state.changeColumn(table, statement.column, { name: statement.to })) state.hide(table, path, 'on a column that no migration adds')
        return
      case 'change-column':
        if (!state.changeColumn(table, statement.column, statement.change)) state.hide(table, path, 'on a column that no migration adds')
        return
      case 'add-key':
        return addKey(table, statement.key)
      case 'drop-constraint':
        return state.dropConstraint(table, statement.name)
      case 'create-index':
        table.indexes.push(statement.index)
    }
  }

  #addSqlColumn(table: TableState, { isPrimaryKey, isUnique, references, ...column }: SqlColumn, path: string): void {
    this.state.addColumn(table, { ...column, addedIn: path })
    if (isPrimaryKey) table.primaryKey.push(column.name)
    if (isUnique) table.uniqueConstraints.push({ name: null, columns: [column.name] })
    if (references) table.foreignKeys.push({ name: null, columns: [column.name], targets: [references.target], onDelete: references.onDelete })
  }
}

/** The operations that are about a table, with where they name it outside of a batch. */
const TABLE_PLACES: Readonly<Record<string, { readonly position: number; readonly parameters: readonly string[] }>> = {
  create_table: { position: 0, parameters: ['table_name'] },
  drop_table: { position: 0, parameters: ['table_name'] },
  rename_table: { position: 0, parameters: ['old_table_name'] },
  add_column: { position: 0, parameters: ['table_name'] },
  drop_column: { position: 0, parameters: ['table_name'] },
  alter_column: { position: 0, parameters: ['table_name'] },
  create_index: { position: 1, parameters: ['table_name'] },
  create_unique_constraint: { position: 1, parameters: ['table_name', 'source'] },
  create_primary_key: { position: 1, parameters: ['table_name', 'source'] },
  create_foreign_key: { position: 1, parameters: ['source_table', 'source'] },
  drop_constraint: { position: 1, parameters: ['table_name'] },
}

/** The table that an operation is about; `null` if it is not known, `undefined` if it is about none. */
export function tableOfOperation(operation: OperationReader): string | null | undefined {
  const place = Object.hasOwn(TABLE_PLACES, operation.name) ? TABLE_PLACES[operation.name] : undefined
  return place && operation.table(place.position, ...place.parameters)
}

function addKey(table: TableState, key: SqlKey): void {
  if (key.kind === 'foreign') table.foreignKeys.push(key.constraint)
  else if (key.kind === 'unique') table.uniqueConstraints.push(key.constraint)
  else {
    table.primaryKey = [...key.constraint.columns]
    table.primaryKeyName = key.constraint.name
  }
}

/** `server_default=None` takes the default away; what leaves it alone is not given. */
function hasDefault(value: Value): boolean | null {
  if (value.kind === 'literal') return value.type !== 'none' && value.value !== false
  return value.kind === 'call' || value.kind === 'name' || value.kind === 'format' ? true : null
}
