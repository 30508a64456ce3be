import { attemptsOf, ownCode } from '@krait/python'
import type { ExceptClauseNode, LoopNode, PythonNode, PythonServices, RetryLoop } from '@krait/python'

/** Longer chains of names that are made of one another are not followed. */
const MAX_STEPS = 5

/**
 * What tells one attempt of a loop from the next: the target of a `for`, what the loop's body counts up or down, and names that it makes of these; written as
 * in the code (`attempt`, `self.tries`).
 */
export function attemptNames(loop: LoopNode): ReadonlySet<string> {
  const names = new Set<string>(loop.kind === 'for_statement' ? namesIn(loop.left) : [])
  for (const node of ownCode(loop.body)) {
    if (node.kind === 'augmented_assignment') names.add(node.left.text)
    else if (node.kind === 'named_expression' && namesIn(node.value).has(node.name.text)) names.add(node.name.text)
    else if (node.kind === 'assignment' && node.right && namesIn(node.right).has(node.left.text)) names.add(node.left.text)
  }
  return withDerived(loop, names, ({ kind }) => kind !== 'call')
}

/** What the body of a loop counts up or down by a number, and names that it makes of these. */
export function countedNames(loop: LoopNode): ReadonlySet<string> {
  const names = new Set<string>(loop.kind === 'for_statement' ? namesIn(loop.left) : [])
  for (const node of ownCode(loop.body)) {
    if (node.kind === 'augmented_assignment' && (node.operator.kind === '+=' || node.operator.kind === '-=') && node.right.kind === 'integer') names.add(node.left.text)
  }
  return withDerived(loop, names, () => true)
}

/** Adds the names that the body assigns something made of the given ones. */
function withDerived(loop: LoopNode, names: Set<string>, counts: (value: PythonNode) => boolean): ReadonlySet<string> {
  if (names.size === 0) return names
  const assigned: (readonly [target: string, value: PythonNode])[] = []
  for (const node of ownCode(loop.body)) if (node.kind === 'assignment' && node.right && counts(node.right)) assigned.push([node.left.text, node.right])
  for (let step = 0; step < MAX_STEPS; step++) {
    const made = assigned.filter(([target, value]) => !names.has(target) && readsAny(value, names))
    if (made.length === 0) break
    for (const [target] of made) names.add(target)
  }
  return names
}

/** Whether the number of attempts is bounded by the loop itself: a `for` over a range or over delays, a `while` that asks a counter. */
export function isBounded(context: PythonServices, loop: LoopNode): boolean {
  if (loop.kind === 'while_statement') return readsAny(loop.condition, attemptNames(loop))
  const kind = attemptsOf(context, loop)?.kind
  return kind === 'range' || kind === 'delays'
}

/** Whether the failing case leaves the loop, or raises, by a test of what tells the attempts apart: `if attempt == 2: raise`. */
export function leavesOnLastAttempt({ loop, rest }: RetryLoop, handler: ExceptClauseNode): boolean {
  const names = attemptNames(loop)
  const code = [handler, ...rest].flatMap((part) => [...ownCode(part)])
  const test = code.find((node) => (node.kind === 'if_statement' || node.kind === 'elif_clause') && readsAny(node.condition, names))
  return test !== undefined && code.some((node) => JUMPS.has(node.kind) && node.start > test.start)
}

const JUMPS: ReadonlySet<string> = new Set(['raise_statement', 'return_statement', 'break_statement'])

/** The names and attributes that the rounds of a loop assign. */
export function namesAssigned(loop: LoopNode): ReadonlySet<string> {
  const names = new Set<string>(loop.kind === 'for_statement' ? namesIn(loop.left) : [])
  for (const node of ownCode(loop.body)) {
    if (node.kind === 'assignment' || node.kind === 'augmented_assignment') for (const name of namesIn(node.left)) names.add(name)
    else if (node.kind === 'named_expression') names.add(node.name.text)
    else if (node.kind === 'as_pattern_target') for (const name of namesIn(node)) names.add(name)
  }
  return names
}

/** Whether code reads one of these names. */
export function readsAny(root: PythonNode, names: ReadonlySet<string>): boolean {
  for (const name of namesIn(root)) if (names.has(name)) return true
  return false
}

/** The variables and attributes in code, as they are written there. */
export function namesIn(root: PythonNode): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of ownCode(root)) {
    if (node.kind === 'attribute') names.add(node.text)
    else if (node.kind === 'identifier' && isVariable(node)) names.add(node.text)
  }
  return names
}

/** Not the `name` of `object.name` or of `f(name=1)`. */
function isVariable(identifier: PythonNode): boolean {
  const { parent } = identifier
  if (parent?.kind === 'attribute') return parent.attribute !== identifier
  return parent?.kind !== 'keyword_argument' || parent.name !== identifier
}
