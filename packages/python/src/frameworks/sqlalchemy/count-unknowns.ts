import type { PythonProject } from '../../project/python-project.ts'
import { migrationFact } from '../alembic/operations-fact.ts'

/** How much of something is not known, and why. */
export interface UnknownCount {
  /** What is not known, such as `table names of models`. */
  readonly what: string
  readonly unknown: number
  readonly total: number
  /** How many are not known for which reason, the most frequent first. One can have several reasons, or none that is told. */
  readonly reasons: readonly (readonly [reason: string, count: number])[]
}

/** Counts what can not be known of the models, Core tables and migrations of a project. Kinds of things that it has none of are left out. */
export function countUnknowns(project: PythonProject): readonly UnknownCount[] {
  return [...ofModels(project), ...ofMigrations(project)].filter(({ total }) => total > 0)
}

function ofModels(project: PythonProject): readonly UnknownCount[] {
  const models = project.models().filter(({ path }) => !project.fact(migrationFact, path))
  const columns = models.flatMap((model) => model.columns)
  const relationships = models.flatMap((model) => model.relationships)
  const targets = models.flatMap(({ foreignKeys }) => foreignKeys.flatMap((key) => key.targets))
  return [
    counted('attributes of models and tables', models, ({ openings }) => openings),
    counted('table names', models, ({ table }) => reasonIf(table === null, 'a name that is computed')),
    counted('unique keys of models and tables', models, ({ hasUnknownKeys, openings }) => (hasUnknownKeys ? (openings.length > 0 ? openings : ['table arguments that are computed']) : [])),
    counted('types of columns', columns, ({ type, family }) => reasonIf(family === null, type === null ? 'a type that is computed' : `the type ${type}`)),
    counted('nullability of columns', columns, ({ nullable }) => reasonIf(nullable === null, 'a value that is computed')),
    counted('targets of foreign keys', targets, (target) => reasonIf(target === null, 'a target that is computed')),
    counted('targets of relationships', relationships, ({ target }) => reasonIf(target === null, 'a name that is no model, or several')),
    counted('directions of relationships', relationships, ({ direction, viewonly }) => reasonIf(direction === null && !viewonly, 'foreign keys that do not tell')),
  ]
}

function ofMigrations(project: PythonProject): readonly UnknownCount[] {
  const groups = project.migrationGroups()
  const tables = groups.flatMap((group) => group.tables.flatMap((name) => project.migratedTable(group.id, name) ?? []))
  return [
    counted('histories of migrations', groups, ({ unread }) => [...new Set(unread.map(({ reason }) => `something done ${reason}`))]),
    counted('tables that migrations leave', tables, ({ isOpaque, unread }) => reasonIf(isOpaque, unread ? `something done ${unread.reason}` : 'its columns')),
  ]
}

function reasonIf(isUnknown: boolean, reason: string): readonly string[] {
  return isUnknown ? [reason] : []
}

/** @param reasonsOf why an item is not known; empty for one that is */
function counted<Item>(what: string, items: readonly Item[], reasonsOf: (item: Item) => readonly string[]): UnknownCount {
  const counts = new Map<string, number>()
  let unknown = 0
  for (const item of items) {
    const reasons = reasonsOf(item)
    if (reasons.length > 0) unknown++
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return { what, unknown, total: items.length, reasons: [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)) }
}
