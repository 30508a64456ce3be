import type { CallNode, PythonNode, PythonRuleContext, Value } from '@krait/python'
import { calledFunction, isCallOf, keywordArguments, positionalArguments, withoutParentheses } from '@krait/python'
import { onlyValueOf } from './values.ts'

/** Longer chains of methods and locals are not followed. */
const MAX_STEPS = 12

/** The numbers that an expression can be: a constant, or what a function or property of the project returns, if all of it is constant. `null` if it is not known. */
export function knownNumbers(context: PythonRuleContext, node: PythonNode): readonly number[] | null {
  const constant = context.constantOf(node)
  if (typeof constant === 'number') return [constant]
  const returned = returnedValues(context, node)
  if (!returned) return null
  const numbers = returned.map((value) => context.values.constant(value))
  return numbers.length > 0 && numbers.every((number) => typeof number === 'number') ? numbers : null
}

/** What a call of a project function, or a property, returns; `null` if it is neither. */
function returnedValues(context: PythonRuleContext, expression: PythonNode): readonly Value[] | null {
  const node = withoutParentheses(expression)
  const name = node.kind === 'call' ? calledFunction(context, node) : node.kind === 'attribute' ? propertyName(context, node) : null
  const definition = name === null ? null : context.project.definition(name)
  if (definition?.kind !== 'function' || definition.fact.returnsOpen || definition.fact.fallsOff || definition.fact.generator || definition.fact.async) return null
  return definition.fact.returns.map((value) => context.project.value(value, definition.path))
}

function propertyName(context: PythonRuleContext, node: PythonNode & { kind: 'attribute' }): string | null {
  const type = context.typeOf(node.object)
  const member = type.kind === 'instance' ? context.project.member(type.class, node.attribute.text) : null
  return member?.fact.kind === 'function' && member.fact.method === 'property' ? `${member.owner}.${node.attribute.text}` : null
}

/** Whether a date is known to be one of the first 28 days of its month. */
export function hasEarlyDay(context: PythonRuleContext, expression: PythonNode): boolean {
  let node: PythonNode = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS; step++) {
    if (node.kind === 'identifier') {
      const value = onlyValueOf(context, node) ?? context.scopes.bindingOf(node)?.onlyDefinition?.value
      if (!value) return false
      node = withoutParentheses(value)
    } else if (node.kind === 'call') {
      const day = dayGiven(context, node)
      if (day !== undefined) return day !== null && isEarly(knownNumbers(context, day))
      const called: PythonNode = node.function
      const keepsDay = called.kind === 'attribute' && KEEPS_DAY.has(called.attribute.text)
      if (!keepsDay) return (returnedValues(context, node) ?? [null]).every((value) => value !== null && isEarlyValue(context, value))
      node = withoutParentheses(called.object)
    } else return false
  }
  return false
}

const KEEPS_DAY: ReadonlySet<string> = new Set(['replace', 'date'])

/** The `day` that a call sets; `undefined` if it sets none, `null` if it is not given where it must be. */
function dayGiven(context: PythonRuleContext, call: CallNode): PythonNode | null | undefined {
  const called = call.function
  if (called.kind === 'attribute' && called.attribute.text === 'replace') return keywordArguments(call).get('day') ?? positionalArguments(call)[2]
  const name = context.resolve(called)
  if (name !== 'datetime.date' && name !== 'datetime.datetime') return undefined
  return keywordArguments(call).get('day') ?? positionalArguments(call)[2] ?? null
}

/** The same for what a function returns. */
function isEarlyValue(context: PythonRuleContext, value: Value): boolean {
  if (value.kind !== 'call') return false
  const method = value.function?.kind === 'attribute' ? value.function.attribute : null
  const day = method === 'replace' ? value.keywords['day'] : isCallOf(value, 'datetime.date', 'datetime.datetime') ? (value.keywords['day'] ?? value.arguments[2]) : undefined
  const number = day && context.values.constant(day)
  if (typeof number === 'number') return isEarly([number])
  return (method === 'replace' || method === 'date') && value.function?.kind === 'attribute' && isEarlyValue(context, value.function.object)
}

export function isEarly(days: readonly number[] | null): boolean {
  return days !== null && days.every((day) => day >= 1 && day <= 28)
}

export function isLongMonth(months: readonly number[] | null): boolean {
  return months !== null && months.every((month) => LONG_MONTHS.has(month))
}

export function isLeapYear(years: readonly number[] | null): boolean {
  return years !== null && years.every((year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0)
}

const LONG_MONTHS: ReadonlySet<number> = new Set([1, 3, 5, 7, 8, 10, 12])
