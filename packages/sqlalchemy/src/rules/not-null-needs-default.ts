import type { ScriptOperation } from '@krait/python'
import { defineRule, MigrationScript } from '@krait/python'
import { addedColumn, needsServerDefault } from '../shared/added-column.ts'
import { calleeName } from '../shared/callee.ts'
import { createdTables, isEmptied } from '../shared/script-tables.ts'

export interface NotNullNeedsDefaultOptions {
  /** Also look at `alter_column(..., nullable=False)`. */
  readonly checkAlter: boolean
}

const defaultOptions: readonly [NotNullNeedsDefaultOptions] = [{ checkAlter: false }]

export const notNullNeedsDefault = defineRule({
  name: 'not-null-needs-default',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a server default for NOT NULL columns that a migration adds to a table with rows',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
      strictOptions: [{ checkAlter: true }],
    },
    messages: {
      added: 'Adding NOT NULL `{{column}}` without `server_default` fails on existing rows. Add one, or add it nullable, backfill, then set NOT NULL.',
      altered: 'Setting NOT NULL on `{{column}}` fails on existing rows that have no value, and no migration gives them one. Backfill with an `UPDATE` first.',
    },
    schema: [{ type: 'object', properties: { checkAlter: { type: 'boolean' } }, additionalProperties: false }],
  },
  defaultOptions,
  create(context, [{ checkAlter }]) {
    const script = MigrationScript.of(context)
    if (!script) return {}

    return {
      module() {
        const { upgrade } = script
        const created = createdTables(upgrade)
        const reported = new Set<ScriptOperation['call']>()
        for (const [i, operation] of upgrade.entries()) {
          const { table, call } = operation
          if (table === null || created.has(table) || reported.has(call)) continue
          const before = upgrade.slice(0, i)
          const column = failingColumn(operation, table, before)
          if (column === null || isEmptied(table, before)) continue
          reported.add(call)
          const messageId = operation.reader.name === 'add_column' ? 'added' : 'altered'
          context.report({ node: calleeName(call), messageId, data: { column: `${table}.${column}` } })
        }
      },
    }

    /** The column for which rows have no value; `null` if there is none. */
    function failingColumn({ reader }: ScriptOperation, table: string, before: readonly ScriptOperation[]): string | null {
      if (reader.name === 'add_column') {
        const added = addedColumn(reader)
        return added && needsServerDefault(added, reader) ? (added.name ?? '?') : null
      }
      if (!checkAlter || reader.name !== 'alter_column' || reader.boolean(reader.argument('nullable')) !== false) return null
      const column = reader.textOf('column_name', 1)
      return column === null || isFilled(table, column, before) ? null : column
    }

    /** Whether a migration has given the rows of a table values for a column, as far as that can be told. */
    function isFilled(table: string, column: string, before: readonly ScriptOperation[]): boolean {
      if (before.some(({ data }) => data.isOpen || data.effects.some((effect) => effect.kind === 'set' && effect.table === table && effect.column === column))) return true
      const state = context.project.tableAround('before', table)
      const known = state?.columns.find(({ name }) => name === column)
      if (known?.hasServerDefault || (state && !state.isOpaque && known && known.hasServerDefault !== false)) return true
      if (before.some((operation) => addsWithDefault(operation, table, column))) return true
      return context.project.isSetByEarlierMigration(table, column)
    }
  },
})

function addsWithDefault({ reader, table }: ScriptOperation, of: string, column: string): boolean {
  const added = table === of ? addedColumn(reader) : null
  return added?.name === column && added.call.keywords['server_default'] !== undefined
}
