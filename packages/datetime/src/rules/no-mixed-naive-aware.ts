import type { CallNode, Kind, NaiveKind, PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, excerpt, isCalledBy, isDecided, joinKinds, keywordArguments, mayCallAny, positionalArguments, withoutParentheses } from '@krait/python'
import { columnBehind, describeColumn, relatedColumn } from '../shared/columns.ts'
import { EQUALITY, comparisons, isTarget, mayBeTime, mayBothBeTimes, subtraction } from '../shared/operations.ts'
import type { Operation } from '../shared/operations.ts'
import { orderedBy } from '../shared/orderings.ts'
import { receiverText, replacing, utcText } from '../shared/utc-text.ts'
import { onlyValueOf, valueBehind } from '../shared/values.ts'

type MessageIds = 'mixed' | 'attach' | 'attachIfUtc'
type Context = PythonRuleContext<MessageIds>

/** An operand that is a naive datetime. */
interface NaiveOperand {
  readonly node: PythonNode
  readonly kind: NaiveKind
}

const ORDERING_FUNCTIONS: ReadonlySet<string> = new Set(['builtins.min', 'builtins.max', 'builtins.sorted'])

export const noMixedNaiveAware = defineRule({
  name: 'no-mixed-naive-aware',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow arithmetic and comparisons between naive and aware datetimes',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      mixed: '`{{code}}` mixes an aware and a naive datetime and {{consequence}}: {{reason}}. Attach the zone first, for example {{example}}{{orColumn}}.',
      attach: 'Attach the zone: `{{example}}`',
      attachIfUtc: 'Attach the zone, if {{holder}} holds UTC: `{{example}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      comparison_operator(node) {
        for (const operation of comparisons(node)) checkOperation(operation)
      },
      binary_operator(node) {
        const operation = node.operator.kind === '-' ? subtraction(node) : null
        if (operation) checkOperation(operation)
      },
      augmented_assignment(node) {
        const operation = subtraction(node)
        if (operation) checkOperation(operation)
      },
      ...(mayCallAny(context, ORDERING_CALLS) && { call: checkCall }),
    }

    function checkOperation({ node, left, operator, right }: Operation): void {
      if (!mayBothBeTimes(context, left, right) || !possibleKinds(context, left).some(isDecided)) return
      const naive = naiveAgainst(context, left, right) ?? naiveAgainst(context, right, left)
      if (naive) report(node, naive, EQUALITY.has(operator) ? `is always ${operator === '==' ? 'false' : 'true'}` : 'raises TypeError')
    }

    function checkCall(node: CallNode): void {
      const ordered = isCalledBy(node, ORDERING_CALLS) ? orderedBy(context, node, ORDERING_FUNCTIONS) : null
      if (!ordered) return
      const naive = mixedParts(context, ordered.items) ?? ordered.keys.map((key) => mixedBranches(context, key)).find((found) => found !== null)
      if (naive) report(node, naive, 'raises TypeError')
    }

    function report(node: PythonNode, naive: NaiveOperand, consequence: string): void {
      const column = columnBehind(context, naive.node)
      const example = `${receiverText(withoutParentheses(naive.node))}.replace(tzinfo=UTC)`
      const data = {
        code: excerpt(node),
        consequence,
        reason: column ? describeColumn(context, column) : reasonOf(context, naive.node),
        example: excerpt({ text: example } as PythonNode),
        orColumn: column ? ', or make the column DateTime(timezone=True)' : '',
      }
      const suggestion = attachZone(naive)
      context.report({ node, messageId: 'mixed', data, suggest: suggestion ? [suggestion] : [], related: column ? relatedColumn(context, column) : [] })
    }

    function attachZone({ node, kind }: NaiveOperand) {
      const utc = kind.holds === 'local' || isTarget(node) ? null : utcText(context, node)
      if (!utc) return null
      const example = `${receiverText(node)}.replace(tzinfo=${utc.text})`
      const fix = replacing(node, example, [utc])
      const data = { example: excerpt({ text: example } as PythonNode), holder: columnBehind(context, node) ? 'the column' : `\`${excerpt(node)}\`` }
      return { messageId: kind.holds === 'utc' ? ('attach' as const) : ('attachIfUtc' as const), data, fix }
    }
  },
})

const ORDERING_CALLS: ReadonlySet<string> = new Set(['min', 'max', 'sorted', 'sort'])

/** The naive side, if the other one is aware. */
function naiveAgainst(context: Context, aware: PythonNode, naive: PythonNode): NaiveOperand | null {
  if (!possibleKinds(context, aware).some(({ kind }) => kind === 'aware')) return null
  const found = possibleKinds(context, naive).find((kind) => kind.kind === 'naive')
  return found?.kind === 'naive' ? { node: naive, kind: found } : null
}

/** The kind of an expression; of `max(items, default=x)` that of the elements and that of the default. */
function possibleKinds(context: Context, node: PythonNode): readonly Kind[] {
  const kind = context.kindOf(node)
  if (kind.kind !== 'datetime') return [kind]
  const call = withoutParentheses(onlyValueOf(context, node) ?? node)
  if (call.kind !== 'call' || !/^(min|max)$/.test(call.function.text)) return [kind]
  const [items] = positionalArguments(call)
  const byDefault = keywordArguments(call).get('default')
  return items && byDefault ? [joinKinds([context.kinds.elementOf(items)]), context.kindOf(byDefault)] : [kind]
}

/** A naive one among expressions of which another is aware. */
function mixedParts(context: Context, parts: readonly PythonNode[]): NaiveOperand | null {
  const kinds = parts.map((part) => (mayBeTime(part) ? context.kindOf(part) : null))
  if (!kinds.some((kind) => kind?.kind === 'aware')) return null
  const at = kinds.findIndex((kind) => kind?.kind === 'naive')
  const kind = kinds[at]
  return kind?.kind === 'naive' ? { node: parts[at]!, kind } : null
}

/** The naive branch of `row.at or datetime.min` and of a conditional expression, if another branch is aware. */
function mixedBranches(context: Context, key: PythonNode): NaiveOperand | null {
  const parts: PythonNode[] = []
  const stack = [withoutParentheses(key)]
  for (let part = stack.pop(); part && parts.length < MAX_BRANCHES; part = stack.pop()) {
    if (part.kind === 'boolean_operator' && part.operator.kind === 'or') stack.push(withoutParentheses(part.right), withoutParentheses(part.left))
    else if (part.kind === 'conditional_expression') {
      const [then, , otherwise] = part.namedChildren
      if (then && otherwise) stack.push(withoutParentheses(otherwise), withoutParentheses(then))
    } else parts.push(part)
  }
  return parts.length > 1 ? mixedParts(context, parts) : null
}

const MAX_BRANCHES = 20

/** Where a naive value comes from that is in no column. */
function reasonOf(context: Context, node: PythonNode): string {
  const shown = excerpt(withoutParentheses(node))
  for (const part of valueBehind(context, node)) {
    if (part === withoutParentheses(node) || !isDecided(context.kindOf(part)) || part.kind === 'identifier' || part.kind === 'binary_operator') continue
    return `\`${shown}\` is naive, it comes from \`${excerpt(part)}\` in line ${part.loc.start.line}`
  }
  return `\`${shown}\` is naive`
}
