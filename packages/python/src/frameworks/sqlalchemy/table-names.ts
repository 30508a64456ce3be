import { lastPart } from '../../shared/dotted-name.ts'

/** As Flask-SQLAlchemy does: `HTTPLog` is `http_log`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase()
}

interface Tables {
  readonly name: string
  readonly table: string | null
  readonly tables: readonly string[]
}

/**
 * Whether a table's name as a foreign key or a migration writes it is one of a model's tables. Where one side names a schema and the other does
 * not, the tables' own names count. A name that the model computes is taken for one of the usual ones.
 */
export function isTableOf(table: string, { name, table: own, tables }: Tables): boolean {
  if (tables.some((known) => known === table || (known.includes('.') !== table.includes('.') && lastPart(known) === lastPart(table)))) return true
  return own === null && usualTableNames(name).includes(lastPart(table))
}

/** The names that the table of a class usually has if nothing says it. */
export function usualTableNames(className: string): readonly string[] {
  return [snakeCase(lastPart(className)), lastPart(className).toLowerCase()]
}
