import type { ScriptOperation } from '@krait/python'

/** The tables that operations create, also under the names that they get later. */
export function createdTables(operations: readonly ScriptOperation[]): ReadonlySet<string> {
  const created = new Set<string>()
  for (const { reader, table, statements } of operations) {
    if (reader.name === 'create_table' && table !== null) created.add(table)
    else if (reader.name === 'rename_table' && table !== null && created.has(table)) {
      const to = reader.withSchema(reader.argument('new_table_name', 1, false), reader.call.keywords['schema'])
      if (to !== null) created.add(to)
    }
    for (const statement of statements) {
      if (statement.kind === 'create-table') created.add(statement.table)
      else if (statement.kind === 'rename-table' && created.has(statement.table)) created.add(statement.to)
    }
  }
  return created
}

/** Whether one of these operations takes all rows out of a table. */
export function isEmptied(table: string, operations: readonly ScriptOperation[]): boolean {
  return operations.some(
    ({ isConditional, data }) => !isConditional && data.effects.some((effect) => effect.kind === 'lose' && effect.table === table && effect.column === null),
  )
}
