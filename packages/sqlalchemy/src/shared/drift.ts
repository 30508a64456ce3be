import type { MigratedColumn, MigratedTable, MigrationGroup, Model, ModelColumn, PythonProject } from '@krait/python'
import { isTableOf, lastPart } from '@krait/python'
import { columnsOfOwnTable } from './mapped-models.ts'
import { hasOtherMetadata } from './metadata.ts'
import { columnValue, hasBindKey, holdsCall, isView } from './model-options.ts'

/** A difference between a model and what the migrations leave behind. */
export type Drift =
  | { readonly kind: 'no-table' }
  | { readonly kind: 'no-column'; readonly column: ModelColumn; readonly table: MigratedTable }
  | { readonly kind: 'left-column'; readonly column: MigratedColumn; readonly table: MigratedTable }
  | { readonly kind: 'nullability'; readonly column: ModelColumn; readonly migrated: MigratedColumn }
  | { readonly kind: 'type'; readonly column: ModelColumn; readonly migrated: MigratedColumn }
  | { readonly kind: 'length'; readonly column: ModelColumn; readonly migrated: MigratedColumn; readonly length: number }

/** Compares models with the schemas that the migrations of a project build. */
export class SchemaComparison {
  readonly #project: PythonProject
  readonly #isIgnored: (table: string) => boolean
  readonly #checksTypes: boolean
  #groups: readonly MigrationGroup[] | undefined

  constructor(project: PythonProject, isIgnored: (table: string) => boolean, checksTypes: boolean) {
    this.#project = project
    this.#isIgnored = isIgnored
    this.#checksTypes = checksTypes
  }

  driftsOf(model: Model): readonly Drift[] {
    const { table, inherits } = model
    if (table === null || inherits?.kind === 'single' || this.#isIgnored(table)) return []
    const groups = this.#ownGroups()
    if (groups.length === 0 || groups.some((group) => group.isOpaque)) return []
    if (hasBindKey(this.#project, model) || isView(this.#project, model) || groups.every((group) => hasOtherMetadata(this.#project, model, group))) return []
    const own = this.#migrated(groups, [table], model)
    if (own.length === 0) return this.#isMissing(groups, model) ? [{ kind: 'no-table' }] : []
    const all = this.#migrated(groups, model.tables, model)
    if (all.some(({ isOpaque }) => isOpaque) || model.tables.some((name) => this.#migrated(groups, [name], model).length === 0)) return []
    return [...this.#columnDrifts(model, own, all), ...this.#leftColumns(model, own)]
  }

  /** The groups that have tables of models of this project. */
  #ownGroups(): readonly MigrationGroup[] {
    return (this.#groups ??= this.#project.migrationGroups().filter(({ tables, droppedTables }) => {
      return [...tables, ...droppedTables.map(({ name }) => name)].some((name) => this.#project.modelsOfTable(name).length > 0)
    }))
  }

  #migrated(groups: readonly MigrationGroup[], tables: readonly string[], { name }: Model): readonly MigratedTable[] {
    return groups.flatMap(({ id, tables: known }) =>
      known.flatMap((table) => (isTableOf(table, { name, table: tables[0]!, tables }) ? (this.#project.migratedTable(id, table) ?? []) : [])),
    )
  }

  #isMissing(groups: readonly MigrationGroup[], model: Model): boolean {
    return groups.every(({ id, tables, droppedTables }) => {
      if (droppedTables.some(({ name }) => isTableOf(name, model))) return false
      return tables.every((table) => this.#project.migratedTable(id, table)?.createdIn !== null)
    })
  }

  #columnDrifts(model: Model, own: readonly MigratedTable[], all: readonly MigratedTable[]): readonly Drift[] {
    return columnsOfOwnTable(this.#project, model).flatMap((column): Drift[] => {
      const found = all.flatMap(({ columns, primaryKey }) =>
        columns.flatMap((migrated) => (migrated.name === column.name ? [{ migrated, isKey: primaryKey.includes(migrated.name) }] : [])),
      )
      if (found.length === 0) {
        const isDropped = all.some(({ droppedColumns }) => droppedColumns.some(({ name }) => name === column.name))
        return isDropped ? [] : [{ kind: 'no-column', column, table: own[0]! }]
      }
      const isKey = column.primaryKey || found.some((it) => it.isKey)
      const migrated = found[0]!.migrated
      return [
        ...(!isKey && found.every((it) => this.#hasOtherNullability(model, column, it.migrated)) ? [{ kind: 'nullability', column, migrated } as const] : []),
        ...(this.#checksTypes ? this.#typeDrifts(column, found.map((it) => it.migrated)) : []),
      ]
    })
  }

  #hasOtherNullability(model: Model, column: ModelColumn, { nullable }: MigratedColumn): boolean {
    if (column.nullable === null || nullable === null || column.nullable === nullable) return false
    return !holdsCall(columnValue(this.#project, model, column.owner, column.attribute, column.name), ({ callee }) => callee !== null && lastPart(callee) === 'Computed')
  }

  #typeDrifts(column: ModelColumn, migrated: readonly MigratedColumn[]): readonly Drift[] {
    const isKnown = column.family !== null && column.family !== 'other' && migrated.every(({ family }) => family !== null && family !== 'other')
    if (isKnown && migrated.every(({ family }) => family !== column.family)) return [{ kind: 'type', column, migrated: migrated[0]! }]
    const { length } = column
    if (typeof length !== 'number' || !migrated.every((it) => it.length !== null && it.length !== length)) return []
    return [{ kind: 'length', column, migrated: migrated[0]!, length }]
  }

  /** Columns that no model of the table maps. */
  #leftColumns(model: Model, own: readonly MigratedTable[]): readonly Drift[] {
    const models = [model, ...this.#project.modelsOfTable(model.table!), ...this.#singleTableChildren(model)]
    if (!models.every(({ closed, attributes }) => closed && attributes.every(({ kind }) => kind !== 'composite'))) return []
    if (this.#project.modelsOfTable(model.table!).some((other) => other.name !== model.name && other.name < model.name && !other.inherits)) return []
    const mapped = new Set(models.flatMap(({ columns, attributes }) => [...columns.map(({ name }) => name), ...attributes.map(({ attribute }) => attribute)]))
    return own.flatMap((table) => table.columns.flatMap((column): Drift[] => (mapped.has(column.name) ? [] : [{ kind: 'left-column', column, table }])))
  }

  #singleTableChildren({ name }: Model): readonly Model[] {
    return this.#project.subclasses(name).flatMap((subclass) => this.#project.model(subclass.name) ?? [])
  }
}
