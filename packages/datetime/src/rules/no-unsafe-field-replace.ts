import type { SuggestionDescriptor } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { argument, defineRule, excerpt, keywordArguments, nameFromModule, positionalArguments, withoutParentheses } from '@krait/python'
import { hasEarlyDay, isEarly, isLeapYear, isLongMonth, knownNumbers } from '../shared/day-fields.ts'
import { isValueErrorHandled } from '../shared/handled-value-error.ts'
import { receiverText, replacing } from '../shared/utc-text.ts'
import { onlyValueOf } from '../shared/values.ts'

type MessageIds = 'raises' | 'addYears'

const CONSTRUCTORS: ReadonlySet<string> = new Set(['datetime.date', 'datetime.datetime'])

/** The fields that a call gives a date. */
/** The years that are added to those of a date. */
interface AddedYears {
  readonly sign: '+' | '-'
  readonly count: PythonNode
}

interface Fields {
  readonly year: PythonNode | null
  readonly month: PythonNode | null
  readonly day: PythonNode | null
}

export const noUnsafeFieldReplace = defineRule({
  name: 'no-unsafe-field-replace',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow giving a date another year or month without looking at its day',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      raises: '`{{code}}` raises ValueError when `{{date}}` is {{days}}. Use {{remedy}}, or handle ValueError.',
      addYears: 'Use `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    // The day that a constructor is given has to be read somewhere.
    const readsDay = /\bday\b/.test(context.sourceCode.text)

    return {
      call(node) {
        const called = node.function
        if (called.kind === 'attribute' && called.attribute.text === 'replace') checkReplace(node, called.object)
        else if (readsDay && CONSTRUCTORS.has(context.resolve(called) ?? '')) checkConstructor(node)
      },
    }

    function checkReplace(node: CallNode, date: PythonNode): void {
      const keywords = keywordArguments(node)
      const fields: Fields = { year: keywords.get('year') ?? null, month: keywords.get('month') ?? null, day: keywords.get('day') ?? null }
      if ((!fields.year && !fields.month) || positionalArguments(node).length > 0) return
      if (fields.day ? isSafeDay(fields.day) || isOneDate(fields) : hasEarlyDay(context, date)) return
      const owner = textOf(date)
      const year = fields.year && isField(fields.year, owner, 'year') ? null : fields.year
      const month = fields.month && isField(fields.month, owner, 'month') ? null : fields.month
      if (isSafeMonth(year, month) || isValueErrorHandled(context, node)) return
      report(node, date, month !== null, yearsAdded(fields, owner), year && !isSumOfField(year, owner) ? year : null)
    }

    function checkConstructor(node: CallNode): void {
      const day = argument(node, 'day', 2)
      const source = day && fieldOf(day, 'day')
      if (!source || hasEarlyDay(context, source)) return
      const owner = textOf(source)
      const year = argument(node, 'year', 0)
      const month = argument(node, 'month', 1)
      const otherYear = year && isField(year, owner, 'year') ? null : year
      const otherMonth = month && isField(month, owner, 'month') ? null : month
      if (isSafeMonth(otherYear, otherMonth) || isValueErrorHandled(context, node)) return
      report(node, source, otherMonth !== null, null, otherYear && !isSumOfField(otherYear, owner) ? otherYear : null)
    }

    /** Whether every day is valid in what the fields that change give. @param year `null` if it stays */
    function isSafeMonth(year: PythonNode | null, month: PythonNode | null): boolean {
      if (month) return isLongMonth(knownNumbers(context, month))
      return !year || isLeapYear(knownNumbers(context, year))
    }

    /** A day that is early enough, or computed from something else than a date's own day. */
    function isSafeDay(day: PythonNode): boolean {
      const numbers = knownNumbers(context, day)
      if (numbers) return isEarly(numbers)
      const source = fieldOf(day, 'day')
      return !source || hasEarlyDay(context, source)
    }

    /** `replace(year=d.year, month=d.month, day=d.day)` gives the day of `d`. */
    function isOneDate({ year, month, day }: Fields): boolean {
      const owner = day && fieldOf(day, 'day')
      return owner !== null && year !== null && month !== null && isField(year, textOf(owner), 'year') && isField(month, textOf(owner), 'month')
    }

    /** `x` of `x.day`, also through a local. */
    function fieldOf(expression: PythonNode, field: string): PythonNode | null {
      const node = withoutParentheses(onlyValueOf(context, withoutParentheses(expression)) ?? expression)
      return node.kind === 'attribute' && node.attribute.text === field ? node.object : null
    }

    function isField(expression: PythonNode, owner: string, field: string): boolean {
      const source = fieldOf(expression, field)
      return source !== null && textOf(source) === owner
    }

    function report(node: CallNode, date: PythonNode, changesMonth: boolean, years: AddedYears | null, otherYear: PythonNode | null): void {
      const byYears = otherYear ? `year=${excerpt(otherYear)}` : `years=${years ? yearsText(years) : 'n'}`
      const remedy = changesMonth ? 'dateutil.relativedelta or calendar.monthrange()' : `dateutil.relativedelta(${byYears})`
      context.report({
        node,
        messageId: 'raises',
        data: { code: excerpt(node), date: excerpt(date), days: changesMonth ? 'the 29th, 30th or 31st, and the month has fewer days' : '29 February', remedy },
        suggest: [years === null ? null : addYears(node, date, years)],
      })
    }

    /** `n` of `x.replace(year=x.year + n)`. */
    function yearsAdded({ year, month, day }: Fields, owner: string): AddedYears | null {
      const sum = year && withoutParentheses(year)
      if (sum?.kind !== 'binary_operator' || month || day) return null
      const operator = sum.operator.kind
      if ((operator !== '+' && operator !== '-') || !isField(sum.left, owner, 'year')) return null
      return { sign: operator, count: sum.right }
    }

    /** Whether a year is some years from the date's own. */
    function isSumOfField(year: PythonNode, owner: string): boolean {
      const sum = withoutParentheses(year)
      return sum.kind === 'binary_operator' && (isField(sum.left, owner, 'year') || isField(sum.right, owner, 'year'))
    }

    /** `-2` for `x.year - 2`. */
    function yearsText({ sign, count }: AddedYears): string {
      const number = context.constantOf(count)
      if (typeof number === 'number') return String(sign === '-' ? -number : number)
      return sign === '-' ? `-${receiverText(count)}` : count.text
    }

    function addYears(node: CallNode, date: PythonNode, { sign, count }: AddedYears): SuggestionDescriptor<MessageIds> | null {
      const made = node.arguments.namedChildren.length === 1 ? nameFromModule(context, node, 'dateutil.relativedelta', 'relativedelta') : null
      if (!made) return null
      const sum = `${date.text} ${sign} ${made.text}(years=${count.text})`
      const text = OPERATORS.has(node.parent?.kind ?? '') ? `(${sum})` : sum
      return { messageId: 'addYears', data: { text }, fix: replacing(node, text, [made]) }
    }
  },
})

/** Around these a sum needs parentheses. */
const OPERATORS: ReadonlySet<string> = new Set(['attribute', 'binary_operator', 'unary_operator', 'await', 'subscript'])

function textOf(node: PythonNode): string {
  return withoutParentheses(node).text.replace(/\s+/g, ' ')
}
