import type { CallNode, PythonNode } from '@krait/python'
import { argument, defineRule, hasSplat, lastPart, matchesGlobs, MigrationScript, stringText, withoutLastPart } from '@krait/python'
import { mayCall } from '../shared/callee.ts'
import { ownerOfForeignKey } from '../shared/foreign-key-owner.ts'
import type { ForeignKeyOwner } from '../shared/foreign-key-owner.ts'
import { libraryName } from '../shared/library-name.ts'

export interface ForeignKeyOndeleteOptions {
  /** Columns that are left alone, as globs of `table.column`. */
  readonly ignore: readonly string[]
  /** The actions that may be used. */
  readonly allow: readonly string[]
}

const defaultOptions: readonly [ForeignKeyOndeleteOptions] = [{ ignore: [], allow: ['CASCADE', 'SET NULL', 'RESTRICT', 'NO ACTION', 'SET DEFAULT'] }]

const NAMES: ReadonlySet<string> = new Set(['ForeignKey', 'ForeignKeyConstraint', 'Field'])
const LIBRARY_NAMES: ReadonlySet<string> = new Set(['sqlalchemy.ForeignKey', 'sqlalchemy.ForeignKeyConstraint', 'sqlmodel.Field'])

export const foreignKeyOndelete = defineRule({
  name: 'foreign-key-ondelete',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require foreign keys to say what happens when the row they refer to is deleted',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      missing: '`{{column}}` does not say what happens when the `{{target}}` row is deleted; set `ondelete=`.',
      notAllowed: '`{{column}}` has `ondelete="{{action}}"`, which is not among the actions of this project: {{allowed}}.',
      setNull: '`ondelete="SET NULL"` on NOT NULL column `{{column}}` makes the parent undeletable.',
    },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' } }, allow: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ ignore, allow }]) {
    if (MigrationScript.of(context)) return {}
    const allowed = new Set(allow.map((action) => action.toUpperCase()))

    return {
      call(node) {
        if (!mayCall(context, node, NAMES)) return
        const library = libraryName(context, node.function)
        if (library === null || !LIBRARY_NAMES.has(library)) return
        const target = targetOf(node, library)
        if (target) check(node, target)
      },
    }

    /** What the foreign key refers to; `null` for a field without one. */
    function targetOf(call: CallNode, library: string): PythonNode | null {
      if (library === 'sqlmodel.Field') return argument(call, 'foreign_key')
      if (library === 'sqlalchemy.ForeignKey') return argument(call, 'column', 0)
      return argument(call, 'refcolumns', 1)
    }

    function check(call: CallNode, target: PythonNode): void {
      if (hasSplat(call)) return
      const given = argument(call, 'ondelete')
      const constant = given ? context.constantOf(given) : undefined
      const action = typeof constant === 'string' ? constant : null
      if (given && action === null) return
      const owner = ownerOfForeignKey(context, call)
      const columns = columnsIn(owner)
      if (owner && columns.length > 0 && columns.every((column) => matchesGlobs(column, ignore))) return
      const column = columns.join('`, `') || 'This foreign key'
      if (action === null) context.report({ node: call, messageId: 'missing', data: { column, target: tableOf(target) } })
      else if (!allowed.has(action.toUpperCase())) context.report({ node: call, messageId: 'notAllowed', data: { column, action, allowed: allow.join(', ') } })
      else if (action.toUpperCase() === 'SET NULL') checkSetNull(call, owner)
    }

    function checkSetNull(call: CallNode, owner: ForeignKeyOwner | null): void {
      const required = owner?.columns.find(({ nullable }) => nullable === false)
      if (required) context.report({ node: call, messageId: 'setNull', data: { column: required.name } })
    }

    function columnsIn(owner: ForeignKeyOwner | null): readonly string[] {
      const table = owner?.model.table ?? (owner ? lastPart(owner.model.name) : '')
      return owner?.columns.map(({ name }) => `${table}.${name}`) ?? []
    }

    /** `customers` of `"customers.id"`, `["customers.id", ...]` and `Customer.id`. */
    function tableOf(target: PythonNode): string {
      const first = target.kind === 'list' || target.kind === 'tuple' ? target.namedChildren[0] : target
      const text = first ? (stringText(first) ?? first.text) : ''
      return withoutLastPart(text) || text
    }
  },
})
