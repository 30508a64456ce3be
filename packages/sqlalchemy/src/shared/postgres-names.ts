/** The longest name of PostgreSQL: NAMEDATALEN - 1. */
const MAX_LENGTH = 63

/**
 * The name that PostgreSQL gives to a constraint without one: `orders_user_id_fkey`, `seats_row_number_key`. Since version 12 it has all columns of a
 * foreign key. Long names are shortened as `makeObjectName` does it: the longer one of table and columns loses its end.
 * https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/commands/indexcmds.c
 * @returns `null` for a long name with letters outside ASCII, which PostgreSQL cuts by bytes
 */
export function defaultConstraintName(table: string, columns: readonly string[], label: 'fkey' | 'key'): string | null {
  const joined = columns.join('_')
  const available = MAX_LENGTH - label.length - 2
  const excess = table.length + joined.length - available
  if (excess > 0 && !/^[ -~]*$/.test(table + joined)) return null
  let [tableLength, columnsLength] = [table.length, joined.length]
  for (let i = 0; i < excess; i++) {
    if (tableLength > columnsLength) tableLength--
    else columnsLength--
  }
  return `${table.slice(0, tableLength)}_${joined.slice(0, columnsLength)}_${label}`
}
