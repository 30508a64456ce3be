import { childByField, defineFact, defineIndex } from '@krait/core'
import type { Settings } from '@krait/core'
import { importsFact } from '../../facts/imports-fact.ts'
import type { FileSemantics } from '../../file-semantics.ts'
import { PythonProject } from '../../project/python-project.ts'
import * as K from '../../scopes/kind-codes.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { alembicConfigs } from '../alembic/alembic-config.ts'
import type { Value } from '../../values/value.ts'

export type Dialect = 'mssql' | 'mysql' | 'oracle' | 'postgresql' | 'sqlite'

/** The dialects of SQLAlchemy of which a file imports something. */
export const importedDialectsFact = defineFact<readonly string[], FileSemantics>({
  name: 'python/sqlalchemy-imported-dialects',
  version: 1,
  onDemand: 'project',
  collect(input) {
    if (!input.services.tree.text.includes('sqlalchemy')) return []
    const found = importsFact.collect(input).map(({ module, name }) => /^sqlalchemy\.dialects\.(\w+)/.exec(name === null ? module : `${module}.${name}`)?.[1])
    return [...new Set(found.filter((dialect) => dialect !== undefined))]
  },
})

/** What makes the engines of a file connect: their first arguments. */
export const engineUrlsFact = defineFact<readonly Value[], FileSemantics>({
  name: 'python/sqlalchemy-engine-urls',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    if (!ENGINE_CALL.test(file.tree.text)) return []
    const { tree, tables, names, values } = file
    const found: Value[] = []
    for (const index of file.nodesOf(K.CALL)) {
      const name = names.nameOf(childByField(tree, index, tables.kinds.fields.function))
      const made = name !== null && ENGINE.test(name) ? values.summarise(index) : null
      if (made?.kind === 'call') found.push(made.arguments[0] ?? made.keywords['url'] ?? { kind: 'unknown' })
    }
    return found
  },
})

const ENGINE_CALL = /\bcreate_(?:async_)?engine\s*\(/
const ENGINE = /(?:^|\.)create_(?:async_)?engine$/
const SERVERS: ReadonlySet<string> = new Set(['mssql', 'mysql', 'oracle', 'postgresql'])

/**
 * The database that the code of the project meets: a server's dialect, if its engines, its imports and `sqlalchemy.url` in `alembic.ini` show no other one; SQLite, if all engines are made from a literal of
 * it and nothing shows a server; else PostgreSQL. The only key is `project`.
 */
export const dialectIndex = defineIndex<Dialect, 'project', Dialect>({
  name: 'python/sqlalchemy-dialect',
  version: 2,
  build(reader) {
    const shown = new Set<string>()
    for (const [, dialects] of reader.facts(importedDialectsFact)) for (const dialect of dialects) shown.add(canonical(dialect))
    for (const { drivers } of alembicConfigs(reader)) for (const driver of drivers) if (SERVERS.has(canonical(driver))) shown.add(canonical(driver))
    const engines = [...reader.facts(engineUrlsFact)].flatMap(([path, urls]) => urls.map((url) => dialectOf(url, new PythonProject(reader, reader.settings(), path), path)))
    for (const dialect of engines) if (dialect !== null) shown.add(dialect)
    const servers = [...shown].filter((dialect) => SERVERS.has(dialect))
    if (servers.length > 0) return servers.length === 1 ? (servers[0] as Dialect) : 'postgresql'
    return engines.length > 0 && engines.every((dialect) => dialect === 'sqlite') ? 'sqlite' : 'postgresql'
  },
  ask: (dialect) => dialect,
})

/** What `projectDialect` needs; a rule's context has it. */
interface DialectContext {
  readonly project: PythonProject
  readonly settings: Settings
}

/** The database that the code of the project meets, by `settings.sqlalchemy.dialect` or by what the project shows. */
export function projectDialect({ project, settings }: DialectContext): Dialect {
  const dialect = (settings['sqlalchemy'] as { readonly dialect?: unknown } | undefined)?.dialect
  return dialect === undefined || dialect === 'auto' ? project.ask(dialectIndex, 'project') : (dialect as Dialect)
}

/** The dialect of a URL such as `postgresql+asyncpg://...`; `null` if it is not known. */
function dialectOf(url: Value, project: PythonProject, path: string): string | null {
  let value = project.value(url, path)
  for (let step = 0; step < MAX_STEPS && value.kind === 'name'; step++) {
    const bound = project.valueOf(value.name)
    if (!bound) return null
    value = bound
  }
  if (value.kind === 'call' && value.callee !== null && lastPart(value.callee) === 'create') value = value.arguments[0] ?? value.keywords['drivername'] ?? value
  const text = value.kind === 'format' ? value.parts[0] : value
  const match = text?.kind === 'literal' && typeof text.value === 'string' ? /^(\w+)(?:\+\w+)?(?::|$)/.exec(text.value) : null
  return match ? canonical(match[1]!) : null
}

function canonical(dialect: string): string {
  if (dialect === 'mariadb') return 'mysql'
  return dialect === 'postgres' ? 'postgresql' : dialect
}

const MAX_STEPS = 5
