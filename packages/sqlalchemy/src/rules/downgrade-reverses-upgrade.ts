import type { FunctionDefinitionNode, PythonNode, ScriptOperation } from '@krait/python'
import { defineRule, isDocstring, lastPart, MigrationScript } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { failingOperations } from '../shared/downgrade-replay.ts'
import { emptinessOf, topLevelFunction } from '../shared/empty-function.ts'
import { missingInverses } from '../shared/missing-inverses.ts'
import type { NetChange } from '../shared/net-changes.ts'
import type { SchemaChange } from '../shared/schema-objects.ts'
import { hasUnreadCalls } from '../shared/unread-calls.ts'

export const downgradeReversesUpgrade = defineRule({
  name: 'downgrade-reverses-upgrade',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a downgrade that undoes each operation of the upgrade, and can run',
      preset: 'strict',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      missing: '`upgrade` {{does}} `{{object}}`, but `downgrade` does not {{undo}} it.',
      notNull: '`downgrade` adds NOT NULL `{{name}}` without `server_default`; it fails on existing rows.',
      unknown: '`downgrade` drops `{{name}}`, which no migration created.',
      addInverse: 'Add `{{inverse}}` to `downgrade`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const script = MigrationScript.of(context)
    if (!script) return {}

    return {
      module() {
        const upgrade = topLevelFunction(context, 'upgrade')
        const downgrade = topLevelFunction(context, 'downgrade')
        if (!upgrade || !downgrade || emptinessOf(context, downgrade) !== null) return
        for (const { operation, why, name } of failingOperations(context.project, script.upgrade, script.downgrade)) {
          context.report({ node: calleeName(operation.call), messageId: why === 'not-null' ? 'notNull' : 'unknown', data: { name } })
        }
        if (script.downgrade.some(isUnread) || hasUnreadCalls(context, 'downgrade', script.downgrade)) return
        const isOwn = ({ call }: ScriptOperation): boolean => upgrade.contains(call)
        const reported = new Set<PythonNode>()
        for (const missing of missingInverses(context.project, script.upgrade, script.downgrade, isOwn)) {
          if (reported.has(missing.operation.call)) continue
          reported.add(missing.operation.call)
          reportMissing(missing, downgrade)
        }
      },
    }

    function reportMissing({ operation, change }: NetChange, downgrade: FunctionDefinitionNode): void {
      const inverse = inverseOf(change, operation)
      const [first] = downgrade.body.namedChildren.filter((statement) => statement.kind !== 'comment' && !isDocstring(statement))
      context.report({
        node: calleeName(operation.call),
        messageId: 'missing',
        data: { ...wordsFor(change), object: objectOf(change) },
        suggest: [
          inverse !== null && first && {
            messageId: 'addInverse',
            data: { inverse },
            fix: (fixer) => fixer.insertTextBefore(first, `${inverse}\n${' '.repeat(first.loc.start.column - 1)}`),
          },
        ],
      })
    }

    /** The call that undoes what was added or renamed; `null` if it needs more than names. */
    function inverseOf(change: SchemaChange, { call, reader }: ScriptOperation): string | null {
      if (change.table?.includes('.')) return null
      const called = call.function
      const op = !reader.isBatch && called.kind === 'attribute' ? called.object.text : 'op'
      const [table, name] = [JSON.stringify(change.table), JSON.stringify(change.name)]
      if (change.does === 'rename') {
        const to = JSON.stringify(change.to)
        return change.kind === 'table' ? `${op}.rename_table(${to}, ${table})` : `${op}.alter_column(${table}, ${to}, new_column_name=${name})`
      }
      if (change.does !== 'add' || change.name === null) return null
      if (change.kind === 'table') return `${op}.drop_table(${name})`
      if (change.kind === 'column') return `${op}.drop_column(${table}, ${name})`
      return change.kind === 'index' ? `${op}.drop_index(${name}, table_name=${table})` : `${op}.drop_constraint(${name}, ${table})`
    }
  },
})

/** An `execute` whose text is not known. */
function isUnread({ reader, sql, data }: ScriptOperation): boolean {
  return reader.name === 'execute' && (sql === null ? data.isOpen && data.effects.length === 0 : data.isOpen)
}

function wordsFor(change: SchemaChange): { readonly does: string; readonly undo: string } {
  if (change.does === 'rename') return { does: 'renames', undo: 'rename' }
  if (change.does === 'alter') return { does: 'alters', undo: 'alter' }
  const [make, makes] = change.kind === 'column' ? ['add', 'adds'] : ['create', 'creates']
  return change.does === 'add' ? { does: makes!, undo: 'drop' } : { does: 'drops', undo: make! }
}

function objectOf(change: SchemaChange): string {
  const { table, name } = change
  if (change.does === 'alter' || (change.does === 'rename' && change.kind === 'column')) return `${table}.${name}`
  if (change.does === 'rename' || change.kind === 'table') return name!
  return change.kind === 'column' ? `${table}.${name}` : (name ?? `a constraint of ${lastPart(table ?? '')}`)
}
