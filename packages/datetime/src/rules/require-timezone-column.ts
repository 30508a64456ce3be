import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { defineRule, isMigrationFile, matchesGlobs, positionalArguments, stringText } from '@krait/python'
import { columnDefinition, zonedType, zonelessType } from '../shared/column-definitions.ts'
import type { ColumnDefinition } from '../shared/column-definitions.ts'
import { columnLabel } from '../shared/columns.ts'

export interface TimezoneColumnOptions {
  /** Also columns in migrations. */
  readonly includeMigrations: boolean
  /** Globs for `Model.column`. */
  readonly allow: readonly string[]
}

type MessageIds = 'naive' | 'addTimezone'

const defaultOptions: readonly [TimezoneColumnOptions] = [{ includeMigrations: false, allow: [] }]
/** Databases that have no type for an instant, or have it under another name. */
const WITHOUT_ZONES: ReadonlySet<string> = new Set(['mysql', 'mssql'])

export const requireTimezoneColumn = defineRule({
  name: 'require-timezone-column',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require timezone=True for timestamp columns',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      naive:
        '`{{column}}` is a DateTime without timezone: its values are naive and cannot be compared with datetime.now(UTC). Use DateTime(timezone=True) and a migration.',
      addTimezone: 'Use `{{type}}` (the table needs a migration)',
    },
    schema: [
      {
        type: 'object',
        properties: { includeMigrations: { type: 'boolean' }, allow: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ includeMigrations, allow }]) {
    const { dialect } = context.kinds.project.settings
    const isMigration = isMigrationFile(context)
    if ((dialect !== null && WITHOUT_ZONES.has(dialect)) || (isMigration && !includeMigrations)) return {}

    return {
      assignment(node) {
        if (node.left.kind === 'identifier' && MAY_BE_TIME.test(node.text)) checkMember(node, node.left.text)
      },
      function_definition(node) {
        if (node.parent?.kind === 'decorated_definition' && node.parent.text.includes('declared_attr')) checkMember(node, node.name.text)
      },
      call(node) {
        if (isMigration && context.resolve(node.function) === 'sqlalchemy.Column') checkMigrated(node)
      },
    }

    function checkMember(node: PythonNode, attribute: string): void {
      const owner = context.scopes.scopeOf(node).node
      const column = owner.kind === 'class_definition' ? columnDefinition(context, owner, attribute, node) : null
      if (column?.kind.kind === 'naive' && isPlain(column)) report(node, columnLabel(column), zonelessType(context, column.call))
    }

    /** `sa.Column("made_at", sa.DateTime())` in `op.add_column` and `op.create_table`. */
    function checkMigrated(node: CallNode): void {
      const type = zonelessType(context, node)
      const name = stringText(positionalArguments(node)[0])
      if (type && name !== null) report(node, name, type)
    }

    function report(node: PythonNode, column: string, type: PythonNode | null): void {
      if (matchesGlobs(column, allow)) return
      context.report({ node, messageId: 'naive', data: { column }, suggest: [type && addTimezone(type)] })
    }

    function addTimezone(type: PythonNode): SuggestionDescriptor<MessageIds> {
      return { messageId: 'addTimezone', data: { type: zonedType(type) }, fix: (fixer) => fixer.replaceText(type, zonedType(type)) }
    }
  },
})

const MAY_BE_TIME = /DateTime|TIMESTAMP|DATETIME|Mapped|datetime|Column|column|Field/

/** Whether the type is SQLAlchemy's own; custom types decide for themselves. */
function isPlain({ type }: ColumnDefinition): boolean {
  return type === 'datetime.datetime' || type?.startsWith('sqlalchemy.') === true
}
