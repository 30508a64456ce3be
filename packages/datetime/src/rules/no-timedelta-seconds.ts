import type { AttributeNode, PythonNode } from '@krait/python'
import { defineRule, enclosingDefinition, excerpt, isDatetime, ownCode, withoutParentheses } from '@krait/python'
import { onlyValueOf } from '../shared/values.ts'

/** What a decomposition reads beside the part. */
const OTHER_PARTS: Readonly<Record<string, ReadonlySet<string>>> = {
  seconds: new Set(['days']),
  microseconds: new Set(['days', 'seconds', 'total_seconds']),
}
const DAY = 86_400

export const noTimedeltaSeconds = defineRule({
  name: 'no-timedelta-seconds',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow taking the seconds of a timedelta for its length',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      seconds: '`{{code}}` drops whole days and is wrong for negative differences. Use .total_seconds().',
      microseconds: '`{{code}}` drops days and whole seconds, and is wrong for negative differences. Use .total_seconds().',
      useTotal: 'Use `{{text}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!context.sourceCode.text.includes('seconds')) return {}

    return {
      attribute(node) {
        const part = node.attribute.text
        if (part !== 'seconds' && part !== 'microseconds') return
        if (isCalledOrAssigned(node) || !isDelta(node.object) || isDecomposed(node, OTHER_PARTS[part]!)) return
        const total = `${node.object.text}.total_seconds()`
        const text = part === 'seconds' ? `int(${total})` : total
        context.report({
          node,
          messageId: part,
          data: { code: excerpt(node) },
          suggest: [{ messageId: 'useTotal', data: { text }, fix: (fixer) => fixer.replaceText(node, text) }],
        })
      },
    }

    function isDelta(expression: PythonNode): boolean {
      const kind = context.kindOf(expression)
      if (kind.kind === 'delta') return kind.seconds === null || kind.seconds < 0 || kind.seconds >= DAY
      return kind.kind === 'unknown' && isDifference(expression)
    }

    /** `now - x`: only a `timedelta` has seconds, so that `x` is a datetime. */
    function isDifference(expression: PythonNode): boolean {
      const node = withoutParentheses(onlyValueOf(context, withoutParentheses(expression)) ?? expression)
      if (node.kind !== 'binary_operator' || node.operator.kind !== '-') return false
      const left = context.kindOf(node.left)
      const right = context.kindOf(node.right)
      return (isDatetime(left) && right.kind === 'unknown') || (left.kind === 'unknown' && isDatetime(right))
    }
  },
})

function isCalledOrAssigned(node: AttributeNode): boolean {
  const { parent } = node
  return (parent?.kind === 'call' && parent.function === node) || (parent?.kind === 'assignment' && parent.left === node)
}

/** Whether the function also reads another part of the same value, as to show it. */
function isDecomposed(node: AttributeNode, parts: ReadonlySet<string>): boolean {
  const owner = textOf(node.object)
  for (const other of ownCode(enclosingDefinition(node) ?? rootOf(node))) {
    if (other.kind === 'attribute' && parts.has(other.attribute.text) && textOf(other.object) === owner) return true
  }
  return false
}

function rootOf(node: PythonNode): PythonNode {
  return node.tree.node(0) as PythonNode
}

function textOf(node: PythonNode): string {
  return withoutParentheses(node).text.replace(/\s+/g, ' ')
}
