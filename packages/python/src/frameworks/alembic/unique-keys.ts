import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { PythonProject } from '../../project/python-project.ts'
import { migrationFact } from './operations-fact.ts'
import { migrationHistories, readMigration } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import { KeyReplay } from './replay-keys.ts'
import type { MigratedKey } from './replay-keys.ts'

/** The unique keys that exist when all migrations of the project have run, by the name of their table. */
export function uniqueKeysOfMigrations(reader: ProjectReader): ReadonlyMap<string, readonly MigratedKey[]> {
  const migrations: Migration[] = []
  for (const [path, fact] of reader.facts(migrationFact)) {
    if (fact) migrations.push(readMigration(new PythonProject(reader, reader.settings(), path), path, fact))
  }
  const found = new Map<string, MigratedKey[]>()
  for (const history of migrationHistories(migrations)) {
    const replay = new KeyReplay()
    for (const migration of history) replay.run(migration)
    for (const [table, keys] of replay.keys) found.set(table, [...(found.get(table) ?? []), ...keys])
  }
  return found
}

/** The keys themselves. Only the two indexes below look into it: its answer is no JSON. */
export const migrationBuilderIndex = defineIndex<ReadonlyMap<string, readonly MigratedKey[]>, 'keys', ReadonlyMap<string, readonly MigratedKey[]>>({
  name: 'python/alembic-unique-key-builder',
  version: 1,
  build: uniqueKeysOfMigrations,
  ask: (keys) => keys,
})

/** The unique keys of one table. */
export const migrationKeysIndex = defineIndex<ReadonlyMap<string, readonly MigratedKey[]>, string, readonly MigratedKey[]>({
  name: 'python/alembic-unique-keys',
  version: 1,
  build: (reader) => reader.ask(migrationBuilderIndex, 'keys'),
  ask: (keys, table) => keys.get(table) ?? [],
})

/** The tables that have unique keys in migrations, sorted; the only key is `all`. */
export const migrationTablesIndex = defineIndex<ReadonlyMap<string, readonly MigratedKey[]>, 'all', readonly string[]>({
  name: 'python/alembic-tables-with-keys',
  version: 1,
  build: (reader) => reader.ask(migrationBuilderIndex, 'keys'),
  ask: (keys) => [...keys.keys()].sort(),
})
