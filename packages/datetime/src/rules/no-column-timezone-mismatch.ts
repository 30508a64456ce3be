import type { KeywordArgumentNode, Kind, PairNode, PythonNode } from '@krait/python'
import { defineRule, positionalArguments, withoutParentheses } from '@krait/python'
import type { SuggestionDescriptor } from '@krait/core'
import { columnDefinitionAround, columnKeyword, zonedType, zonelessType } from '../shared/column-definitions.ts'
import { columnValues } from '../shared/column-values.ts'
import { classColumn, columnLabel, columnPlace, instanceColumn, relatedColumn, shiftedColumn } from '../shared/columns.ts'
import type { ColumnUse } from '../shared/columns.ts'
import { comparisons, mayBeTime } from '../shared/operations.ts'
import { receiverText } from '../shared/utc-text.ts'

type MessageIds = 'aware' | 'naive' | 'zoneColumn' | 'dropZone'
type Column = Pick<ColumnUse, 'model' | 'attribute' | 'kind' | 'type'>

/** Keywords of a column whose value fills it. */
const DEFAULTS: ReadonlySet<string> = new Set(['default', 'insert_default', 'onupdate', 'default_factory'])
const SQL_METHODS: ReadonlySet<string> = new Set(['between', 'in_', 'not_in'])
const LISTS: ReadonlySet<string> = new Set(['list', 'tuple', 'set'])

export const noColumnTimezoneMismatch = defineRule({
  name: 'no-column-timezone-mismatch',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow aware values for columns without time zone, and naive ones for columns with one',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      aware:
        'Aware datetime for `{{column}}`, a DateTime column without timezone{{place}}: asyncpg rejects it and other drivers silently drop or shift the offset. ' +
        'Declare the column DateTime(timezone=True) (with a migration), or store naive UTC everywhere.',
      naive:
        "Naive datetime for `{{column}}`, a DateTime(timezone=True) column{{place}}: asyncpg rejects it and other drivers take it for the session's local time. " +
        'Give it an aware value, such as datetime.now(timezone.utc).',
      zoneColumn: 'Declare the column `{{type}}` (the table needs a migration)',
      dropZone: 'Store naive UTC: `{{value}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const { dialect } = context.kinds.project.settings

    return {
      keyword_argument: checkDefault,
      pair: checkDefault,
      call(node) {
        for (const { column, value, node: place } of columnValues(context, node)) checkValue(column, value, place)
        if (node.function.kind === 'attribute' && SQL_METHODS.has(node.function.attribute.text)) checkSqlCall(node.function.object, positionalArguments(node), node)
      },
      assignment(node) {
        if (node.left.kind !== 'attribute' || !node.right || !mayBeTime(node.right)) return
        const column = instanceColumn(context, node.left)
        if (column) checkValue(column, node.right, node)
      },
      comparison_operator(node) {
        for (const { left, right } of comparisons(node)) {
          checkSql(left, right, node)
          checkSql(right, left, node)
        }
      },
    }

    function checkDefault(node: KeywordArgumentNode | PairNode): void {
      const keyword = columnKeyword(node)
      if (!keyword || !DEFAULTS.has(keyword.name)) return
      if (context.scopes.scopeOf(node).kind === 'module' && !isInAlias(node)) return
      const column = columnDefinitionAround(context, node)
      if (!column || !isMoment(column.kind)) return
      const { value } = keyword
      const kind = value.kind === 'call' ? context.kindOf(value) : context.kinds.kindOfCallable(value)
      const given = kind.kind === 'unknown' ? context.kinds.kindOfCallable(value) : kind
      check(column, given, node, [zoneColumn(column.call), dropZone(value, given)])
    }

    function checkSqlCall(object: PythonNode, given: readonly PythonNode[], node: PythonNode): void {
      const column = classColumn(context, object)
      if (!column || !isMoment(column.kind)) return
      const values = given.flatMap((argument) => (LISTS.has(argument.kind) ? argument.namedChildren : [argument]))
      const wrong = values.find((value) => mayBeTime(value) && isMismatch(column.kind, context.kindOf(value)))
      if (wrong) checkValue(column, wrong, node)
    }

    function checkSql(side: PythonNode, other: PythonNode, node: PythonNode): void {
      const { kind } = withoutParentheses(side)
      if ((kind !== 'attribute' && kind !== 'binary_operator') || !mayBeTime(other)) return
      const column = shiftedColumn(context, side)
      if (column) checkValue(column, other, node)
    }

    function checkValue(column: Column, value: PythonNode, node: PythonNode): void {
      if (!isMoment(column.kind) || !mayBeTime(value)) return
      const kind = context.kindOf(value)
      check(column, kind, node, [dropZone(value, kind)])
    }

    function check(column: Column, kind: Kind, node: PythonNode, suggest: readonly (SuggestionDescriptor<MessageIds> | null)[]): void {
      if (!isMismatch(column.kind, kind)) return
      if (dialect === 'mysql' && kind.kind === 'aware' && kind.zone.base === 'utc') return
      const place = columnPlace(context, column)
      context.report({
        node,
        messageId: kind.kind === 'aware' ? 'aware' : 'naive',
        data: { column: columnLabel(column), place: place ? ` (${place.path}:${place.line})` : '' },
        suggest: kind.kind === 'aware' ? suggest : [],
        related: relatedColumn(context, column as ColumnUse),
      })
    }

    function zoneColumn(call: Parameters<typeof zonelessType>[1]): SuggestionDescriptor<MessageIds> | null {
      const type = zonelessType(context, call)
      return type && { messageId: 'zoneColumn', data: { type: zonedType(type) }, fix: (fixer) => fixer.replaceText(type, zonedType(type)) }
    }

    function dropZone(value: PythonNode, kind: Kind): SuggestionDescriptor<MessageIds> | null {
      const target = value.kind === 'lambda' ? value.body : value
      if (kind.kind !== 'aware' || kind.zone.base !== 'utc' || context.kindOf(target).kind !== 'aware') return null
      const text = `${receiverText(target)}.replace(tzinfo=None)`
      return { messageId: 'dropZone', data: { value: text }, fix: (fixer) => fixer.replaceText(target, text) }
    }
  },
})

/** `Annotated[datetime, mapped_column(default=...)]`. */
function isInAlias({ parent }: PythonNode): boolean {
  return parent?.parent?.parent?.kind === 'subscript'
}

function isMoment({ kind }: Kind): boolean {
  return kind === 'aware' || kind === 'naive'
}

function isMismatch(column: Kind, value: Kind): boolean {
  return isMoment(value) && isMoment(column) && column.kind !== value.kind
}
