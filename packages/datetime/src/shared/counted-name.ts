import type { CallNode, PythonNode } from '@krait/python'
import { lastNameOf, positionalArguments, stringText } from '@krait/python'
import { COUNT_WORDS, periodIn } from './period-words.ts'
import type { Period } from './period-words.ts'

/** Factors with more parts are not looked at further. */
const MAX_PARTS = 50
/** Functions whose result is a count of what their argument counts. */
const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'float', 'round', 'abs', 'len', 'max', 'min', 'sum', 'ceil', 'floor', 'Decimal'])

/** A name that counts periods. */
export interface CountedPeriod {
  readonly name: string
  readonly period: Period
}

/**
 * The name of months, quarters or years in a factor: `plan.months`, `int(data["months"])`, `months + 1`.
 * @param valueOf the expression that a name stands for, if it is bound once
 */
export function countedPeriod(factor: PythonNode, valueOf: (name: PythonNode) => PythonNode | null): CountedPeriod | null {
  const stack: PythonNode[] = [factor]
  for (let node = stack.pop(), steps = 0; node && steps < MAX_PARTS; node = stack.pop(), steps++) {
    const name = nameOf(node)
    const period = name === null ? null : periodIn(name, COUNT_WORDS)
    if (name !== null && period) return { name, period }
    const value = valueOf(node)
    stack.push(...(value ? [value] : [...partsOf(node)].reverse()))
  }
  return null
}

function nameOf(node: PythonNode): string | null {
  if (node.kind === 'call') return keyOfGet(node) ?? lastNameOf(node)
  return node.kind === 'identifier' || node.kind === 'attribute' || node.kind === 'subscript' ? lastNameOf(node) : null
}

/** `months` of `data.get("months", 1)`. */
function keyOfGet(call: CallNode): string | null {
  return call.function.kind === 'attribute' && call.function.attribute.text === 'get' ? stringText(positionalArguments(call)[0]) : null
}

/** The parts of which one may be the count. */
function partsOf(node: PythonNode): readonly PythonNode[] {
  switch (node.kind) {
    case 'call':
      return CONVERSIONS.has(lastNameOf(node) ?? '') ? positionalArguments(node) : []
    case 'binary_operator':
      return node.operator.kind === '+' || node.operator.kind === '-' ? [node.left, node.right] : [node.left]
    case 'boolean_operator':
      return [node.left, node.right]
    case 'conditional_expression':
      return node.namedChildren.filter((_, i) => i !== 1)
    case 'named_expression':
      return [node.name, node.value]
    case 'parenthesized_expression':
    case 'unary_operator':
    case 'await':
      return node.namedChildren
    default:
      return []
  }
}
