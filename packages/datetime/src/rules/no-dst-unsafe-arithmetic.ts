import type { SuggestionDescriptor } from '@krait/core'
import type { PythonNode, Zone } from '@krait/python'
import { defineRule, excerpt, nameFromModule, withoutParentheses } from '@krait/python'
import { ORDERING, comparisons, isTarget, mayBeTime } from '../shared/operations.ts'
import { receiverText, replacing, utcText } from '../shared/utc-text.ts'
import { onlyValueOf } from '../shared/values.ts'

type MessageIds = 'wallTime' | 'difference' | 'throughUtc'

export const noDstUnsafeArithmetic = defineRule({
  name: 'no-dst-unsafe-arithmetic',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow adding hours to, and measuring them between, times of a region',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      wallTime: '`{{code}}` is wall-clock arithmetic in {{zone}} and ignores DST changes. Convert to UTC, add, convert back.',
      difference: '`{{code}}` is a difference of wall-clock times in {{zone}} and ignores DST changes. Convert both to UTC, then subtract.',
      throughUtc: 'Add in UTC: `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      binary_operator(node) {
        const operator = node.operator.kind
        if (operator !== '+' && operator !== '-') return
        if (!checkSum(node, node.left, node.right) && operator === '+') checkSum(node, node.right, node.left)
      },
      augmented_assignment(node) {
        const operator = node.field('operator')?.text
        if (operator === '+=' || operator === '-=') checkSum(node, node.left, node.right)
      },
      attribute(node) {
        if (node.attribute.text === 'total_seconds' || node.attribute.text === 'seconds') checkDifference(node.object)
      },
      comparison_operator(node) {
        for (const { left, operator, right } of comparisons(node)) {
          if (!ORDERING.has(operator)) continue
          if (isClockDelta(right)) checkDifference(left)
          else if (isClockDelta(left)) checkDifference(right)
        }
      },
    }

    function checkSum(node: PythonNode, moment: PythonNode, delta: PythonNode): boolean {
      if (!mayBeTime(moment) || !mayBeTime(delta) || !isClockDelta(delta)) return false
      const zone = regionOf(moment)
      if (!zone || (zone.isPytz && isNormalised(node))) return false
      context.report({ node, messageId: 'wallTime', data: { code: excerpt(node), zone: zone.name ?? "a region's time" }, suggest: [throughUtc(node, moment, delta, zone)] })
      return true
    }

    /** `end - start`, also through a local, of two times of one region. */
    function checkDifference(expression: PythonNode): void {
      const difference = withoutParentheses(onlyValueOf(context, withoutParentheses(expression)) ?? expression)
      if (difference.kind !== 'binary_operator' || difference.operator.kind !== '-') return
      const left = regionOf(difference.left)
      const right = left && regionOf(difference.right)
      if (!right || left.name === null || left.name !== right.name) return
      context.report({ node: difference, messageId: 'difference', data: { code: excerpt(difference), zone: left.name } })
    }

    function regionOf(node: PythonNode): Zone | null {
      const kind = context.kindOf(node)
      return kind.kind === 'aware' && kind.zone.base === 'region' ? kind.zone : null
    }

    function isClockDelta(node: PythonNode): boolean {
      const kind = context.kindOf(node)
      return kind.kind === 'delta' && kind.unit === 'clock'
    }

    /** pytz corrects the offset afterwards: `tz.normalize(x + d)`, also through a local. */
    function isNormalised(node: PythonNode): boolean {
      const { parent } = node
      if (parent?.kind === 'assignment' && parent.left.kind === 'identifier') {
        return context.scopes.bindingOf(parent.left)?.references.some((reference) => isArgumentOfNormalize(reference)) ?? false
      }
      return isArgumentOfNormalize(node)
    }

    function throughUtc(node: PythonNode, moment: PythonNode, delta: PythonNode, { name, isPytz }: Zone): SuggestionDescriptor<MessageIds> | null {
      const utc = utcText(context, node)
      const made = name === null || isPytz ? null : nameFromModule(context, node, 'zoneinfo', 'ZoneInfo')
      if (!utc || !made) return null
      const operator = node.field('operator')?.text.replace(/=$/, '') ?? '+'
      const sum = `(${receiverText(moment)}.astimezone(${utc.text}) ${operator} ${delta.text}).astimezone(${made.text}("${name}"))`
      const text = isTarget(moment) ? `${moment.text} = ${sum}` : sum
      return { messageId: 'throughUtc', data: { text }, fix: replacing(node, text, [utc, made]) }
    }
  },
})

function isArgumentOfNormalize(node: PythonNode): boolean {
  const call = node.parent?.kind === 'argument_list' ? node.parent.parent : null
  return call?.kind === 'call' && call.function.kind === 'attribute' && call.function.attribute.text === 'normalize'
}
