import type { PythonServices } from '../services.ts'

const OTHERS: ReadonlySet<string> = new Set(['mssql', 'mysql', 'oracle', 'sqlite'])

/** What `isWrittenForPostgres` needs; a rule's context has it. */
interface DialectContext extends Pick<PythonServices, 'project'> {
  readonly path: string
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Whether a file is written for PostgreSQL, as far as it tells by itself: `settings.sqlalchemy.dialect` says so or is left to `auto`, and then the
 * file does not import other dialects of SQLAlchemy alone.
 */
export function isWrittenForPostgres({ path, project, settings }: DialectContext): boolean {
  const dialect = (settings['sqlalchemy'] as { readonly dialect?: unknown } | undefined)?.dialect ?? 'auto'
  if (dialect !== 'auto') return dialect === 'postgresql'
  const imported = new Set(project.imports(path).map(({ module, name }) => dialectIn(`${module}.${name ?? ''}`)))
  return imported.has('postgresql') || ![...imported].some((name) => name !== undefined && OTHERS.has(name))
}

function dialectIn(imported: string): string | undefined {
  return /^sqlalchemy\.dialects\.(\w+)/.exec(imported)?.[1]
}
