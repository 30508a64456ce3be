import type { DroppedTable, MigratedColumn, MigratedConstraint, MigratedForeignKey, MigratedIndex, MigratedTable, UnreadOperation, UnreadReason } from './migrated-schema.ts'

/** A table while migrations run. */
export interface TableState {
  name: string
  createdIn: string | null
  columns: MigratedColumn[]
  primaryKey: string[]
  primaryKeyName: string | null
  uniqueConstraints: MigratedConstraint[]
  indexes: MigratedIndex[]
  foreignKeys: MigratedForeignKey[]
  readonly droppedColumns: Map<string, string>
  isOpaque: boolean
  unread?: UnreadOperation
}

/** A change of one column; what is left out stays. */
export type ColumnChange = Partial<Omit<MigratedColumn, 'addedIn'>>

/** The tables of a database between two migrations. Names are compared as they are written. */
export class SchemaState {
  readonly #tables = new Map<string, TableState>()
  readonly #dropped = new Map<string, string>()
  /** The tables to which something was done since the set was last emptied. */
  readonly touched = new Set<string>()
  /** What is done to tables that are not known. */
  readonly unread: UnreadOperation[] = []

  get tables(): readonly string[] {
    return [...this.#tables.keys()].sort()
  }

  get droppedTables(): readonly DroppedTable[] {
    return [...this.#dropped].map(([name, path]) => ({ name, path })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  table(name: string): MigratedTable | undefined {
    const state = this.#tables.get(name)
    if (!state) return undefined
    const { primaryKeyName: _, droppedColumns, ...table } = state
    return { ...table, droppedColumns: [...droppedColumns].map(([column, path]) => ({ name: column, path })) }
  }

  create(name: string, path: string): TableState {
    const state: TableState = {
      name,
      createdIn: path,
      columns: [],
      primaryKey: [],
      primaryKeyName: null,
      uniqueConstraints: [],
      indexes: [],
      foreignKeys: [],
      droppedColumns: new Map(),
      isOpaque: false,
    }
    this.#tables.set(name, state)
    this.#dropped.delete(name)
    this.touched.add(name)
    return state
  }

  /** A table that something is done to; one that no migration creates has columns that nobody knows. */
  altered(name: string, path: string): TableState {
    const known = this.#tables.get(name)
    this.touched.add(name)
    if (known) return known
    const state = this.create(name, '')
    state.createdIn = null
    this.hide(state, path, 'on a table that no migration creates')
    return state
  }

  /** From here on nothing certain can be said of a table. */
  hide(table: TableState, path: string, reason: UnreadReason): void {
    table.isOpaque = true
    table.unread ??= { path, reason }
  }

  /** From here on nothing certain can be said of any table. */
  hideAll(path: string, reason: UnreadReason): void {
    if (!this.unread.some((other) => other.path === path && other.reason === reason)) this.unread.push({ path, reason })
  }

  has(name: string): boolean {
    return this.#tables.has(name)
  }

  drop(name: string, path: string): void {
    this.#tables.delete(name)
    this.touched.add(name)
    this.#dropped.set(name, path)
  }

  rename(from: string, to: string, path: string): void {
    const state = this.altered(from, path)
    this.#tables.delete(from)
    this.#dropped.delete(to)
    state.name = to
    this.#tables.set(to, state)
    this.touched.add(to)
    this.#retarget((target) => (target.startsWith(`${from}.`) ? to + target.slice(from.length) : target))
  }

  addColumn(table: TableState, column: MigratedColumn): void {
    table.columns = [...table.columns.filter(({ name }) => name !== column.name), column]
    table.droppedColumns.delete(column.name)
  }

  /** What is over a column goes with it. */
  dropColumn(table: TableState, column: string, path: string): void {
    const isOver = ({ columns }: MigratedConstraint): boolean => columns.includes(column)
    table.columns = table.columns.filter(({ name }) => name !== column)
    table.droppedColumns.set(column, path)
    table.primaryKey = table.primaryKey.filter((name) => name !== column)
    table.uniqueConstraints = table.uniqueConstraints.filter((key) => !isOver(key))
    table.indexes = table.indexes.filter((index) => !isOver(index))
    table.foreignKeys = table.foreignKeys.filter((key) => !isOver(key))
  }

  /** @returns whether the table is known to have the column */
  changeColumn(table: TableState, column: string, change: ColumnChange): boolean {
    if (change.name !== undefined) table.droppedColumns.delete(change.name)
    const found = table.columns.find(({ name }) => name === column)
    if (!found) return false
    table.columns = table.columns.map((other) => (other === found ? { ...other, ...change } : other))
    if (change.name !== undefined && change.name !== column) this.#renameColumn(table, column, change.name)
    return true
  }

  #renameColumn(table: TableState, from: string, to: string): void {
    const renamed = (columns: readonly string[]): string[] => columns.map((name) => (name === from ? to : name))
    table.primaryKey = renamed(table.primaryKey)
    table.uniqueConstraints = table.uniqueConstraints.map((key) => ({ ...key, columns: renamed(key.columns) }))
    table.indexes = table.indexes.map((index) => ({ ...index, columns: renamed(index.columns) }))
    table.foreignKeys = table.foreignKeys.map((key) => ({ ...key, columns: renamed(key.columns) }))
    this.#retarget((target) => (target === `${table.name}.${from}` ? `${table.name}.${to}` : target))
  }

  #retarget(rename: (target: string) => string): void {
    for (const table of this.#tables.values()) {
      table.foreignKeys = table.foreignKeys.map((key) => ({ ...key, targets: key.targets.map((target) => target && rename(target)) }))
    }
  }

  /** Drops a constraint by its name, or by the name that PostgreSQL gives to one without. */
  dropConstraint(table: TableState, name: string): void {
    const bare = table.name.slice(table.name.lastIndexOf('.') + 1)
    const named = (kind: string) => (key: MigratedConstraint): boolean => (key.name ?? [bare, ...key.columns, kind].join('_')) === name
    if ((table.primaryKeyName ?? `${bare}_pkey`) === name) table.primaryKey = []
    table.uniqueConstraints = table.uniqueConstraints.filter((key) => !named('key')(key))
    table.foreignKeys = table.foreignKeys.filter((key) => !named('fkey')(key))
  }

  /** @param table `null` where the statement does not say it */
  dropIndex(table: string | null, name: string, path: string): void {
    for (const state of table === null ? this.#tables.values() : [this.altered(table, path)]) {
      if (!state.indexes.some((index) => index.name === name)) continue
      state.indexes = state.indexes.filter((index) => index.name !== name)
      this.touched.add(state.name)
    }
  }
}
