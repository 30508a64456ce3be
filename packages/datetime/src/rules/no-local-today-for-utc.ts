import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { argument, defineRule, excerpt, isDatetime, isTestFile, keywordArguments, mayCallAny, positionalArguments, withoutParentheses } from '@krait/python'
import { classColumn, columnBehind } from '../shared/columns.ts'
import { comparisons, mayBothBeTimes, subtraction } from '../shared/operations.ts'
import type { Operation } from '../shared/operations.ts'
import { datetimeText, replacing, utcText } from '../shared/utc-text.ts'
import { onlyValueOf, valueBehind } from '../shared/values.ts'

type MessageIds = 'localDay' | 'useUtcDay'

const COMBINE = 'datetime.datetime.combine'
/** Methods that put a day together with a time or a zone. */
const PUTTING: ReadonlySet<string> = new Set(['combine', 'replace'])

export const noLocalTodayForUtc = defineRule({
  name: 'no-local-today-for-utc',
  meta: {
    type: 'problem',
    docs: {
      description: "Disallow matching the server's local date with data in UTC",
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      localDay: "`{{today}}` is the server's local date but `{{other}}` is UTC: around midnight they name different days. Use datetime.now(timezone.utc).date().",
      useUtcDay: 'Use `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}

    return {
      comparison_operator(node) {
        for (const operation of comparisons(node)) check(operation)
      },
      binary_operator(node) {
        const operation = node.operator.kind === '-' ? subtraction(node) : null
        if (operation) check(operation)
      },
      ...(mayCallAny(context, PUTTING) && { call: checkCall }),
    }

    function checkCall(node: CallNode): void {
      const called = node.function
      const method = called.kind === 'attribute' ? called.attribute.text : called.kind === 'identifier' ? called.text : ''
      if (method === 'combine') checkCombine(node)
      else if (method === 'replace' && called.kind === 'attribute') checkReplace(node, called.object)
    }

    function check({ node, left, right }: Operation): void {
      if (!mayBothBeTimes(context, left, right)) return
      const other = otherDay(left, right) ?? otherDay(right, left)
      if (other) report(node, other.today, other.other)
    }

    /** What is in UTC, if the other side is the local day. */
    function otherDay(today: PythonNode, other: PythonNode): { readonly today: PythonNode; readonly other: PythonNode } | null {
      if (isLocalToday(today)) {
        const found = utcDay(other) ?? sqlDay(other)
        return found && { today, other: found }
      }
      const column = withoutParentheses(other).kind === 'attribute' ? classColumn(context, other) : null
      const combined = column && isDatetime(column.kind) ? combinedToday(today) : null
      return combined && { today: combined, other }
    }

    function isLocalToday(node: PythonNode): boolean {
      const kind = context.kindOf(node)
      return kind.kind === 'date' && kind.day === 'local-today'
    }

    /** The instant whose day is taken in UTC: `order.created_at` of `order.created_at.date()`. */
    function utcDay(expression: PythonNode): PythonNode | null {
      const kind = context.kindOf(expression)
      if (kind.kind !== 'date' || kind.day === 'local-today') return null
      for (const part of valueBehind(context, expression)) {
        if (part.kind !== 'call' || part.function.kind !== 'attribute' || part.function.attribute.text !== 'date') continue
        const instant = part.function.object
        return kind.day === 'utc' || columnBehind(context, instant) ? instant : null
      }
      return kind.day === 'utc' ? expression : null
    }

    /** A `DateTime` column, `func.date()` of one, or a cast of one to `Date`. */
    function sqlDay(expression: PythonNode): PythonNode | null {
      const node = withoutParentheses(expression)
      const column = node.kind === 'call' ? castColumn(node) : node
      const found = column?.kind === 'attribute' ? classColumn(context, column) : null
      return found && isDatetime(found.kind) ? column : null
    }

    function castColumn(call: CallNode): PythonNode | null {
      const name = context.resolve(call.function)
      const [column, type] = positionalArguments(call)
      if (name === 'sqlalchemy.func.date' || name === 'sqlalchemy.func.DATE') return column ?? null
      const isDate = name === 'sqlalchemy.cast' && type !== undefined && context.resolve(type.kind === 'call' ? type.function : type) === 'sqlalchemy.Date'
      return isDate ? (column ?? null) : null
    }

    function checkCombine(node: CallNode): void {
      if (context.resolve(node.function) !== COMBINE) return
      const zone = argument(node, 'tzinfo', 2)
      const [day] = positionalArguments(node)
      if (zone && day && isUtc(zone) && isLocalToday(day)) report(node, day, node)
    }

    function checkReplace(node: CallNode, receiver: PythonNode): void {
      const zone = keywordArguments(node).get('tzinfo')
      const today = zone && isUtc(zone) ? combinedToday(receiver) : null
      if (today) report(node, today, node)
    }

    /** The local day from which a datetime was combined, directly or through a local. */
    function combinedToday(expression: PythonNode): PythonNode | null {
      for (const part of valueBehind(context, expression)) {
        if (part.kind !== 'call' || context.resolve(part.function) !== COMBINE) continue
        const [day] = positionalArguments(part)
        return day && isLocalToday(day) ? day : null
      }
      return null
    }

    function isUtc(zone: PythonNode): boolean {
      const kind = context.kindOf(zone)
      return kind.kind === 'zone' && kind.zone.base === 'utc'
    }

    function report(node: PythonNode, today: PythonNode, other: PythonNode): void {
      context.report({ node, messageId: 'localDay', data: { today: excerpt(withoutParentheses(today)), other: excerpt(other) }, suggest: [useUtcDay(today)] })
    }

    /** Replaces the call that reads the day, where it stands or where the local gets it. */
    function useUtcDay(today: PythonNode): SuggestionDescriptor<MessageIds> | null {
      const read = withoutParentheses(onlyValueOf(context, today) ?? today)
      const utc = utcText(context, read)
      const datetime = datetimeText(context, read)
      if (!utc || !datetime || read.kind !== 'call' || context.resolve(read.function) !== 'datetime.date.today') return null
      const text = `${datetime.text}.now(${utc.text}).date()`
      return { messageId: 'useUtcDay', data: { text }, fix: replacing(read, text, [datetime, utc]) }
    }
  },
})
