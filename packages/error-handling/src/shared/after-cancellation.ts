import { boundException, lastNamesIn, ownCode } from '@krait/python'
import type { AwaitingLoop, CallNode, ExceptClauseNode, ExceptionContext, Flow, FlowEdge, FlowLoop, FlowPoint, PathOptions, PythonNode, WhileStatementNode } from '@krait/python'
import { holdsForCancellation, isWait } from './cancellation.ts'

/** Where control goes on once a cancellation has been caught. */
export interface Continuation {
  readonly flow: Flow
  /** The points behind which it goes on: the beginning of a handler, the end of a `with`. */
  readonly from: readonly FlowPoint[]
  /** The handler; `null` for a `with`. */
  readonly handler: ExceptClauseNode | null
  /** The statement that catches: what stands in its `finally`, or in that of one around it, runs in any case. */
  readonly statement: PythonNode
  readonly options: PathOptions
}

/** What a path takes that carries a cancellation: none of the ways on which something is raised, and of a test of the exception the one that fits. */
export function cancelledPath(context: ExceptionContext, handler: ExceptClauseNode | null): PathOptions {
  const name = handler && boundException(handler)
  return {
    exceptions: 'none',
    consistent: true,
    edges: (edge) => edge.kind !== 'unwind' && (name === null || !contradicts(context, edge, name)),
  }
}

function contradicts(context: ExceptionContext, { kind, decider }: FlowEdge, exception: string): boolean {
  if ((kind !== 'true' && kind !== 'false') || decider?.kind !== 'call' || decider.function.text !== 'isinstance') return false
  const [subject, types] = decider.arguments.namedChildren
  if (subject?.kind !== 'identifier' || subject.text !== exception || !types) return false
  const holds = holdsForCancellation(context, types)
  return holds !== null && holds !== (kind === 'true')
}

/** The loop around that begins another round; `null` if none does. One that ends because of what the handler sets is none. */
export function nextRoundOf({ flow, from, handler, options }: Continuation): FlowLoop | null {
  const loops = from[0] ? flow.loopsAround(from[0]) : []
  return loops.find((loop) => !isEndedBy(handler, loop) && flow.canReachNextRound(from, loop, options)) ?? null
}

/** The next place at which the function waits; `null` if there is none. */
export function nextWaitOf({ flow, from, handler, statement, options }: Continuation): PythonNode | null {
  const ended = (from[0] ? flow.loopsAround(from[0]) : []).filter((loop) => isEndedBy(handler, loop))
  const isLater = (point: FlowPoint) => {
    const node = waitAt(point)
    return node !== null && handler?.contains(node) !== true && !runsAnyway(node, statement)
  }
  const found = ended.length === 0 ? flow.findPath(from, isLaterPoints(flow, isLater), options) : null
  if (found) return waitAt(found.end)
  if (ended.length === 0) return null
  const outside = isLaterPoints(flow, (point) => isLater(point) && !ended.some(({ node }) => node.contains(point.node)))
  const path = flow.findPath(from, isLaterPoints(flow, isLater), { ...options, nextRounds: false }) ?? flow.findPath(from, outside, options)
  return path && waitAt(path.end)
}

function isLaterPoints(flow: Flow, isTarget: (point: FlowPoint) => boolean): readonly FlowPoint[] {
  return flow.points.filter(isTarget)
}

/** What waits at a point: the `await`, or the statement of an `async for` or `async with` that begins there. */
function waitAt({ role, node }: FlowPoint): PythonNode | null {
  if (role === 'with-enter') {
    const statement = node.closest('with_statement')
    return statement && isWait(statement) ? statement : null
  }
  if (node.kind === 'await') return node
  return role === 'loop' && isWait(node) ? node : null
}

/** Whether a node stands in a `finally` of the statement or of one around it. */
function runsAnyway(node: PythonNode, statement: PythonNode): boolean {
  for (let clause = node.closest('finally_clause'); clause; clause = clause.closest('finally_clause')) {
    if (clause.parent?.contains(statement) && !clause.contains(statement)) return true
  }
  return false
}

/** Whether the handler sets what the condition of a loop tests. */
function isEndedBy(handler: ExceptClauseNode | null, { node }: FlowLoop): boolean {
  if (!handler || node.kind !== 'while_statement') return false
  const changed = namesSetIn(handler)
  return lastNamesIn((node as WhileStatementNode).condition).some((name) => changed.has(name))
}

/** What a handler sets, by last parts: `running` of `self.running = False`, `stop` of `stop.set()`. */
function namesSetIn(handler: PythonNode): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (target: PythonNode) => {
    if (target.kind === 'identifier') names.add(target.text)
    else if (target.kind === 'attribute') names.add(target.attribute.text)
  }
  for (const node of ownCode(handler)) {
    if (node.kind === 'assignment' || node.kind === 'augmented_assignment') {
      for (const target of node.left.kind === 'pattern_list' ? node.left.namedChildren : [node.left]) add(target)
    } else if (node.kind === 'call' && node.function.kind === 'attribute' && SETTING.has(node.function.attribute.text)) add(node.function.object)
  }
  return names
}

/** Methods of events. */
const SETTING: ReadonlySet<string> = new Set(['clear', 'set'])

/** What the function can give when it ends normally behind the handler: constants, or `undefined` for what is none. Empty if it does not end so. */
export function resultsOf({ flow, from, options }: Continuation): readonly (boolean | undefined)[] {
  const results: (boolean | undefined)[] = []
  for (const statement of flow.exits.returns) {
    if (!flow.canReach(from, statement, options)) continue
    const value = statement.namedChildren[0]
    results.push(value ? truthOf(value) : false)
  }
  const returns = flow.exits.returns
  if (flow.canReach(from, 'normal-exit', { ...options, avoiding: returns })) results.push(false)
  return results
}

/** Whether a constant counts as true; `undefined` for what is no constant. */
function truthOf(value: PythonNode): boolean | undefined {
  switch (value.kind) {
    case 'none':
    case 'false':
      return false
    case 'true':
      return true
    case 'integer':
    case 'float':
      return Number(value.text) !== 0
    case 'string':
      return value.descendants('interpolation').next().done ? value.descendants('string_content').next().done !== true : undefined
    default:
      return undefined
  }
}

/** Whether a loop that awaits the function goes on with these results. */
export function goesOn({ leavesOn, tested }: AwaitingLoop, results: readonly (boolean | undefined)[], handler: ExceptClauseNode | null): boolean {
  const changed = handler && tested ? namesSetIn(handler) : null
  if (changed && tested?.some((name) => changed.has(name))) return false
  switch (leavesOn) {
    case undefined:
      return true
    case 'truthy':
      return results.some((result) => result !== true)
    case 'falsy':
      return results.some((result) => result !== false)
    default:
      return results.includes(undefined)
  }
}

/** Methods by which a task answers for its cancellation. */
const ANSWERING: ReadonlySet<string> = new Set(['cancelling', 'uncancel'])

/** Whether a handler calls `uncancel()` or tests `cancelling()`, or keeps the exception to raise it later. */
export function knowsCancellation(handler: ExceptClauseNode, functionNode: PythonNode): boolean {
  const exception = boundException(handler)
  const kept = new Set<string>()
  for (const node of ownCode(handler)) {
    if (node.kind === 'call' && ANSWERING.has(methodName(node))) return true
    if (node.kind === 'assignment' && exception !== null && node.right?.text === exception && node.left.kind === 'identifier') kept.add(node.left.text)
  }
  if (kept.size === 0) return false
  for (const node of ownCode(functionNode)) {
    if (node.kind === 'raise_statement' && node.namedChildren[0]?.kind === 'identifier' && kept.has(node.namedChildren[0].text)) return true
  }
  return false
}

function methodName({ function: called }: CallNode): string {
  return called?.kind === 'attribute' ? called.attribute.text : ''
}
