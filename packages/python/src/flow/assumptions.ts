import type { AssignmentNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import type { Assuming } from './search.ts'

/** Something that a test decides, written so that equal tests are equal: whether `subject` is true, or whether it is `None`. */
interface Condition {
  readonly subject: string
  readonly asks: 'truth' | 'none'
  /** Whether the test holds when the condition does not: `x is not None`. */
  readonly isNegated: boolean
  /** The names and attributes in it: when one of them is bound anew, nothing is known any more. */
  readonly parts: readonly string[]
}

/**
 * What is known, the oldest first. Each subject has a number `s`; its truth is `4 * s + 1` or `4 * s` (not true), and whether it is `None`
 * `4 * s + 3` or `4 * s + 2`.
 */
type Facts = readonly number[]
const IS_NONE = 2

/** A path forgets the oldest of more facts than these. */
const MAX_FACTS = 32

/**
 * What a path knows from its tests, so that it does not go one way at `if x:` and the other way at a later `if not x:`, with `x` unchanged. It also
 * knows the constants that it has assigned to names. Only tests without calls are remembered, and only what is asked twice.
 */
export class Assumptions implements Assuming {
  readonly #graph: FlowGraph
  readonly #boundAt: ReadonlyMap<number, readonly string[]>
  readonly #conditions = new Map<number, Condition | null>()
  /** The subjects worth remembering: those of which two tests ask, or one test and an assignment of a constant. */
  readonly #subjects: ReadonlyMap<string, number>
  readonly #partsOfSubjects: (readonly string[])[] = []
  readonly #facts: Facts[] = [[]]
  readonly #numbers = new Map<string, number>([['', 0]])

  /** @param boundAt the names that are bound or unbound at each point */
  constructor(graph: FlowGraph, boundAt: ReadonlyMap<number, readonly string[]>) {
    this.#graph = graph
    this.#boundAt = boundAt
    this.#subjects = this.#findSubjects()
  }

  after(assumptions: number, edge: number): number {
    const { edgeSources, edgeKinds, edgeNodes } = this.#graph
    const before = this.#facts[assumptions]!
    let facts = this.#afterPoint(before, edgeSources[edge]!)
    const kind = edgeKinds[edge]!
    if (kind === G.TRUE_EDGE || kind === G.FALSE_EDGE) {
      const condition = this.#conditionOf(edgeNodes[edge]!)
      const subject = condition ? this.#subjects.get(condition.subject) : undefined
      if (subject !== undefined) {
        const next = assume(facts, 4 * subject + (condition!.asks === 'none' ? IS_NONE : 0), (kind === G.TRUE_EDGE) !== condition!.isNegated)
        if (!next) return -1
        facts = next
      }
    }
    return facts === before ? assumptions : this.#numberOf(facts)
  }

  /** What is still known when a point has been executed. */
  #afterPoint(facts: Facts, point: number): Facts {
    const assignment = this.#assignmentAt(point)
    const target = assignment ? textOf(assignment.left) : ''
    const bound = [...(this.#boundAt.get(point) ?? []), ...(assignment?.left.kind === 'attribute' ? [target] : [])]
    const isGone = (fact: number) => this.#partsOfSubjects[fact >> 2]!.some((part) => bound.includes(part))
    const left = bound.length > 0 && facts.some(isGone) ? facts.filter((fact) => !isGone(fact)) : facts
    const subject = assignment?.right ? this.#subjects.get(target) : undefined
    const truth = subject === undefined ? undefined : truthOfConstant(assignment!.right!)
    if (truth === undefined) return left
    const isNone = assignment!.right!.kind === 'none'
    return [...left, 4 * subject! + Number(truth), 4 * subject! + IS_NONE + Number(isNone)]
  }

  #assignmentAt(point: number): AssignmentNode | null {
    const { tree, pointNodes, pointRoles } = this.#graph
    if (pointRoles[point] !== G.EXPRESSION) return null
    const node = tree.node(pointNodes[point]!) as PythonNode
    const isPlain = node.kind === 'assignment' && (node.left.kind === 'identifier' || node.left.kind === 'attribute')
    return isPlain ? node : null
  }

  #conditionOf(node: number): Condition | null {
    let condition = this.#conditions.get(node)
    if (condition === undefined) {
      condition = conditionOf(this.#graph.tree.node(node) as PythonNode)
      this.#conditions.set(node, condition)
    }
    return condition
  }

  #findSubjects(): ReadonlyMap<string, number> {
    const { edgeCount, edgeKinds, edgeNodes, pointCount } = this.#graph
    const tests = new Map<string, Set<number>>()
    const parts = new Map<string, readonly string[]>()
    for (let edge = 0; edge < edgeCount; edge++) {
      const condition = edgeKinds[edge] === G.TRUE_EDGE ? this.#conditionOf(edgeNodes[edge]!) : null
      if (!condition) continue
      parts.set(condition.subject, condition.parts)
      const asking = tests.get(condition.subject)
      if (asking) asking.add(edgeNodes[edge]!)
      else tests.set(condition.subject, new Set([edgeNodes[edge]!]))
    }
    const assigned = new Set<string>()
    for (let point = 0; point < pointCount; point++) {
      const assignment = this.#assignmentAt(point)
      if (assignment?.right && truthOfConstant(assignment.right) !== undefined) assigned.add(textOf(assignment.left))
    }
    const subjects = new Map<string, number>()
    for (const [subject, asking] of tests) {
      if (asking.size > 1 || assigned.has(subject)) subjects.set(subject, this.#partsOfSubjects.push(parts.get(subject)!) - 1)
    }
    return subjects
  }

  #numberOf(all: Facts): number {
    const facts = all.length > MAX_FACTS ? all.slice(-MAX_FACTS) : all
    const key = [...facts].sort((a, b) => a - b).join()
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#facts.push(facts) - 1
      this.#numbers.set(key, number)
    }
    return number
  }
}

/** The facts with one more; `null` if it contradicts them. */
function assume(facts: Facts, question: number, holds: boolean): Facts | null {
  const fact = question + Number(holds)
  if (facts.includes(fact)) return facts
  if (facts.includes(question + Number(!holds))) return null
  if (!holds) return [...facts, fact]
  // What is true is not None, and None is not true.
  const opposite = question ^ IS_NONE
  if (facts.includes(opposite + 1)) return null
  return facts.includes(opposite) ? [...facts, fact] : [...facts, fact, opposite]
}

/** What a test asks; `null` if the same words may give another answer later. */
function conditionOf(test: PythonNode): Condition | null {
  if (test.kind === 'named_expression') return aboutTruth(test.name)
  if (!isStable(test)) return null
  if (test.kind !== 'comparison_operator' || test.operators.length !== 1) return aboutTruth(test)
  const [left, right] = test.namedChildren
  if (!left || !right) return null
  const operator = textOf(test.operators[0]!)
  if ((operator === 'is' || operator === 'is not' || operator === '==' || operator === '!=') && right.kind === 'none') {
    return { subject: textOf(left), asks: 'none', isNegated: operator === 'is not' || operator === '!=', parts: partsOf(left) }
  }
  const positive = POSITIVE.get(operator)
  const subject = `${textOf(left)} ${positive ?? operator} ${textOf(right)}`
  return { subject, asks: 'truth', isNegated: positive !== undefined, parts: partsOf(test) }
}

/** Operators that say the opposite of others. */
const POSITIVE: ReadonlyMap<string, string> = new Map([
  ['!=', '=='],
  ['is not', 'is'],
  ['not in', 'in'],
])

function aboutTruth(node: PythonNode): Condition {
  return { subject: textOf(node), asks: 'truth', isNegated: false, parts: partsOf(node) }
}

/** Names, attributes and constants, compared or not, and `isinstance()` of them. */
function isStable(test: PythonNode): boolean {
  switch (test.kind) {
    case 'call':
      if (test.function.text !== 'isinstance' && test.function.text !== 'issubclass') return false
      break
    case 'identifier':
    case 'attribute':
    case 'comparison_operator':
    case 'subscript':
      break
    default:
      return false
  }
  for (const inner of test.descendants()) if (inner.isNamed && CHANGING.has(inner.kind)) return false
  return true
}

const CHANGING: ReadonlySet<string> = new Set(['call', 'await', 'yield', 'named_expression', 'list_comprehension', 'generator_expression', 'ERROR'])

/** The names and dotted names in an expression. */
function partsOf(node: PythonNode): readonly string[] {
  const parts = new Set<string>()
  for (const inner of [node, ...node.descendants()]) {
    if (inner.kind === 'attribute') parts.add(textOf(inner))
    if (inner.kind === 'identifier' && inner.fieldName !== 'attribute') parts.add(inner.text)
  }
  return [...parts]
}

function truthOfConstant(node: PythonNode): boolean | undefined {
  switch (node.kind) {
    case 'true':
      return true
    case 'false':
    case 'none':
      return false
    case 'integer':
      return !/^0[xob]?[0_]*$/i.test(node.text)
    case 'string':
      return node.namedChildren.some(({ kind }) => kind === 'interpolation') ? undefined : node.namedChildren.some(({ kind }) => kind === 'string_content')
    default:
      return undefined
  }
}

function textOf(node: { readonly text: string }): string {
  return node.text.replace(/\s+/g, ' ')
}
