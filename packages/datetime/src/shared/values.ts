import type { PythonNode, PythonRuleContext } from '@krait/python'
import { Definition, isDatetime, withoutParentheses } from '@krait/python'

/** Longer chains of locals and sums are not followed. */
const MAX_STEPS = 10

/** The expression whose value a local has, if it can have no other at this place; `null` for all else. */
export function onlyValueOf(context: PythonRuleContext, node: PythonNode): PythonNode | null {
  if (node.kind !== 'identifier') return null
  const origins = context.kinds.originsOf(node)
  const from = origins?.length === 1 ? origins[0]!.from : null
  return from instanceof Definition ? from.value : null
}

/**
 * An expression, then what its point in time comes from: what a local is bound to, the datetime in `at + delta`, the receiver of `at.replace(hour=0)`.
 */
export function* valueBehind(context: PythonRuleContext, expression: PythonNode): Generator<PythonNode> {
  let node: PythonNode | null = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS && node; step++) {
    yield node
    const next: PythonNode | null = stepBehind(context, node)
    node = next && withoutParentheses(next)
  }
}

function stepBehind(context: PythonRuleContext, node: PythonNode): PythonNode | null {
  switch (node.kind) {
    case 'identifier':
      return onlyValueOf(context, node)
    case 'named_expression':
      return node.value
    case 'await':
      return node.namedChildren[0] ?? null
    case 'binary_operator':
      if (node.operator.kind !== '+' && node.operator.kind !== '-') return null
      return isDatetime(context.kindOf(node.left)) || context.kindOf(node.left).kind === 'date' ? node.left : node.operator.kind === '+' ? node.right : null
    case 'call': {
      const method = node.function
      return method.kind === 'attribute' && method.attribute.text === 'replace' && !node.arguments.text.includes('tzinfo') ? method.object : null
    }
    default:
      return null
  }
}

/** The branches of conditional expressions and of `or`, in the value of an expression or of the local that it is. */
export function branchesOf(context: PythonRuleContext, expression: PythonNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  const stack: PythonNode[] = [expression]
  for (let part = stack.pop(), steps = 0; part && steps < MAX_BRANCHES; part = stack.pop(), steps++) {
    const node = withoutParentheses(part)
    const value = onlyValueOf(context, node)
    if (value && isBranching(withoutParentheses(value))) stack.push(value)
    else if (node.kind === 'boolean_operator' && node.operator.kind === 'or') stack.push(node.right, node.left)
    else if (node.kind === 'conditional_expression') stack.push(...[node.namedChildren[2], node.namedChildren[0]].filter((branch) => branch !== undefined))
    else found.push(node)
  }
  return found
}

const MAX_BRANCHES = 40

function isBranching(node: PythonNode): boolean {
  return node.kind === 'conditional_expression' || (node.kind === 'boolean_operator' && node.operator.kind === 'or')
}
