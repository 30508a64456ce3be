import type { BinaryOperatorNode, CallNode, Constant, PythonNode } from '@krait/python'
import { hasSplat, keywordArguments, lastNameOf, positionalArguments, withoutParentheses } from '@krait/python'

/** What `timedeltaTerms` needs; a rule's context has it. */
interface LengthContext {
  /** The number that an expression is known to be; `undefined` too for one that shall count as a factor. */
  constantOf(node: PythonNode): Constant | undefined
  /** The expression that a name stands for, if it is to be looked through. */
  valueOf(name: PythonNode): PythonNode | null
}

/** A product that a `timedelta` adds up: `30 * months` in `timedelta(days=30 * months, hours=1)`. */
export interface Term {
  /** Its constant factors, each in days if it were the only one. */
  readonly constants: readonly number[]
  /** The constant factors multiplied, in days. */
  readonly days: number
  /** The other factors. */
  readonly factors: readonly PythonNode[]
}

/** A `timedelta` call and what it is multiplied by. */
export interface TimedeltaLength {
  /** The outermost product: `timedelta(days=30) * months`, or the call itself. */
  readonly whole: PythonNode
  readonly terms: readonly Term[]
}

/** The parameters of `timedelta` in order, with their length in days as a fraction. */
const UNITS: Readonly<Record<string, readonly [numerator: number, denominator: number]>> = {
  days: [1, 1],
  seconds: [1, 86_400],
  microseconds: [1, 86_400_000_000],
  milliseconds: [1, 86_400_000],
  minutes: [1, 1440],
  hours: [1, 24],
  weeks: [7, 1],
}
const UNIT_ORDER = Object.keys(UNITS)
const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'float', 'round', 'ceil', 'floor'])
/** Sums, products and chains of names longer than this are not taken apart. */
const MAX_PARTS = 100

/** Whether an argument is one that `timedelta` has. */
export function isTimedeltaUnit(name: string): boolean {
  return Object.hasOwn(UNITS, name)
}

/** What a call of `timedelta` adds up; `null` if not all of its arguments can be seen. */
export function timedeltaLength(context: LengthContext, call: CallNode): TimedeltaLength | null {
  if (hasSplat(call)) return null
  const units = new Map(positionalArguments(call).map((value, i) => [UNIT_ORDER[i] ?? '', value]))
  for (const [name, value] of keywordArguments(call)) units.set(name, value)
  if ([...units.keys()].some((name) => !isTimedeltaUnit(name))) return null
  const { whole, product } = multiplications(context, call)
  const terms = [...units].flatMap(([unit, value]) => summands(context, value).map((summand) => termOf(unit, multiply(summand, product))))
  return { whole, terms }
}

interface Product {
  readonly numbers: readonly number[]
  readonly factors: readonly PythonNode[]
}

const ONE: Product = { numbers: [], factors: [] }
const MINUS_ONE: Product = { numbers: [-1], factors: [] }

function multiply(a: Product, b: Product): Product {
  return { numbers: [...a.numbers, ...b.numbers], factors: [...a.factors, ...b.factors] }
}

function termOf(unit: string, { numbers, factors }: Product): Term {
  const [numerator, denominator] = UNITS[unit]!
  const inDays = (value: number) => (value * numerator) / denominator
  const all = numbers.reduce((result, value) => result * value, 1)
  return { constants: numbers.map(inDays), days: inDays(all), factors }
}

/** What stands around the call as a product: the other factors of `timedelta(days=30) * months`. */
function multiplications(context: LengthContext, call: CallNode): { readonly whole: PythonNode; readonly product: Product } {
  let whole: PythonNode = call
  let product = ONE
  for (let child: PythonNode = call, node = call.parent; node; child = node, node = node.parent) {
    if (node.kind === 'parenthesized_expression') continue
    if (!isProduct(node)) break
    product = multiply(product, productOf(context, node.left === child ? node.right : node.left))
    whole = node
  }
  return { whole, product }
}

/** The products that an expression adds up. */
function summands(context: LengthContext, expression: PythonNode): Product[] {
  const found: Product[] = []
  const stack: (readonly [PythonNode, sign: Product])[] = [[expression, ONE]]
  for (let entry = stack.pop(), steps = 0; entry && steps < MAX_PARTS; entry = stack.pop(), steps++) {
    const [part, sign] = entry
    const node = withoutConversion(part)
    const value = context.valueOf(node)
    if (node.kind === 'binary_operator' && node.operator.kind === '+') stack.push([node.right, sign], [node.left, sign])
    else if (node.kind === 'binary_operator' && node.operator.kind === '-') stack.push([node.right, multiply(sign, MINUS_ONE)], [node.left, sign])
    else if (value) stack.push([value, sign])
    else found.push(multiply(sign, productOf(context, node)))
  }
  return found
}

/** The factors of an expression; one, if it is no product. */
function productOf(context: LengthContext, expression: PythonNode): Product {
  const numbers: number[] = []
  const factors: PythonNode[] = []
  const stack = [expression]
  for (let part = stack.pop(), steps = 0; part && steps < MAX_PARTS; part = stack.pop(), steps++) {
    const node = withoutParentheses(part)
    const value = context.valueOf(node)
    const number = isProduct(node) ? undefined : context.constantOf(node)
    if (isProduct(node)) stack.push(node.right, node.left)
    else if (typeof number === 'number') numbers.push(number)
    else if (node.kind === 'unary_operator' && node.operator.kind === '-') {
      numbers.push(-1)
      stack.push(node.argument)
    } else if (value && isProduct(withoutParentheses(value))) stack.push(value)
    else factors.push(node)
  }
  return { numbers, factors }
}

/** `30 * months` of `int(30 * months)`. */
function withoutConversion(expression: PythonNode): PythonNode {
  const node = withoutParentheses(expression)
  const [argument] = node.kind === 'call' && CONVERSIONS.has(lastNameOf(node) ?? '') ? positionalArguments(node) : []
  return argument && withoutParentheses(argument).kind === 'binary_operator' ? withoutParentheses(argument) : node
}

function isProduct(node: PythonNode): node is BinaryOperatorNode {
  return node.kind === 'binary_operator' && node.operator.kind === '*'
}
