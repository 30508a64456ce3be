import type { PythonNode, ScriptOperation } from '@krait/python'
import { defineRule, lastPart, MigrationScript, optionPattern, stringParts } from '@krait/python'
import type { Value } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { schemaChanges } from '../shared/schema-objects.ts'
import { createdTables } from '../shared/script-tables.ts'
import { isWidening, migratedShape, typeShape } from '../shared/type-widening.ts'

export interface ExpandContractMigrationOptions {
  /** What says that the order of the deployment is taken care of. */
  readonly note: string
}

const defaultOptions: readonly [ExpandContractMigrationOptions] = [{ note: '(?i)deploy(ment)?[- ]order|expand|contract|two[- ]phase|maintenance window' }]

/** What running code knows by another name or type than it has after the migration. */
type Break = { readonly kind: 'rename'; readonly from: string; readonly to: string } | { readonly kind: 'type'; readonly column: string; readonly from: string; readonly to: string }

export const expandContractMigration = defineRule({
  name: 'expand-contract-migration',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow renames and incompatible type changes in one step',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      rename:
        'Renaming `{{from}}` to `{{to}}` breaks code that is still running. Add the new column, write both, backfill, and drop the old one in a later release (or note the deployment order).',
      type: 'Changing `{{column}}` from `{{from}}` to `{{to}}` breaks code that is still running. Add a new column, write both, backfill, and drop the old one in a later release (or note the deployment order).',
    },
    schema: [{ type: 'object', properties: { note: { type: 'string' } }, additionalProperties: false }],
  },
  defaultOptions,
  create(context, [{ note }]) {
    const script = MigrationScript.of(context)
    if (!script) return {}
    const pattern = optionPattern(note)

    return {
      module(module) {
        const created = createdTables(script.upgrade)
        const added = new Set(
          script.upgrade.flatMap(schemaChanges).flatMap((change) => (change.does === 'add' && change.kind === 'column' ? [`${change.table}.${change.name}`] : [])),
        )
        const reported = new Set<PythonNode>()
        let noted: boolean | undefined
        for (const operation of script.upgrade) {
          const found = breakOf(operation, created)
          // No running code knows a column that is added here.
          if (!found || reported.has(operation.call) || added.has(found.kind === 'rename' ? found.from : found.column)) continue
          noted ??= isNoted(module)
          if (noted) return
          reported.add(operation.call)
          const { kind, ...data } = found
          context.report({ node: calleeName(operation.call), messageId: kind, data })
        }
      },
    }

    function breakOf(operation: ScriptOperation, created: ReadonlySet<string>): Break | null {
      const { reader, table, statements } = operation
      for (const statement of statements) {
        if (statement.kind === 'rename-table' && !created.has(statement.table)) return { kind: 'rename', from: statement.table, to: statement.to }
        if (statement.kind === 'rename-column' && !created.has(statement.table) && statement.column !== statement.to) {
          return { kind: 'rename', from: `${statement.table}.${statement.column}`, to: statement.to }
        }
      }
      if (table === null || created.has(table)) return null
      if (reader.name === 'rename_table') {
        const to = reader.textOf('new_table_name', 1, false)
        return to === null || to === lastPart(table) ? null : { kind: 'rename', from: table, to }
      }
      return reader.name === 'alter_column' ? alterationOf(operation, table) : null
    }

    function alterationOf({ reader }: ScriptOperation, table: string): Break | null {
      const column = reader.textOf('column_name', 1)
      if (column === null) return null
      const name = reader.textOf('new_column_name')
      if (name !== null && name !== column) return { kind: 'rename', from: `${table}.${column}`, to: name }
      const type = reader.argument('type_')
      const to = type && typeShape(type, reader)
      if (!type || !to) return null
      const existing = reader.argument('existing_type')
      const migrated = existing ? undefined : context.project.tableAround('before', table)?.columns.find((other) => other.name === column)
      const from = existing ? typeShape(existing, reader) : migrated ? migratedShape(migrated) : null
      if (!from || isWidening(from, to) !== false) return null
      return { kind: 'type', column: `${table}.${column}`, from: existing ? written(existing) : lastPart(migrated!.type!), to: written(type) }
    }

    /** Whether a docstring or comment of the file says how it is deployed. */
    function isNoted(module: PythonNode): boolean {
      if (context.sourceCode.comments.some(({ text }) => pattern.test(text))) return true
      return [...module.descendants('expression_statement')].some((statement) => {
        const inner = statement.namedChildren[0]
        const isText = inner?.kind === 'string' || inner?.kind === 'concatenated_string'
        return isText && pattern.test((stringParts(inner) ?? []).map((part) => part ?? '').join(''))
      })
    }
  },
})

/** A type as people write it: `String(80)`. */
function written(type: Value): string {
  if (type.kind === 'name') return lastPart(type.name)
  if (type.kind !== 'call' || type.callee === null) return 'another type'
  const given = [...type.arguments, ...Object.values(type.keywords)].flatMap((value) => (value.kind === 'literal' && typeof value.value === 'number' ? [value.value] : []))
  const zone = type.keywords['timezone']
  return `${lastPart(type.callee)}(${zone?.kind === 'literal' ? `timezone=${zone.value === true ? 'True' : 'False'}` : given.join(', ')})`
}
