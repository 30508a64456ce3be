import type { DataEffect, MigrationScript, PythonServices, ScriptOperation, TypeFamily } from '@krait/python'
import { isTableOf } from '@krait/python'
import { addedColumns, familyOfAdded } from './added-column.ts'
import { createdTables, isEmptied } from './script-tables.ts'
import { hasUnreadCalls } from './unread-calls.ts'

/** A column or table whose values a migration takes away. */
export interface LostData {
  readonly operation: ScriptOperation
  /** `users.phone`, or `users`. */
  readonly source: string
  /** What reads it afterwards, in this migration or in another one; or the column that takes its place without its values. */
  readonly because:
    | { readonly kind: 'read'; readonly by: ScriptOperation }
    | { readonly kind: 'read-later'; readonly path: string }
    | { readonly kind: 'replaced'; readonly by: string }
}

interface Step {
  readonly operation: ScriptOperation
  readonly effect: DataEffect
}

interface NewColumn {
  readonly table: string
  readonly name: string
  readonly family: TypeFamily | null
  readonly isInNewTable: boolean
}

/** A column name that so many other tables have, too, says nothing. */
const MANY_TABLES = 3

/** Finds what the `upgrade()` of a migration takes away before it is copied. */
export class LostColumns {
  readonly #services: PythonServices
  readonly #script: MigrationScript
  readonly #steps: readonly Step[]
  readonly #created: ReadonlySet<string>
  #added: readonly NewColumn[] | undefined
  #doesMore: boolean | undefined

  constructor(services: PythonServices, script: MigrationScript) {
    this.#services = services
    this.#script = script
    this.#steps = script.upgrade.flatMap((operation) => operation.data.effects.map((effect) => ({ operation, effect })))
    this.#created = createdTables(script.upgrade)
  }

  find(): readonly LostData[] {
    return this.#steps.flatMap((step, i) => {
      const { operation, effect } = step
      if (effect.kind !== 'lose' || operation.isConditional || this.#created.has(effect.table)) return []
      const because = this.#readBehind(i) ?? this.#readLater(effect) ?? this.#replaced(step)
      return because ? [{ operation, source: effect.column === null ? effect.table : `${effect.table}.${effect.column}`, because }] : []
    })
  }

  #readBehind(i: number): LostData['because'] | null {
    const lost = this.#steps[i]!.effect
    for (const { operation, effect } of this.#steps.slice(i + 1)) {
      if (effect.table !== lost.table) continue
      const isSame = effect.column === lost.column || effect.column === null || lost.column === null
      if (isSame && (effect.kind === 'make' || effect.kind === 'set')) return null
      if (effect.kind === 'read' && effect.column === lost.column) return { kind: 'read', by: operation }
    }
    return null
  }

  #readLater({ table, column, by }: DataEffect): LostData['because'] | null {
    const isMadeAgain = this.#steps.some(({ effect }) => effect.kind === 'make' && effect.table === table && (effect.column === null || effect.column === column))
    const path = by !== 'drop' || isMadeAgain ? null : this.#services.project.readByLaterMigration(table, column)
    return path === null ? null : { kind: 'read-later', path }
  }

  #replaced({ operation, effect: { table, column, by } }: Step): LostData['because'] | null {
    if (by !== 'drop' || column === null) return null
    const added = this.#addedColumns()
    if (added.length === 0) return null
    const family = this.#familyOf(table, column)
    const replacement = added.find((candidate) => this.#replaces(candidate, table, column, family, operation))
    if (!replacement || isEmptied(table, this.#before(operation)) || this.#mayRead(column, operation)) return null
    return { kind: 'replaced', by: `${replacement.table}.${replacement.name}` }
  }

  #addedColumns(): readonly NewColumn[] {
    return (this.#added ??= this.#script.upgrade.flatMap((operation) => newColumns(operation, this.#script)))
  }

  #replaces(candidate: NewColumn, table: string, column: string, family: TypeFamily | null, drop: ScriptOperation): boolean {
    if (candidate.table !== table) {
      if (candidate.name !== column || (family !== null && candidate.family !== null && candidate.family !== family)) return false
      return !candidate.isInNewTable || column.endsWith('_id') || !this.#isCommon(column, [table, candidate.table])
    }
    if (candidate.name === column) return false
    if (isRelated(candidate.name, column)) return family === null || candidate.family === family
    if (family === null || candidate.family !== family) return false
    const dropped = this.#steps.filter(({ effect }) => effect.kind === 'lose' && effect.by === 'drop' && effect.column !== null && effect.table === table)
    const isOnlyPair = dropped.length === 1 && this.#addedColumns().filter((other) => other.table === table).length === 1
    return isOnlyPair && !this.#before(drop).some(({ data }) => data.effects.some((effect) => effect.kind === 'set' && effect.table === table && effect.column === candidate.name))
  }

  /** Whether many other tables have a column of the name. */
  #isCommon(column: string, except: readonly string[]): boolean {
    const { project } = this.#services
    const group = project.migrationGroup()
    const others = (group?.tables ?? []).filter((name) => !except.includes(name))
    return others.filter((name) => project.migratedTable(group!.id, name)?.columns.some((other) => other.name === column)).length >= MANY_TABLES
  }

  /** The family of a column's type, by the migrations before, by the model, or by what `downgrade()` adds again. */
  #familyOf(table: string, column: string): TypeFamily | null {
    const before = this.#services.project.tableAround('before', table)?.columns.find(({ name }) => name === column)
    const family = before?.family ?? this.#familyInModel(table, column)
    if (family) return family
    const again = this.#script.downgrade.flatMap((operation) => newColumns(operation, this.#script))
    return again.find((other) => other.table === table && other.name === column)?.family ?? null
  }

  #familyInModel(table: string, column: string): TypeFamily | null {
    const model = this.#services.project.models().find((candidate) => isTableOf(table, candidate))
    return model?.columns.find(({ name }) => name === column)?.family ?? null
  }

  #before(operation: ScriptOperation): readonly ScriptOperation[] {
    return this.#script.upgrade.slice(0, this.#script.upgrade.indexOf(operation))
  }

  /** Whether the values of a column may be used before the operation. */
  #mayRead(column: string, operation: ScriptOperation): boolean {
    const before = this.#before(operation)
    if (before.some(({ data }) => data.isOpen || data.names.includes(column))) return true
    return (this.#doesMore ??= hasUnreadCalls(this.#services, 'upgrade', this.#script.upgrade))
  }
}

/** The columns that an operation adds to a table or creates with it. */
function newColumns({ reader, table, statements }: ScriptOperation, { migration }: MigrationScript): readonly NewColumn[] {
  const written = table === null ? [] : addedColumns(reader)
  return [
    ...written.flatMap((column): NewColumn[] =>
      column.name === null
        ? []
        : [{ table: table!, name: column.name, family: familyOfAdded(column, migration.project), isInNewTable: reader.name === 'create_table' }],
    ),
    ...statements.flatMap((statement): NewColumn[] => {
      if (statement.kind === 'add-column') return [{ table: statement.table, name: statement.column.name, family: statement.column.family, isInNewTable: false }]
      return statement.kind === 'create-table' ? statement.columns.map(({ name, family }) => ({ table: statement.table, name, family, isInNewTable: true })) : []
    }),
  ]
}

/** Whether one name contains the other, or they have a longer word in common. */
function isRelated(name: string, other: string): boolean {
  if (name.includes(other) || other.includes(name)) return true
  const words = new Set(name.toLowerCase().split('_'))
  return other.toLowerCase().split('_').some((word) => word.length >= 4 && words.has(word))
}
