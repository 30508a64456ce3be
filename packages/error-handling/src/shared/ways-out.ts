import { calledProjectFunction, callLabel, loggingCall, positionalArguments, terminates, withoutParentheses } from '@krait/python'
import type { CallNode, FinallyClauseNode, Flow, FlowEdge, FlowPath, FlowPoint, LoggerContext, PythonNode } from '@krait/python'
import { stateChange } from './state-changes.ts'
import type { StateChange } from './state-changes.ts'

/** Ways on which a function is left without what undoes a change. */
export interface WaysOut {
  /** One that an exception takes, and one that is written down: a `return`, a `raise`, the end. At least one is there. */
  readonly byException: FlowPath | null
  readonly byJump: FlowPath | null
}

/** @param ends where the change is undone, or over for another reason; `null` if all ways out come there */
export function waysOut(context: LoggerContext, flow: Flow, change: StateChange, ends: readonly PythonNode[]): WaysOut | null {
  const quiet = new Map<PythonNode, boolean>()
  const finals = ends.flatMap((end) => finallyAround(end, change.node) ?? [])
  const begin = change.node.parent?.kind === 'await' ? change.node.parent : change.node
  const options = {
    avoiding: ({ node }: FlowPoint) => ends.some((end) => end.contains(node)) || finals.some((clause) => clause.contains(node)),
    consistent: true,
    edges: (edge: FlowEdge) => !isOtherWay(edge),
  }
  const any = flow.findPath(begin, 'exit', { ...options, exceptions: mayRaise })
  if (!any) return null
  const byJump = flow.findPath(begin, 'exit', { ...options, exceptions: isRaise })
  const byException = flow.findPath(begin, 'raise-exit', { ...options, exceptions: (edge) => !isRaise(edge) && mayRaise(edge) }) ?? (byJump ? null : any)
  return { byException, byJump }

  /** The lock was not acquired, or what passes handlers that all undo the change, or a `suppress(Exception)`. */
  function isOtherWay({ kind, decider, reasons, source }: FlowEdge): boolean {
    if (source.role === 'with-exit' && kind !== 'swallow' && source.edges.some((other) => other.kind === 'swallow')) return suppressesErrors(context, source.node)
    if (kind === 'false' && decider) return change.kind === 'lock' && isResultOf(context, decider, change.node)
    return kind === 'no-match' && reasons.length > 0 && (!reasons.includes('unmatched') || everyHandlerEndsIt(decider))
  }

  function everyHandlerEndsIt(clause: PythonNode | null): boolean {
    const handlers = clause?.parent?.namedChildren.filter(({ kind }) => kind === 'except_clause') ?? []
    return handlers.every((handler) => ends.some((end) => handler.contains(end)))
  }

  function mayRaise(edge: FlowEdge): boolean {
    const { reasons, source } = edge
    if (reasons.some((reason) => RAISING.has(reason))) return true
    if (reasons.includes('subscript') && !isOnlyStored(source.node)) return true
    return reasons.includes('call') && !(source.node.kind === 'call' && isQuiet(source.node))
  }

  function isQuiet(call: CallNode): boolean {
    let answer = quiet.get(call)
    if (answer === undefined) quiet.set(call, (answer = isSureToSucceed(context, call)))
    return answer
  }
}

const RAISING: ReadonlySet<string> = new Set(['await', 'raise', 'yield'])

function isRaise({ reasons }: FlowEdge): boolean {
  return reasons.includes('raise')
}

/** What is undone in a `finally` is undone, whatever else goes wrong there. */
function finallyAround(end: PythonNode, change: PythonNode): FinallyClauseNode | null {
  const clause = end.closest('finally_clause', 'function_definition', 'lambda')
  return clause?.kind === 'finally_clause' && !clause.contains(change) ? clause : null
}

/** `table[key] = value`: what may be missing when it is read can be written. */
function isOnlyStored(node: PythonNode): boolean {
  const assignment = node.kind === 'subscript' ? node.parent : node
  if (assignment?.kind !== 'assignment' || assignment.left.kind !== 'subscript') return false
  if (assignment.left !== node && assignment !== node) return false
  return ![assignment.left.value, ...assignment.left.subscript, assignment.right].some((part) => part && [part, ...part.descendants()].some(({ kind }) => kind === 'subscript'))
}

/** Loggers, constructors of exceptions, what ends the process, `scope.cancel()`, and methods such as `add` that change what is known. */
function isSureToSucceed(context: LoggerContext, call: CallNode): boolean {
  if (loggingCall(context, call) || makesException(context, call) || terminates(context, call) || context.resolvesTo(call.function, SURE_MANAGERS)) return true
  const around = call.parent?.kind === 'assignment' ? call.parent : call
  const method = call.function?.kind === 'attribute' ? call.function.attribute.text : ''
  if (method === 'cancel') return calledProjectFunction(context, call) === null
  return SURE_METHODS.has(method) && stateChange(context, around) !== null
}

const SURE_MANAGERS: ReadonlySet<string> = new Set(['contextlib.ExitStack', 'contextlib.AsyncExitStack', 'contextlib.nullcontext', 'contextlib.suppress'])
const SURE_METHODS: ReadonlySet<string> = new Set(['add', 'append', 'clear', 'discard', 'release', 'reset', 'set'])

/** `suppress(Exception)`: cancellations and interrupts pass it, as they pass `except Exception`. */
function suppressesErrors(context: LoggerContext, item: PythonNode): boolean {
  const manager = item.kind === 'with_item' ? withoutParentheses(item.value) : item
  return manager.kind === 'call' && context.resolvesTo(manager.function, SUPPRESS) && positionalArguments(manager).some((type) => context.resolvesTo(type, BROAD))
}

const SUPPRESS = ['contextlib.suppress']
const BROAD = ['builtins.Exception', 'builtins.BaseException']

function makesException(context: LoggerContext, call: CallNode): boolean {
  const name = context.resolve(call.function)
  return name !== null && context.project.isSubclassOf(name, ['builtins.BaseException']) === true
}

/** Whether a condition is what a call has given: the call itself, or a name that is bound to nothing else. */
function isResultOf({ scopes }: LoggerContext, condition: PythonNode, call: PythonNode): boolean {
  let value: PythonNode | null | undefined = condition
  if (value.kind === 'named_expression') value = value.value
  if (value.kind === 'identifier') value = scopes.bindingOf(value)?.onlyDefinition?.value
  if (value?.kind === 'await') value = value.namedChildren[0]
  return value === call
}

/** "an exception from `fetch()` on line 3 (or the `return` on line 5)" */
export function describeWaysOut({ byException, byJump }: WaysOut): string {
  const exception = byException && describeException(byException)
  const jump = byJump && describeJump(byJump)
  return exception && jump ? `${exception} (or ${jump})` : (exception ?? jump ?? '')
}

function describeException(path: FlowPath): string {
  const node = path.edges.findLast((edge) => edge.kind === 'exception' && !isRaise(edge))?.source.node
  if (!node) return 'an exception'
  const call = node.kind === 'await' ? node.namedChildren[0] : node
  const source = call?.kind === 'call' ? ` from \`${callLabel(call)}\`` : node.kind === 'yield' ? ' at the `yield`' : ''
  return `an exception${source} on line ${node.loc.start.line}`
}

function describeJump({ edges, end }: FlowPath): string {
  const jump = end.role === 'raise-exit' ? edges.findLast(isRaise) : edges.find(({ kind }) => kind === 'return')
  if (!jump) return 'the end of the function'
  return `the \`${jump.kind === 'return' ? 'return' : 'raise'}\` on line ${jump.source.node.loc.start.line}`
}
