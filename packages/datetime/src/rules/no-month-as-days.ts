import type { CallNode, Constant, PythonNode, PythonRuleContext } from '@krait/python'
import {
  defineRule, excerpt, importsLibrary, keywordArguments, lastNameOf, nameFromModule, optionPattern, withoutParentheses,
} from '@krait/python'
import type { SuggestionDescriptor } from '@krait/core'
import { calendarExample } from '../shared/calendar-example.ts'
import { countedPeriod } from '../shared/counted-name.ts'
import { isPeriodDays, periodCount, periodLength } from '../shared/fixed-period.ts'
import type { PeriodCount, PeriodLength } from '../shared/fixed-period.ts'
import { assignedName, namesAround } from '../shared/names-around.ts'
import { COUNT_WORDS, PERIOD_WORDS, periodIn } from '../shared/period-words.ts'
import type { Period } from '../shared/period-words.ts'
import { selectingWords } from '../shared/selecting-branch.ts'
import { isTimedeltaUnit, timedeltaLength } from '../shared/timedelta-length.ts'
import type { TimedeltaLength } from '../shared/timedelta-length.ts'

export interface MonthAsDaysOptions {
  /** Regular expressions: a length that is assigned to such a name, or named so in another way, is meant to be approximate. */
  readonly allowNames: readonly string[]
}

type MessageIds = 'fixedDays' | 'useRelativedelta'
type Context = PythonRuleContext<MessageIds>

const defaultOptions: readonly [MonthAsDaysOptions] = [{ allowNames: [] }]

export const noMonthAsDays = defineRule({
  name: 'no-month-as-days',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a fixed number of days for a month, a quarter or a year',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      fixedDays: '`{{code}}` is not {{periods}}: {{start}} + {{count}} lands on {{landing}}. Use dateutil.relativedelta({{arguments}}) or calendar arithmetic.',
      useRelativedelta: 'Use `relativedelta({{arguments}})`',
    },
    schema: [
      {
        type: 'object',
        properties: { allowNames: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ allowNames }]) {
    if (!MAY_CALL_TIMEDELTA.test(context.sourceCode.text)) return {}
    const allowed = allowNames.map(optionPattern)
    const reader = { constantOf, valueOf }

    return {
      call(node) {
        if (!looksLikeTimedelta(node) || context.resolve(node.function) !== 'datetime.timedelta') return
        const length = timedeltaLength(reader, node)
        const fixed = length && periodLength(length.terms)
        const named = fixed && namedPeriod(length, fixed)
        if (named && !landsOnChosenDay(length.whole)) report(node, length, fixed, named)
      },
    }

    /** The period that the code says the days are: by the name of a factor, by the names around, or by what selects the branch. */
    function namedPeriod({ whole }: TimedeltaLength, { term }: PeriodLength): Period | null {
      const names = namesAround(whole)
      if (names.some(isAllowed)) return null
      for (const factor of term?.factors ?? []) {
        const counted = countedPeriod(factor, valueOf)
        if (counted) return isAllowed(counted.name) ? null : counted.period
      }
      for (const name of [...names, ...selectingWords(context, whole)]) {
        const period = periodIn(name, PERIOD_WORDS)
        if (period) return period
      }
      return null
    }

    function isAllowed(name: string): boolean {
      return allowed.some((pattern) => pattern.test(name))
    }

    /** A constant such as `TERM_YEARS = 10` is a count of periods; `DAYS_PER_YEAR = 365` is a number of days. */
    function constantOf(node: PythonNode): Constant | undefined {
      const value = context.constantOf(node)
      const name = typeof value === 'number' ? lastNameOf(node) : null
      return name !== null && periodIn(name, COUNT_WORDS) && !isPeriodDays(value) ? undefined : value
    }

    /** What a name is bound to. A name that counts periods is not looked through: it says what is needed. */
    function valueOf(name: PythonNode): PythonNode | null {
      if (name.kind !== 'identifier' || periodIn(name.text, COUNT_WORDS)) return null
      return context.scopes.bindingOf(name)?.onlyDefinition?.value ?? null
    }

    /** Whether the sum is then moved to a day of its month: `(first + timedelta(days=31)).replace(day=1)` is right for every month. */
    function landsOnChosenDay(whole: PythonNode): boolean {
      const sum = outermostSum(whole)
      const target = assignedName(sum)
      const references = target?.kind === 'identifier' ? (context.scopes.bindingOf(target)?.references ?? []) : []
      return [sum, ...references].some(isMovedToDay)
    }

    function report(call: CallNode, length: TimedeltaLength, fixed: PeriodLength, named: Period): void {
      const counted = fixed.term ? { period: named, count: 1 } : periodCount(fixed.days, named)
      const replacement = argumentsFor(fixed, counted)
      const size = Math.abs(counted.count)
      const data = {
        code: excerpt(length.whole),
        periods: size === 1 ? `a ${counted.period}` : `${size} ${counted.period}s`,
        count: size === 1 ? `1 ${counted.period}` : `${size} ${counted.period}s`,
        ...calendarExample(Math.abs(fixed.days), size, counted.period),
        arguments: replacement ?? `${counted.period === 'year' ? 'years' : 'months'}=...`,
      }
      const isWhole = length.terms.length === 1 && replacement !== null && isAddedOrKept(length.whole)
      context.report({ node: call, messageId: 'fixedDays', data, suggest: [isWhole && useRelativedelta(context, length.whole, replacement)] })
    }
  },
})

/** Without the name or a keyword of `timedelta` a file has no call of it that matters. */
const MAY_CALL_TIMEDELTA = /timedelta|\b(days|weeks|hours|minutes|seconds)\s*=/

/** A cheap first look: keywords that `timedelta` has, or its name with an argument by position. */
function looksLikeTimedelta(call: CallNode): boolean {
  if (call.arguments?.kind !== 'argument_list') return false
  const first = call.arguments.namedChildren[0]
  if (first?.kind === 'keyword_argument') return isTimedeltaUnit(first.name.text)
  const isNumber = first?.kind === 'integer' || first?.kind === 'binary_operator' || first?.kind === 'unary_operator'
  return isNumber || (first !== undefined && lastNameOf(call) === 'timedelta')
}

function outermostSum(node: PythonNode): PythonNode {
  let sum = node
  for (let up = node.parent; up?.kind === 'binary_operator' || up?.kind === 'parenthesized_expression'; up = up.parent) sum = up
  return sum
}

function isMovedToDay(date: PythonNode): boolean {
  const method = date.parent
  if (method?.kind !== 'attribute' || method.object !== date || method.attribute.text !== 'replace') return false
  return method.parent?.kind === 'call' && method.parent.function === method && keywordArguments(method.parent).has('day')
}

/** The arguments of the `relativedelta` that is meant; `null` if the days do not tell. */
function argumentsFor({ days, term }: PeriodLength, { period, count }: PeriodCount): string | null {
  const perPeriod = period === 'quarter' ? 3 : 1
  const keyword = period === 'year' ? 'years' : 'months'
  if (!term) return Number.isInteger(count) ? `${keyword}=${count * perPeriod}` : null
  const { period: fitting, count: one } = periodCount(Math.abs(days), period)
  const multiplier = (term.days / days) * Math.sign(days) * perPeriod
  if (fitting !== period || one !== 1 || !Number.isInteger(multiplier)) return null
  const [only] = term.factors
  if (multiplier === 1 && only && term.factors.length === 1) return `${keyword}=${withoutParentheses(only).text}`
  const factors = term.factors.map(({ text }) => text)
  return `${keyword}=${[...(multiplier === 1 ? [] : [multiplier]), ...factors].join(' * ')}`
}

/** A `relativedelta` can be added to dates, but has no length: it cannot be compared, divided or asked for its seconds. */
function isAddedOrKept(whole: PythonNode): boolean {
  let child = whole
  while (child.parent?.kind === 'parenthesized_expression') child = child.parent
  const user = child.parent
  if (user?.kind === 'attribute' || user?.kind === 'comparison_operator') return false
  return user?.kind !== 'binary_operator' || user.operator.kind === '+' || user.operator.kind === '-'
}

function useRelativedelta(context: Context, whole: PythonNode, replacement: string): SuggestionDescriptor<MessageIds> | null {
  if (!importsLibrary(context.project, 'dateutil')) return null
  const relativedelta = nameFromModule(context, whole, 'dateutil.relativedelta', 'relativedelta')
  if (!relativedelta) return null
  return {
    messageId: 'useRelativedelta',
    data: { arguments: replacement },
    fix: (fixer) => [
      fixer.replaceText(whole, `${relativedelta.text}(${replacement})`),
      ...(relativedelta.addImport ? [relativedelta.addImport(fixer)] : []),
    ],
  }
}
