import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { moduleFact } from '../../facts/module-fact.ts'
import type { ClassFact, MemberFact } from '../../facts/module-fact-types.ts'
import { Projects } from '../../project/projects.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { migrationFact } from '../alembic/operations-fact.ts'
import { modelClassKind } from './model-classes.ts'
import { modelIndex, modelListIndex } from './model-index.ts'

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
  for (const [path, { members, imports }] of reader.facts(moduleFact)) {
    isOpen ||= imports.some(({ module, name }) => module === 'sqlalchemy.ext.automap' || (module === 'sqlalchemy.ext' && name === 'automap'))
    const project = projects.of(path)
    const prefix = project.moduleName(path)
    for (const [name, fact] of Object.entries(members)) {
      if (isReflected(fact)) isOpen = true
      else if (fact.kind === 'class' && isUnknownModel(project, prefix === '' ? name : `${prefix}.${name}`, fact)) isOpen = true
    }
  }
  return { names: [...names].sort(), isOpen }
}

/** `Table("users", metadata, autoload_with=engine)` */
function isReflected(fact: MemberFact): boolean {
  if (fact.kind !== 'variable' || fact.value?.kind !== 'call' || !fact.value.callee?.endsWith('Table')) return false
  return 'autoload' in fact.value.keywords || 'autoload_with' in fact.value.keywords
}

/** A class with a table of its own that derives from something unknown. */
function isUnknownModel(project: PythonProject, name: string, fact: ClassFact): boolean {
  if (!Object.hasOwn(fact.members, '__tablename__') || modelClassKind(project, name) !== null) return false
  return fact.bases.length > 0 && !project.ancestors(name).complete
}

/** All tables of the project; the only key is `all`. */
export const knownTablesIndex = defineIndex<KnownTables, 'all', KnownTables>({
  name: 'python/sqlalchemy-known-tables',
  version: 1,
  build: collectTables,
  ask: (tables) => tables,
})
