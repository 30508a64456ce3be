import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { importsFact } from '../../facts/imports-fact.ts'
import { Projects } from '../../project/projects.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
import { modelClassKind } from './model-classes.ts'
import { modelIndex, modelListIndex } from './model-index.ts'
import { tablesFact } from './tables-fact.ts'

/** The tables of a project, as far as its classes and Core tables tell. */
export interface KnownTables {
  /** By name, with the schema in front if it is given; sorted. */
  readonly names: readonly string[]
  /** There may be others: a name is computed, tables are read from the database, or a class may be mapped that derives from something unknown. */
  readonly isOpen: boolean
}

function collectTables(reader: KeptReader): KnownTables {
  const names = new Set<string>()
  let isOpen = false
  for (const id of reader.ask(modelListIndex, 'all')) {
    const model = reader.ask(modelIndex, id)
    if (!model || reader.fact(migrationFact, model.path)) continue
    if (model.table === null) isOpen = true
    for (const table of model.tables) names.add(table)
  }
  const projects = new Projects(reader)
  for (const [, imports] of reader.facts(importsFact)) {
    isOpen ||= imports.some(({ module, name }) => module === 'sqlalchemy.ext.automap' || (module === 'sqlalchemy.ext' && name === 'automap'))
  }
  for (const [path, { named, reflects }] of reader.facts(tablesFact)) {
    isOpen ||= reflects === true || named.some((name) => isUnknownModel(projects.of(path), projects.of(path).nameInModule(name, path)))
  }
  return { names: [...names].sort(), isOpen }
}

/** A class with a table of its own that derives from something unknown. */
function isUnknownModel(project: PythonProject, name: string): boolean {
  return modelClassKind(project, name) === null && !project.ancestors(name).complete
}

/** All tables of the project; the only key is `all`. */
export const knownTablesIndex = defineIndex<KnownTables, 'all', KnownTables>({
  name: 'python/sqlalchemy-known-tables',
  version: 1,
  build: collectTables,
  ask: (tables) => tables,
})
