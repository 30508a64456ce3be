import type { AssignmentNode, PythonNode } from '@krait/python'
import { withoutParentheses } from '@krait/python'

/** A test that fails for `None`. */
export interface NoneTest {
  /** The expression that is tested. */
  readonly value: PythonNode
  /** The name that it is given there by `:=`. */
  readonly alias: string | null
  /** `V is not None` or `V`, as a whole. */
  readonly test: PythonNode
}

/** The tests that must all hold in a condition, as far as they fail for `None`. */
export function noneTests(condition: PythonNode): readonly NoneTest[] {
  const found: NoneTest[] = []
  const pending = [condition]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const node = withoutParentheses(next)
    if (node.kind === 'boolean_operator' && node.operator.kind === 'and') pending.push(node.right, node.left)
    else {
      const tested = testedIn(node)
      if (tested?.kind === 'named_expression') found.push({ value: withoutParentheses(tested.value), alias: tested.name.text, test: node })
      else if (tested) found.push({ value: tested, alias: null, test: node })
    }
  }
  return found
}

function testedIn(node: PythonNode): PythonNode | null {
  if (node.kind === 'identifier' || node.kind === 'attribute' || node.kind === 'named_expression') return node
  if (node.kind !== 'comparison_operator' || node.operators.length !== 1) return null
  const operator = node.operators[0]!.kind
  const [left, right] = node.namedChildren
  return (operator === 'is not' || operator === '!=') && left && right?.kind === 'none' ? withoutParentheses(left) : null
}

/** Whether a value is the one that was tested, or comes from a call of it, on it or with it. */
export function derivesFrom(value: PythonNode, { value: tested, alias }: NoneTest): boolean {
  const isTested = (node: PythonNode): boolean => node.text === tested.text || node.text === alias
  let node = withoutParentheses(value)
  for (;;) {
    if (isTested(node)) return true
    if (node.kind === 'await' && node.namedChildren[0]) node = withoutParentheses(node.namedChildren[0])
    else if (node.kind !== 'call') return false
    else {
      const given = node.arguments.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child))
      if (given.some((argument) => isTested(withoutParentheses(argument)))) return true
      const called = withoutParentheses(node.function)
      if (called.kind !== 'attribute') return false
      node = withoutParentheses(called.object)
    }
  }
}

/** `obj.c = V if V is not None else obj.c`, `obj.c = V or obj.c`: the test, and the value that is assigned unless it fails. */
export function keptUnlessGiven({ left, right }: AssignmentNode): { readonly tests: readonly NoneTest[]; readonly value: PythonNode } | null {
  const value = right && withoutParentheses(right)
  if (value?.kind === 'conditional_expression') {
    const [given, condition, otherwise] = value.namedChildren
    if (!given || !condition || otherwise === undefined || withoutParentheses(otherwise).text !== left.text) return null
    return { tests: noneTests(condition), value: given }
  }
  if (value?.kind !== 'boolean_operator' || value.operator.kind !== 'or' || withoutParentheses(value.right).text !== left.text) return null
  const given = withoutParentheses(value.left)
  return { tests: noneTests(given), value: given }
}
