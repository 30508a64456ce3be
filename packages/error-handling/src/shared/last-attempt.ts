import { attemptsOf, ownCode, withoutParentheses } from '@krait/python'
import type { Constant, ForStatementNode, LoopNode, PythonNode, PythonServices, WhileStatementNode } from '@krait/python'
import { namesIn } from './attempts.ts'

/** What stands for a bound that is not known. Loops with as many attempts show how the last one differs. */
const SOME_BOUND = 7

type Known = ReadonlyMap<string, Constant>
type Evaluated = Constant | undefined

/** The values that the attempts of a loop have, at least the last three, in order. */
interface Rounds {
  readonly name: string
  readonly values: readonly Constant[]
  readonly bounds: Known
}

/**
 * The outcome by which a test tells the last attempt of a loop from all others: `true` for `attempt == n - 1`, `false` for `tries < limit`. `null` for other
 * tests. The loop's own variable or counter must be compared with its own bound.
 */
export function outcomeOnLastAttempt(context: PythonServices, loop: LoopNode, test: PythonNode): boolean | null {
  const outcomes = outcomesOf(context, loop, test)
  const last = outcomes.at(-1)
  return last !== undefined && outcomes.slice(0, -1).every((outcome) => outcome === !last) ? last : null
}

/** The outcome that a test has on all attempts but the first one: `true` for `attempt > 0`. `null` for other tests. */
export function outcomeOnLaterAttempts(context: PythonServices, loop: LoopNode, test: PythonNode): boolean | null {
  const [, ...later] = outcomesOf(context, loop, test)
  return later[0] !== undefined && later.every((outcome) => outcome === later[0]) ? later[0] : null
}

/** The outcomes of a test for the attempts of its loop, in order; none if it does not ask which attempt it is. */
function outcomesOf(context: PythonServices, loop: LoopNode, test: PythonNode): readonly (boolean | undefined)[] {
  const rounds = loop.kind === 'for_statement' ? roundsOfFor(context, loop) : roundsOfWhile(context, loop, test)
  if (!rounds || rounds.values.length < 2 || !namesIn(test).has(rounds.name)) return []
  return rounds.values.map((value) => truth(evaluate(context, test, new Map([...rounds.bounds, [rounds.name, value]]))))
}

/** Whether code runs on the last attempt only, by the `if`s around it that stand in the loop. */
export function isOnLastAttempt(context: PythonServices, loop: LoopNode, node: PythonNode): boolean {
  for (let child = node, parent = node.parent; parent && parent !== loop; child = parent, parent = parent.parent) {
    if (parent.kind === 'if_statement' && child !== parent.condition) {
      const outcome = outcomeOnLastAttempt(context, loop, parent.condition)
      if (outcome === (child === parent.consequence)) return true
    }
    if (parent.kind === 'block' && followsSkip(context, loop, parent, child)) return true
  }
  return false
}

/** Behind `if attempt < n - 1: ...; continue`. */
function followsSkip(context: PythonServices, loop: LoopNode, block: PythonNode, statement: PythonNode): boolean {
  return block.namedChildren.some((before) => {
    if (before.kind !== 'if_statement' || before.end > statement.start || before.alternative.length > 0) return false
    return before.consequence.namedChildren.at(-1)?.kind === 'continue_statement' && outcomeOnLastAttempt(context, loop, before.condition) === false
  })
}

function roundsOfFor(context: PythonServices, loop: ForStatementNode): Rounds | null {
  const isEnumerated = loop.right.kind === 'call' && context.resolvesTo(loop.right.function, ['builtins.enumerate'])
  const target = isEnumerated && loop.left.kind !== 'identifier' ? loop.left.namedChildren[0] : loop.left
  const attempts = attemptsOf(context, loop)
  if (target?.kind !== 'identifier' || !attempts) return null
  if (attempts.kind === 'delays' && !isEnumerated) {
    const values = context.constantOf(loop.right)
    return Array.isArray(values) ? { name: target.text, values: values as readonly Constant[], bounds: new Map() } : null
  }
  if (isEnumerated && attempts.count !== null) return { name: target.text, values: numbers(0, attempts.count), bounds: new Map() }
  if (attempts.kind !== 'range' || loop.right.kind !== 'call') return null
  const given = loop.right.arguments.namedChildren
  const bounds = unknownNames(context, loop.right, new Set())
  const [start, stop] = given.length === 1 ? [0, evaluate(context, given[0]!, bounds)] : given.slice(0, 2).map((bound) => evaluate(context, bound, bounds))
  if (given.length > 2 || typeof start !== 'number' || typeof stop !== 'number') return null
  return { name: target.text, values: numbers(start, stop), bounds }
}

/** A counter changes by one in each round; a test behind the change sees the changed value. */
function roundsOfWhile(context: PythonServices, loop: WhileStatementNode, test: PythonNode): Rounds | null {
  const step = [...ownCode(loop.body)].find((node) => node.kind === 'augmented_assignment' && node.right.text === '1' && namesIn(loop.condition).has(node.left.text))
  if (step?.kind !== 'augmented_assignment') return null
  const direction = step.operator.kind === '+=' ? 1 : step.operator.kind === '-=' ? -1 : 0
  const name = step.left.text
  const bounds = unknownNames(context, loop.condition, new Set([name]))
  const begins = numbers(-1, 2 * SOME_BOUND + 2).filter((value) => truth(evaluate(context, loop.condition, new Map([...bounds, [name, value]]))))
  const last = direction > 0 ? begins.at(-1) : begins[0]
  if (direction === 0 || last === undefined || begins.length < 2) return null
  const shift = step.end <= test.start ? direction : 0
  return { name, values: [2, 1, 0].map((before) => last - before * direction + shift), bounds }
}

function numbers(start: number, stop: number): number[] {
  return Array.from({ length: Math.min(100, Math.max(0, stop - start)) }, (_, i) => start + i)
}

/** A value for each name in an expression that is not known. */
function unknownNames(context: PythonServices, expression: PythonNode, except: ReadonlySet<string>): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const node of ownCode(expression)) {
    const isName = node.kind === 'attribute' || (node.kind === 'identifier' && node.parent?.kind !== 'attribute')
    if (isName && !except.has(node.text) && context.constantOf(node) === undefined) found.set(node.text, SOME_BOUND)
  }
  return found
}

/** The value of a test or of its parts. */
function evaluate(context: PythonServices, expression: PythonNode, known: Known): Evaluated {
  const node = withoutParentheses(expression)
  if (known.has(node.text)) return known.get(node.text)
  switch (node.kind) {
    case 'comparison_operator':
      return node.namedChildren.length === 2 ? compare(context, node, known) : undefined
    case 'not_operator': {
      const value = truth(evaluate(context, node.argument, known))
      return value === undefined ? undefined : !value
    }
    case 'binary_operator': {
      const [left, right] = [evaluate(context, node.left, known), evaluate(context, node.right, known)]
      if (typeof left !== 'number' || typeof right !== 'number') return undefined
      return node.operator.kind === '+' ? left + right : node.operator.kind === '-' ? left - right : undefined
    }
    case 'call': {
      const [sequence] = context.resolvesTo(node.function, ['builtins.len']) ? node.arguments.namedChildren : []
      const value = sequence && context.constantOf(sequence)
      return Array.isArray(value) ? value.length : undefined
    }
    default:
      return context.constantOf(node)
  }
}

function compare(context: PythonServices, node: PythonNode, known: Known): Evaluated {
  const [left, right] = node.namedChildren.map((operand) => evaluate(context, operand, known))
  const operator = node.children.filter(({ isNamed }) => !isNamed).map(({ text }) => text).join(' ')
  if (left === undefined || right === undefined) return undefined
  switch (operator) {
    case '==':
    case 'is':
      return left === right
    case '!=':
    case 'is not':
      return left !== right
    default:
      return typeof left === 'number' && typeof right === 'number' ? order(operator, left, right) : undefined
  }
}

function order(operator: string, left: number, right: number): Evaluated {
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return undefined
  }
}

function truth(value: Evaluated): boolean | undefined {
  return value === undefined ? undefined : Boolean(value)
}
