import { lastPart } from '../../shared/dotted-name.ts'
import { argumentOf, isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { constantIn } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import { isFinalName } from './operation-reader.ts'
import type { MigrationOperation } from './operations-fact.ts'
import { replaceParameters } from './replace-parameters.ts'
import { keyStatementsIn } from './sql-keys.ts'

/** A unique key of a table, by the columns' names in the database. */
export interface MigratedKey {
  readonly columns: readonly string[]
  readonly isPartial: boolean
  readonly isFunctional: boolean
  readonly nullsNotDistinct: boolean
}

interface NamedKey extends MigratedKey {
  /** `null` if the operation leaves it to the database or to a naming convention. */
  readonly name: string | null
}

const PLAIN: Omit<NamedKey, 'columns'> = { name: null, isPartial: false, isFunctional: false, nullsNotDistinct: false }

/** A loop in a migration with more rounds than these is not unrolled. */
const MAX_ROUNDS = 100

/** Runs migrations one after the other, as far as unique keys go. */
export class KeyReplay {
  readonly #tables = new Map<string, NamedKey[]>()

  /** The keys by table, without those tables that have none. */
  get keys(): ReadonlyMap<string, readonly MigratedKey[]> {
    const withKeys = [...this.#tables].filter(([, keys]) => keys.length > 0)
    return new Map(withKeys.map(([table, keys]) => [table, keys.map(({ name: _, ...key }): MigratedKey => key)]))
  }

  run(migration: Migration): void {
    for (const operation of migration.fact.upgrade) {
      for (const round of roundsOf(operation, migration)) this.#apply(new OperationReader(round, migration), operation.conditional === true)
    }
  }

  #apply(operation: OperationReader, isConditional: boolean): void {
    switch (operation.name) {
      case 'create_table':
        return this.#add(operation.table('table_name', 0), operation.keysOfItems(1))
      case 'add_column':
        return this.#add(operation.table('table_name', 0), operation.keysOfItems(operation.isBatch ? 0 : 1))
      case 'create_unique_constraint':
        return this.#add(operation.table('table_name', 1), operation.constraint('columns', operation.isBatch ? 1 : 2))
      case 'create_primary_key':
        return this.#add(operation.table('table_name', 1), operation.constraint('columns', operation.isBatch ? 1 : 2))
      case 'create_index':
        return this.#add(operation.table('table_name', 1), operation.index(operation.isBatch ? 1 : 2))
      case 'execute':
        return this.#execute(operation.sql())
    }
    // What is taken away under some condition may still be there.
    if (isConditional) return
    switch (operation.name) {
      case 'drop_constraint':
        return this.#drop(operation.table('table_name', 1), operation.keyName('constraint_name'))
      case 'drop_index':
        return this.#drop(operation.table('table_name', 1), operation.keyName('index_name'))
      case 'drop_table':
        return this.#dropTable(operation.table('table_name', 0))
      case 'rename_table':
        return this.#renameTable(operation.string('old_table_name', 0), operation.string('new_table_name', 1))
      case 'drop_column':
        return this.#dropColumn(operation.table('table_name', 0), operation.string('column_name', operation.isBatch ? 0 : 1))
      case 'alter_column':
        return this.#renameColumn(operation)
    }
  }

  #add(table: string | null, keys: readonly NamedKey[]): void {
    if (table === null || keys.length === 0) return
    this.#tables.set(table, [...(this.#tables.get(table) ?? []), ...keys])
  }

  #execute(sql: string | null): void {
    for (const statement of sql === null ? [] : keyStatementsIn(sql)) {
      if (statement.kind === 'create') this.#add(statement.table, [statement.key])
      else if (statement.kind === 'drop') this.#drop(statement.table, statement.name)
      else this.#dropTable(statement.table)
    }
  }

  #drop(table: string | null, name: string | null): void {
    if (name === null) return
    for (const [owner, keys] of this.#tables) {
      if (table !== null && owner !== table) continue
      this.#tables.set(owner, keys.filter((key) => (key.name ?? defaultName(owner, key)) !== lastPart(name)))
    }
  }

  #dropTable(table: string | null): void {
    if (table !== null) this.#tables.delete(table)
  }

  #renameTable(from: string | null, to: string | null): void {
    const keys = from === null ? undefined : this.#tables.get(from)
    if (!keys || to === null) return
    this.#tables.delete(from!)
    this.#tables.set(to, keys)
  }

  #dropColumn(table: string | null, column: string | null): void {
    const keys = table === null || column === null ? undefined : this.#tables.get(table)
    if (keys) this.#tables.set(table!, keys.filter(({ columns }) => !columns.includes(column!)))
  }

  #renameColumn(operation: OperationReader): void {
    const table = operation.table('table_name', 0)
    const from = operation.string('column_name', operation.isBatch ? 0 : 1)
    const to = operation.string('new_column_name')
    const keys = table === null || from === null || to === null ? undefined : this.#tables.get(table)
    if (keys) this.#tables.set(table!, keys.map((key) => ({ ...key, columns: key.columns.map((column) => (column === from ? to! : column)) })))
  }
}

/** As PostgreSQL names a unique constraint that is given no name. */
function defaultName(table: string, { columns }: NamedKey): string {
  return `${lastPart(table)}_${columns.join('_')}_key`
}

/** The operation once for each round of the loops around it, as far as these go over known items. */
function roundsOf(operation: MigrationOperation, { project, path }: Migration): readonly MigrationOperation[] {
  let rounds: readonly MigrationOperation[] = [operation]
  for (const { names, over } of operation.loops ?? []) {
    rounds = rounds.flatMap((round) => {
      const absolute = project.value(over, path)
      const items = absolute.kind === 'name' ? project.valueOf(absolute.name) : absolute
      if ((items?.kind !== 'tuple' && items?.kind !== 'list') || items.open || items.items.length > MAX_ROUNDS) return [round]
      return items.items.map((item) => withVariables(round, variablesOf(names, item)))
    })
    if (rounds.length > MAX_ROUNDS) return [operation]
  }
  return rounds
}

function variablesOf(names: readonly string[], item: Value): ReadonlyMap<string, Value> {
  if (names.length === 1) return new Map([[names[0]!, item]])
  if (item.kind !== 'tuple' && item.kind !== 'list') return new Map()
  return new Map(names.flatMap((name, i) => (item.items[i] ? [[name, item.items[i]] as const] : [])))
}

function withVariables(operation: MigrationOperation, variables: ReadonlyMap<string, Value>): MigrationOperation {
  const replaced = (call: CallValue): CallValue => replaceParameters(call, variables) as CallValue
  return { ...operation, call: replaced(operation.call), ...(operation.batch && { batch: replaced(operation.batch) }) }
}

/** The arguments of one operation. */
class OperationReader {
  readonly name: string
  readonly isBatch: boolean
  readonly #call: CallValue
  readonly #batch: CallValue | undefined
  readonly #migration: Migration

  constructor({ name, call, batch }: MigrationOperation, migration: Migration) {
    this.name = name
    this.isBatch = batch !== undefined
    this.#call = call
    this.#batch = batch
    this.#migration = migration
  }

  /** The table that the operation is about, with its schema. @param position of the parameter where the operation belongs to no batch */
  table(parameter: string, position: number): string | null {
    const call = this.#batch ?? this.#call
    const value = this.#batch ? argumentOf(this.#batch, 'table_name', 0) : argumentOf(this.#call, parameter, position)
    const name = value && this.#stringOf(value)
    const schema = call.keywords['schema'] ? this.#stringOf(call.keywords['schema']) : null
    return name === null ? null : schema === null ? name : `${schema}.${name}`
  }

  string(parameter: string, position?: number): string | null {
    const value = argumentOf(this.#call, parameter, position)
    return value && this.#stringOf(value)
  }

  keyName(parameter: string): string | null {
    const value = argumentOf(this.#call, parameter, 0)
    return value && this.#nameIn(value)
  }

  /** The text of `op.execute(...)`, also in `sa.text(...)`. */
  sql(): string | null {
    const [value] = this.#call.arguments
    const absolute = value && this.#absolute(value)
    const text = isCallOf(absolute, 'sqlalchemy.text', 'sqlalchemy.DDL') ? absolute.arguments[0] : absolute
    return text ? this.#stringOf(text) : null
  }

  constraint(parameter: string, position: number): readonly NamedKey[] {
    const columns = this.#columnsOf(argumentOf(this.#call, parameter, position))
    if (columns === null) return []
    return [{ ...PLAIN, name: this.keyName('constraint_name'), columns, nullsNotDistinct: this.#takesNullsAsEqual() }]
  }

  index(position: number): readonly NamedKey[] {
    if (!this.#isTrue(this.#call.keywords['unique'])) return []
    const given = argumentOf(this.#call, 'columns', position)
    const absolute = given && this.#absolute(given)
    if (absolute?.kind !== 'list' && absolute?.kind !== 'tuple') return []
    const isPartial = Object.keys(this.#call.keywords).some((keyword) => keyword.endsWith('_where'))
    const plain = absolute.items.map((item) => this.#stringOf(item))
    const columns = plain.flatMap((column, i) => (column === null ? columnsInExpression(absolute.items[i]!) : [column]))
    if (columns.length === 0) return []
    const name = this.keyName('index_name')
    return [{ name, columns, isPartial, isFunctional: plain.includes(null), nullsNotDistinct: this.#takesNullsAsEqual() }]
  }

  /** The keys among the columns and constraints of `create_table` and `add_column`. */
  keysOfItems(from: number): readonly NamedKey[] {
    const keys: NamedKey[] = []
    const primary: string[] = []
    for (const argument of this.#call.arguments.slice(from)) {
      const item = this.#absolute(argument)
      if (isCallOf(item, 'sqlalchemy.Column')) {
        const column = item.arguments[0] ? this.#stringOf(item.arguments[0]) : null
        if (column === null) continue
        if (this.#isTrue(item.keywords['unique'])) keys.push({ ...PLAIN, columns: [column] })
        if (this.#isTrue(item.keywords['primary_key'])) primary.push(column)
      } else if (isCallOf(item, 'sqlalchemy.UniqueConstraint', 'sqlalchemy.PrimaryKeyConstraint')) {
        const columns = item.arguments.map((column) => this.#stringOf(column)).filter((column) => column !== null)
        if (columns.length === item.arguments.length && columns.length > 0) {
          keys.push({ ...PLAIN, name: item.keywords['name'] ? this.#nameIn(item.keywords['name']) : null, columns })
        }
      }
    }
    return primary.length > 0 ? [{ ...PLAIN, columns: primary }, ...keys] : keys
  }

  #columnsOf(value: Value | null): readonly string[] | null {
    const columns = value && constantIn(this.#migration.project, this.#migration.path, value)
    return Array.isArray(columns) && columns.every((column) => typeof column === 'string') ? columns : null
  }

  /** `"uq_users_email"`, or `op.f("uq_users_email")`. */
  #nameIn(value: Value): string | null {
    return this.#stringOf(isFinalName(value) && value.arguments[0] ? value.arguments[0] : value)
  }

  #stringOf(value: Value): string | null {
    const text = constantIn(this.#migration.project, this.#migration.path, value)
    return typeof text === 'string' ? text : null
  }

  #isTrue(value: Value | undefined): boolean {
    return value !== undefined && constantIn(this.#migration.project, this.#migration.path, value) === true
  }

  #takesNullsAsEqual(): boolean {
    return this.#isTrue(this.#call.keywords['postgresql_nulls_not_distinct'])
  }

  #absolute(value: Value): Value {
    const absolute = this.#migration.project.value(value, this.#migration.path)
    return absolute.kind === 'name' ? (this.#migration.project.valueOf(absolute.name) ?? absolute) : absolute
  }
}

/** The words of `sa.text("lower(email)")` that can be columns, and the columns in `func.lower(sa.column("email"))`. */
function columnsInExpression(value: Value): readonly string[] {
  const words: string[] = []
  const stack = [value]
  for (let steps = 0; stack.length > 0 && steps < MAX_ROUNDS; steps++) {
    const part = stack.pop()!
    if (part.kind === 'literal' && typeof part.value === 'string') words.push(...(part.value.match(/\b[a-z_]\w*\b(?!\s*\()/gi) ?? []))
    else if (part.kind === 'call') stack.push(...part.arguments, ...(part.function?.kind === 'attribute' ? [part.function.object] : []))
  }
  return words
}
