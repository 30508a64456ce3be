import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { callFact } from '../../facts/call-fact.ts'
import { Projects } from '../../project/projects.ts'
import { withoutLastPart } from '../../shared/dotted-name.ts'
import { importsOneOf } from '../../shared/library-use.ts'
import { DataHistory } from './data-history.ts'
import type { MigratedTable, MigrationGroup, MigrationPlace } from './migrated-schema.ts'
import { constantIn, migrationHistories, readMigration } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import { migrationFact } from './operations-fact.ts'
import { SchemaReplay } from './replay-schema.ts'
import type { SchemaState } from './schema-state.ts'
import { TableHistory } from './table-history.ts'

interface ReplayedGroup {
  readonly group: MigrationGroup
  readonly state: SchemaState
  readonly tables: TableHistory
  readonly data: DataHistory
}

/** The histories of a project with the schemas that they build. */
class MigratedSchemas {
  readonly #reader: KeptReader
  readonly #projects: Projects
  readonly #groups = new Map<string, ReplayedGroup>()
  readonly #groupByPath = new Map<string, string>()

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#projects = new Projects(reader)
    const migrations: Migration[] = []
    for (const [path, fact] of reader.facts(migrationFact)) if (fact) migrations.push(readMigration(this.#projects.of(path), path, fact))
    for (const history of migrationHistories(migrations)) this.#addGroup(history)
  }

  get ids(): readonly string[] {
    return [...this.#groups.keys()].sort()
  }

  group(id: string): MigrationGroup | undefined {
    return this.#groups.get(id)?.group
  }

  groupOf(path: string): string | undefined {
    return this.#groupByPath.get(path)
  }

  table(id: string, name: string): MigratedTable | undefined {
    return this.#groups.get(id)?.state.table(name)
  }

  /** The group of a migration. */
  around(path: string): ReplayedGroup | undefined {
    const id = this.#groupByPath.get(path)
    return id === undefined ? undefined : this.#groups.get(id)
  }

  #addGroup(history: readonly Migration[]): void {
    const replay = new SchemaReplay()
    const { state } = replay
    const tables = new TableHistory()
    for (const migration of history) {
      replay.run(migration)
      this.#callHelpers(migration, state)
      tables.add(migration.path, state)
    }
    const folders = [...new Set(history.map(({ path }) => withoutLastSegment(path)))].sort()
    const id = folders[0]!
    const followed = new Set(history.flatMap(({ downRevisions }) => downRevisions))
    const migrations = history.map(placeOf)
    const revisionsOf = (places: readonly MigrationPlace[]): string[] => [...new Set(places.flatMap(({ revision }) => revision ?? []))].sort()
    const group: MigrationGroup = {
      id,
      folders,
      migrations,
      heads: revisionsOf(migrations.filter(({ revision }) => revision !== null && !followed.has(revision))),
      bases: revisionsOf(migrations.filter(({ downRevisions, hasUnknownDownRevisions }) => downRevisions.length === 0 && !hasUnknownDownRevisions)),
      tables: state.tables,
      droppedTables: state.droppedTables,
      isOpaque: state.unread.length > 0,
      unread: state.unread,
    }
    this.#groups.set(id, { group, state, tables, data: new DataHistory(history) })
    for (const { path } of history) this.#groupByPath.set(path, id)
  }

  /** Helpers of other modules, and `create_all`, do what no operation of the migration says. */
  #callHelpers(migration: Migration, state: SchemaState): void {
    const { project, path } = migration
    const calls = this.#reader.fact(callFact, path) ?? {}
    const waiting = ['upgrade']
    for (const key of waiting) {
      for (const { callee, method, first } of Object.hasOwn(calls, key) ? calls[key]! : []) {
        if (method === 'create_all' || callee?.endsWith('.create_all')) state.hideAll(path, 'by create_all')
        else if (callee?.startsWith(':') && !callee.includes('.')) {
          if (!waiting.includes(callee.slice(1))) waiting.push(callee.slice(1))
        } else if (callee !== undefined) this.#callHelper(migration, project.resolveName(callee, path), first, state)
      }
    }
  }

  #callHelper({ project, path }: Migration, name: string | null, first: number | string | undefined, state: SchemaState): void {
    if (name === null) return
    if (name.endsWith('.__table__.create')) {
      const table = project.valueOf(`${withoutLastPart(withoutLastPart(name))}.__tablename__`)
      hide(table?.kind === 'literal' ? String(table.value) : null)
      return
    }
    const helper = project.callable(name)
    if (!helper || !importsOneOf(project.imports(helper.path), 'alembic')) return
    hide(typeof first === 'string' ? first : null)

    function hide(table: string | null): void {
      if (table === null) state.hideAll(path, 'in a helper of another module')
      else state.hide(state.altered(table, path), path, 'in a helper of another module')
    }
  }
}

function placeOf({ path, revision, downRevisions, fact, project }: Migration): MigrationPlace {
  const down = constantIn(project, path, fact.downRevision)
  const count = Array.isArray(down) ? down.length : down === null ? 0 : 1
  const textsOf = (value: typeof fact.branchLabels): readonly string[] => {
    const constant = value && constantIn(project, path, value)
    return (Array.isArray(constant) ? constant : [constant]).filter((item) => typeof item === 'string')
  }
  return {
    path,
    revision,
    downRevisions,
    hasUnknownDownRevisions: down === undefined || downRevisions.length < count,
    branchLabels: textsOf(fact.branchLabels),
    dependsOn: textsOf(fact.dependsOn),
  }
}

function withoutLastSegment(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The schemas themselves. Only the indexes below look into it: its answer is no JSON. */
export const migratedSchemasIndex = defineIndex<MigratedSchemas, 'schemas', MigratedSchemas>({
  name: 'python/alembic-schemas',
  version: 1,
  build: (reader) => new MigratedSchemas(reader),
  ask: (schemas) => schemas,
})

/** The ids of all groups of migrations, sorted; the only key is `all`. */
export const migrationGroupsIndex = defineIndex<MigratedSchemas, 'all', readonly string[]>({
  name: 'python/alembic-groups',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask: (schemas) => schemas.ids,
})

/** One group of migrations, by its id. */
export const migrationGroupIndex = defineIndex<MigratedSchemas, string, MigrationGroup | undefined>({
  name: 'python/alembic-group',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask: (schemas, id) => schemas.group(id),
})

/** The id of the group of a migration, by its file. */
export const migrationGroupOfIndex = defineIndex<MigratedSchemas, string, string | undefined>({
  name: 'python/alembic-group-of-file',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask: (schemas, path) => schemas.groupOf(path),
})

/** A table as the migrations of a group leave it, by `migratedTableKey`. */
export const migratedTableIndex = defineIndex<MigratedSchemas, string, MigratedTable | undefined>({
  name: 'python/alembic-migrated-tables',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask(schemas, key) {
    const [group, name] = key.split(SEPARATOR)
    return schemas.table(group!, name!)
  },
})

export function migratedTableKey(group: string, table: string): string {
  return group + SEPARATOR + table
}

/** A table before or after one migration, by `historyKey(moment, path, table)`. */
export const tableHistoryIndex = defineIndex<MigratedSchemas, string, MigratedTable | undefined>({
  name: 'python/alembic-table-history',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask(schemas, key) {
    const [moment, path, table] = key.split(SEPARATOR)
    return schemas.around(path!)?.tables.table(path!, moment as 'before' | 'after', table!)
  },
})

/** What other migrations do with rows, by `historyKey(question, path, table, column)`; see `DataHistory`. */
export const dataHistoryIndex = defineIndex<MigratedSchemas, string, string | boolean | undefined>({
  name: 'python/alembic-data-history',
  version: 1,
  build: (reader) => reader.ask(migratedSchemasIndex, 'schemas'),
  ask(schemas, key) {
    const [question, path, table, column] = key.split(SEPARATOR)
    const data = schemas.around(path!)?.data
    return question === 'set-before' ? data?.isSetBefore(path!, table!, column!) : data?.readLater(path!, table!, column === '' ? null : column!)
  },
})

/** @param parts no part holds a line break */
export function historyKey(...parts: readonly string[]): string {
  return parts.join(SEPARATOR)
}

const SEPARATOR = '\n'
