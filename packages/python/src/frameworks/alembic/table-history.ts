import type { MigratedTable } from './migrated-schema.ts'
import type { SchemaState } from './schema-state.ts'

/** The tables of a group as they were between its migrations. */
export class TableHistory {
  readonly #positions = new Map<string, number>()
  readonly #versions = new Map<string, { readonly position: number; readonly table: MigratedTable | undefined }[]>()

  /** Notes what the migration that has just run has left behind. */
  add(path: string, state: SchemaState): void {
    const position = this.#positions.size
    this.#positions.set(path, position)
    for (const name of state.touched) {
      const versions = this.#versions.get(name) ?? []
      versions.push({ position, table: copyOf(state.table(name)) })
      this.#versions.set(name, versions)
    }
    state.touched.clear()
  }

  /** A table before or after a migration; `undefined` if there was none, or if the migration is not known. */
  table(path: string, moment: 'before' | 'after', name: string): MigratedTable | undefined {
    const position = this.#positions.get(path)
    if (position === undefined) return undefined
    const limit = moment === 'before' ? position - 1 : position
    return this.#versions.get(name)?.findLast((version) => version.position <= limit)?.table
  }
}

/** The lists of a state grow while migrations run. */
function copyOf(table: MigratedTable | undefined): MigratedTable | undefined {
  if (!table) return undefined
  const { primaryKey, uniqueConstraints, indexes, foreignKeys } = table
  return { ...table, primaryKey: [...primaryKey], uniqueConstraints: [...uniqueConstraints], indexes: [...indexes], foreignKeys: [...foreignKeys] }
}
