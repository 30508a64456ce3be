import { canComplete, statementCompletes } from '../facts/completion.ts'
import type { ExceptClauseNode, ForStatementNode, PythonNodeMap, TryStatementNode, WhileStatementNode } from '../generated/nodes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Constant } from '../values/constant.ts'
import { isCallOf } from '../values/value.ts'
import { ownCode } from './own-code.ts'
import { withoutParentheses } from './parentheses.ts'

export type LoopNode = ForStatementNode | WhileStatementNode
type RetryContext = Pick<PythonServices, 'values' | 'scopes'>

/** A loop that repeats a `try` until it succeeds. */
export interface RetryLoop {
  readonly loop: LoopNode
  readonly tryStatement: TryStatementNode
  /** The handlers from which the next attempt can be reached. */
  readonly handlers: readonly ExceptClauseNode[]
  /** The `return`s and `break`s by which success leaves the loop. */
  readonly exits: readonly PythonNode[]
  /** The statements that run between the `try` and the end of the loop's body, after a failure as well as after success. */
  readonly rest: readonly PythonNode[]
}

/** What a `for` over attempts goes through. */
export interface Attempts {
  /** `range()`, `itertools.count()`, a sequence of delays, or an object of tenacity or stamina. */
  readonly kind: 'range' | 'count' | 'delays' | 'library'
  /** How many there are; `null` where it is not known, or without end. */
  readonly count: number | null
}

/**
 * The retry loop whose attempts a `try` statement makes, or `null`.
 *
 * The loop's body holds the `try` directly or under `with` and `if`. Success leaves the loop by a `return` or `break` in the `try` body, its `else` or
 * what follows, and some handler reaches the next round. A loop whose success goes round again is none: a worker, or a loop over data. A `for`
 * must count attempts: `range()`, `itertools.count()`, a constant sequence of delays, tenacity's `Retrying`.
 */
export function retryLoopOf(context: RetryContext, tryStatement: TryStatementNode): RetryLoop | null {
  const place = placeInLoop(tryStatement)
  if (!place || (place.loop.kind === 'for_statement' && !countsAttempts(context, place, place.loop))) return null
  if (place.loop.kind === 'while_statement' && takesItem(context, place.loop, tryStatement)) return null
  const exits = exitsOf(place)
  if (!successLeaves(context, place, exits)) return null
  const handlers = clausesOf(tryStatement, 'except_clause').filter((clause) => reachesNextRound(place, blockOf(clause)))
  return handlers.length > 0 ? { loop: place.loop, tryStatement, handlers, exits, rest: place.rest } : null
}

/** Whether a handler leads to the next attempt of a retry loop. */
export function leadsToNextAttempt(context: RetryContext, clause: ExceptClauseNode): boolean {
  const tryStatement = clause.parent
  return tryStatement?.kind === 'try_statement' && retryLoopOf(context, tryStatement)?.handlers.includes(clause) === true
}

/** The end of `for attempt in range(3):`. */
export function loopHeaderEnd(loop: LoopNode): number {
  return loop.children.findLast(({ kind, end }) => kind === ':' && end <= loop.body.start)?.end ?? loop.end
}

interface Place {
  readonly loop: LoopNode
  readonly tryStatement: TryStatementNode
  /** The statements that run between the `try` and the end of the loop's body, in order. */
  readonly rest: readonly PythonNode[]
}

/** Where a `try` stands in the loop around it; `null` if there is none, or if more than `with` and `if` lies between. */
function placeInLoop(tryStatement: TryStatementNode): Place | null {
  const rest: PythonNode[] = []
  for (let child: PythonNode = tryStatement, node = tryStatement.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'block':
        rest.push(...node.namedChildren.filter(({ start }) => start >= child.end))
        break
      case 'if_statement':
      case 'elif_clause':
      case 'with_statement':
        break
      case 'else_clause':
        if (node.parent?.kind !== 'if_statement') return null
        break
      case 'for_statement':
      case 'while_statement':
        return child === node.body ? { loop: node, tryStatement, rest } : null
      default:
        return null
    }
  }
  return null
}

const LIBRARY_ATTEMPTS = ['stamina.retry_context', 'tenacity.AsyncRetrying', 'tenacity.Retrying']

/** The attempts that a `for` goes through, with or without `enumerate()`; `null` if it goes through anything else. */
export function attemptsOf({ values }: RetryContext, loop: ForStatementNode): Attempts | null {
  let over = values.of(loop.right)
  if (isCallOf(over, 'builtins.enumerate') && over.arguments[0]) over = values.follow(over.arguments[0])
  if (isCallOf(over, 'builtins.range')) return { kind: 'range', count: lengthOfRange(over.arguments.map((bound) => values.constant(bound))) }
  if (isCallOf(over, 'itertools.count')) return { kind: 'count', count: null }
  if (isCallOf(over, ...LIBRARY_ATTEMPTS)) return { kind: 'library', count: null }
  const delays = values.constant(over)
  return Array.isArray(delays) && isDelays(delays) ? { kind: 'delays', count: delays.length } : null
}

function lengthOfRange(bounds: readonly (Constant | undefined)[]): number | null {
  const [start, stop, step] = bounds.length === 1 ? [0, bounds[0], 1] : [bounds[0], bounds[1], bounds[2] ?? 1]
  if (typeof start !== 'number' || typeof stop !== 'number' || typeof step !== 'number' || step === 0) return null
  return Math.max(0, Math.ceil((stop - start) / step))
}

/** Numbers; `None` may stand for no delay. */
function isDelays(items: readonly Constant[]): boolean {
  return items.some((item) => typeof item === 'number') && items.every((item) => typeof item === 'number' || item === null)
}

function countsAttempts(context: RetryContext, { tryStatement }: Place, loop: ForStatementNode): boolean {
  const attempts = attemptsOf(context, loop)
  return attempts !== null && (attempts.kind !== 'delays' || !usesItem(context, loop, tryStatement))
}

/** `while jobs: job = jobs.pop()`: each round is about something else. */
function takesItem({ scopes }: RetryContext, { body }: WhileStatementNode, tryStatement: TryStatementNode): boolean {
  for (const node of ownCode(body)) {
    if (node.start >= tryStatement.start) return false
    if (node.kind !== 'assignment' || node.left.kind !== 'identifier' || node.right?.kind !== 'call') continue
    const called = withoutParentheses(node.right.function)
    if (!TAKING.has(called.kind === 'attribute' ? called.attribute.text : called.text)) continue
    if (scopes.bindingOf(node.left)?.references.some((reference) => tryStatement.contains(reference))) return true
  }
  return false
}

const TAKING: ReadonlySet<string> = new Set(['get_nowait', 'next', 'pop', 'popitem', 'popleft'])

/** Success must not go round again; where a test decides that, its exit must look like success. */
function successLeaves(context: RetryContext, place: Place, exits: readonly PythonNode[]): boolean {
  if (exits.length === 0) return false
  if (!successGoesRound(place)) return true
  const { loop } = place
  // What does not depend on the item is the same attempt again; `while` has its `break` and bare `return` for the end of the work.
  if (loop.kind === 'for_statement') return !usesItem(context, loop, place.tryStatement)
  return exits.some((exit) => givesResult(exit) && isOfAttempt(context, exit, place)) || onlyTestsResult(place)
}

/** Polling: behind the `try` body, an `else` or what follows tests the answer, and nothing else is done with it before the next round. */
function onlyTestsResult(place: Place): boolean {
  const { tryStatement, rest } = place
  // A `try` body that goes on by itself does more than to ask.
  if (jumpsIn(place, tryStatement.body, 'continue_statement').length > 0) return false
  const pending: PythonNode[] = [...clausesOf(tryStatement, 'else_clause'), ...rest]
  let exits = 0
  for (let node = pending.pop(); node; node = pending.pop()) {
    switch (node.kind) {
      case 'if_statement':
      case 'elif_clause': {
        const { condition } = node
        pending.push(...node.namedChildren.filter((child) => child !== condition))
        break
      }
      case 'block':
      case 'else_clause':
        pending.push(...node.namedChildren)
        break
      case 'return_statement':
      case 'break_statement':
        exits++
        break
      case 'continue_statement':
      case 'pass_statement':
        break
      case 'expression_statement':
        if (!isPause(node)) return false
        break
      default:
        return false
    }
  }
  return exits > 0
}

/** `time.sleep(1)`, `await asyncio.sleep(1)`, `elapsed += 0.1` */
function isPause(statement: PythonNode): boolean {
  let expression = statement.namedChildren[0]
  if (expression?.kind === 'augmented_assignment') return expression.right.kind === 'integer' || expression.right.kind === 'float'
  if (expression?.kind === 'await') expression = expression.namedChildren[0]
  if (expression?.kind !== 'call') return false
  const called = withoutParentheses(expression.function)
  return /^(sleep|wait)$/.test(called.kind === 'attribute' ? called.attribute.text : called.text)
}

/** The `return`s and `break`s by which success can leave the loop. */
function exitsOf(place: Place): readonly PythonNode[] {
  return successParts(place).flatMap((part) => [...jumpsIn(place, part, 'return_statement'), ...jumpsIn(place, part, 'break_statement')])
}

function successParts({ tryStatement, rest }: Place): readonly PythonNode[] {
  return [tryStatement.body, ...clausesOf(tryStatement, 'else_clause'), ...rest]
}

function successGoesRound(place: Place): boolean {
  for (const block of [place.tryStatement.body, ...clausesOf(place.tryStatement, 'else_clause').map(blockOf)]) {
    if (jumpsIn(place, block, 'continue_statement').length > 0) return true
    if (!completes(block)) return false
  }
  return restReachesNextRound(place)
}

/** What is returned comes from the attempt: it stands in the `try`, or reads a name that the `try` binds. */
function isOfAttempt({ scopes }: RetryContext, exit: PythonNode, { tryStatement }: Place): boolean {
  if (tryStatement.contains(exit)) return true
  for (const node of ownCode(exit)) {
    if (node.kind === 'identifier' && scopes.bindingOf(node)?.definitions.some((definition) => tryStatement.body.contains(definition.node))) return true
  }
  return false
}

/** `return answer`, but not `return`, `return None` or `return False`. */
function givesResult(exit: PythonNode): boolean {
  const value = exit.kind === 'return_statement' ? exit.namedChildren[0] : undefined
  return value !== undefined && value.kind !== 'none' && value.kind !== 'true' && value.kind !== 'false'
}

/** Whether the loop's item is read in the body of the `try`: then each round is about something else. */
function usesItem({ scopes }: RetryContext, loop: ForStatementNode, { body }: TryStatementNode): boolean {
  for (const identifier of ownCode(loop.left)) {
    const references = identifier.kind === 'identifier' ? scopes.bindingOf(identifier)?.references : undefined
    if (references?.some((reference) => body.contains(reference))) return true
  }
  return false
}

function reachesNextRound(place: Place, handler: PythonNode): boolean {
  return jumpsIn(place, handler, 'continue_statement').length > 0 || (completes(handler) && restReachesNextRound(place))
}

function restReachesNextRound(place: Place): boolean {
  for (const statement of place.rest) {
    if (jumpsIn(place, statement, 'continue_statement').length > 0) return true
    if (!completes(statement)) return false
  }
  return true
}

function completes({ tree, index, kind }: PythonNode): boolean {
  const kinds = kindTableOf(tree.grammar)
  return kind === 'block' ? canComplete(tree, kinds, index) : statementCompletes(tree, kinds, index)
}

/** The jumps at or below a node that mean the loop of the place. A `return` means every loop. */
function jumpsIn({ loop }: Place, root: PythonNode, kind: 'return_statement' | 'break_statement' | 'continue_statement'): readonly PythonNode[] {
  const found: PythonNode[] = []
  for (const node of ownCode(root)) if (node.kind === kind && (kind === 'return_statement' || targetLoop(node) === loop)) found.push(node)
  return found
}

/** The loop that a `break` or `continue` means. A loop's `else` belongs to the code around it. */
function targetLoop(jump: PythonNode): PythonNode | null {
  for (let child = jump, node = jump.parent; node; child = node, node = node.parent) {
    if ((node.kind === 'for_statement' || node.kind === 'while_statement') && child.kind !== 'else_clause') return node
  }
  return null
}

function clausesOf<Kind extends 'except_clause' | 'else_clause'>(tryStatement: TryStatementNode, kind: Kind): readonly PythonNodeMap[Kind][] {
  return tryStatement.namedChildren.filter((child): child is PythonNodeMap[Kind] => child.kind === kind)
}

function blockOf(clause: PythonNode): PythonNode {
  return clause.namedChildren.find(({ kind }) => kind === 'block') ?? clause
}
