import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { defineRule, excerpt, isDatetime, mayCallAny, withoutParentheses } from '@krait/python'
import { classColumn, columnBehind, columnLabel, relatedColumn } from '../shared/columns.ts'
import type { ColumnUse } from '../shared/columns.ts'
import { EQUALITY, comparisons, isTarget, mayBeTime, mayBothBeTimes, subtraction } from '../shared/operations.ts'
import type { Operation } from '../shared/operations.ts'
import { orderedBy } from '../shared/orderings.ts'
import { receiverText } from '../shared/utc-text.ts'

type MessageIds = 'compares' | 'midnight' | 'takeDate'

const EXTREMES: ReadonlySet<string> = new Set(['builtins.min', 'builtins.max'])
const EXTREME_NAMES: ReadonlySet<string> = new Set(['min', 'max'])

export const noDateDatetimeCompare = defineRule({
  name: 'no-date-datetime-compare',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow comparing or subtracting a date and a datetime',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      compares: '`{{code}}` {{does}} a date {{with}} a datetime, which {{consequence}}. {{reason}}: {{verb}} dates ({{example}}) or build a datetime with datetime.combine().',
      midnight:
        '`{{code}}` compares the DateTime column `{{column}}` with a date: the database takes that for midnight, and only rows of 00:00:00 match. ' +
        'Compare with a range of the day, or cast the column to Date.',
      takeDate: 'Compare dates: `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      comparison_operator(node) {
        for (const operation of comparisons(node)) check(operation)
      },
      binary_operator(node) {
        const operation = node.operator.kind === '-' ? subtraction(node) : null
        if (operation) check(operation)
      },
      augmented_assignment(node) {
        const operation = subtraction(node)
        if (operation) check(operation)
      },
      ...(mayCallAny(context, EXTREME_NAMES) && { call: checkCall }),
    }

    function check({ node, left, operator, right }: Operation): void {
      if (!mayBothBeTimes(context, left, right)) return
      const kind = context.kindOf(left)
      const pair = kind.kind === 'date' ? pairOf(left, right) : isDatetime(kind) ? pairOf(right, left) : null
      if (pair) report(node, pair, operator)
      else if (EQUALITY.has(operator)) checkSql(node, left, right)
    }

    function checkCall(node: CallNode): void {
      if (node.function.kind !== 'identifier' || !EXTREME_NAMES.has(node.function.text)) return
      const items = orderedBy(context, node, EXTREMES)?.items.filter(mayBeTime) ?? []
      const date = items.find((item) => context.kindOf(item).kind === 'date')
      const moment = date && items.find((item) => isDatetime(context.kindOf(item)))
      if (date && moment) report(node, { date, moment }, node.function.text)
    }

    function pairOf(date: PythonNode, moment: PythonNode): DateAndMoment | null {
      return context.kindOf(date).kind === 'date' && isDatetime(context.kindOf(moment)) ? { date, moment } : null
    }

    function checkSql(node: PythonNode, left: PythonNode, right: PythonNode): void {
      const column = columnAgainstDate(left, right) ?? columnAgainstDate(right, left)
      if (column) context.report({ node, messageId: 'midnight', data: { code: excerpt(node), column: columnLabel(column) }, related: relatedColumn(context, column) })
    }

    function columnAgainstDate(side: PythonNode, date: PythonNode): ColumnUse | null {
      const column = classColumn(context, side)
      return column && isDatetime(column.kind) && context.kindOf(date).kind === 'date' ? column : null
    }

    function report(node: PythonNode, { date, moment }: DateAndMoment, operator: string): void {
      const column = columnBehind(context, date)
      const isDifference = operator === '-' || operator === '-='
      const example = `${receiverText(withoutParentheses(moment))}.date()`
      context.report({
        node,
        messageId: 'compares',
        data: {
          code: excerpt(node),
          does: isDifference ? 'subtracts' : 'compares',
          with: isDifference ? 'and' : 'with',
          consequence: EQUALITY.has(operator) ? `is always ${operator === '==' ? 'false' : 'true'}` : 'raises TypeError',
          reason: column ? `\`${columnLabel(column)}\` is a Date column` : `\`${excerpt(date)}\` is a date`,
          verb: isDifference ? 'subtract' : 'compare',
          example,
        },
        suggest: [takeDate(moment)],
        related: column ? relatedColumn(context, column) : [],
      })
    }

    function takeDate(moment: PythonNode): SuggestionDescriptor<MessageIds> | null {
      if (isTarget(moment)) return null
      const text = `${receiverText(moment)}.date()`
      return { messageId: 'takeDate', data: { text }, fix: (fixer) => fixer.replaceText(moment, text) }
    }
  },
})

interface DateAndMoment {
  readonly date: PythonNode
  readonly moment: PythonNode
}
