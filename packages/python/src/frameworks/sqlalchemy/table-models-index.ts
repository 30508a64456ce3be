import { defineIndex } from '@krait/core'
import { lastPart } from '../../shared/dotted-name.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
import { modelIndex, modelListIndex } from './model-index.ts'
import { isTableOf, usualTableNames } from './table-names.ts'
import type { Model } from './model.ts'

/** The models and Core tables by the last parts of their tables' names. */
interface TableModels {
  readonly byTable: ReadonlyMap<string, readonly string[]>
  readonly model: (id: string) => Model | undefined
}

/**
 * The ids of the models and Core tables that have columns in a table, by its name; see `isTableOf`. Copies of models that stand in migrations are
 * left out.
 */
export const tableModelsIndex = defineIndex<TableModels, string, readonly string[]>({
  name: 'python/sqlalchemy-table-models',
  version: 1,
  build(reader) {
    const byTable = new Map<string, string[]>()
    const model = (id: string): Model | undefined => reader.ask(modelIndex, id)
    for (const id of reader.ask(modelListIndex, 'all')) {
      const found = model(id)
      if (!found || reader.fact(migrationFact, found.path)) continue
      const names = found.table === null ? [...found.tables, ...usualTableNames(found.name)] : found.tables
      for (const name of new Set(names.map(lastPart))) byTable.set(name, [...(byTable.get(name) ?? []), id])
    }
    return { byTable, model }
  },
  ask: ({ byTable, model }, table) => (byTable.get(lastPart(table)) ?? []).filter((id) => isTableOf(table, model(id)!)),
})
