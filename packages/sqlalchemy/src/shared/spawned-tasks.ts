import type { Binding, CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { classOfExpression, lastPart, positionalArguments, withoutParentheses } from '@krait/python'
import { isDefinition, LOOPS } from './coroutines.ts'
import { sessionsUsedBy } from './session-sharing.ts'
import type { UsedSession } from './session-sharing.ts'

/** A coroutine that is made a task. */
export interface SpawnedTask {
  /** The call of `create_task`. */
  readonly call: CallNode
  readonly coroutine: CallNode
  readonly sessions: readonly UsedSession[]
  /** The code in which it runs beside others: the block of a task group, which waits for it, or the function. */
  readonly reach: PythonNode
  readonly isInGroup: boolean
  /** Where it is waited for. */
  readonly awaits: readonly PythonNode[]
  /** It is given back, so that somebody else may wait for it. */
  readonly isReturned: boolean
}

const SPAWNING: ReadonlySet<string> = new Set(['asyncio.create_task', 'asyncio.ensure_future', 'asyncio.tasks.create_task'])
const WAITING: ReadonlySet<string> = new Set(['gather', 'wait', 'wait_for', 'shield', 'as_completed', 'run_until_complete'])
const LOOP_GETTERS: ReadonlySet<string> = new Set(['get_event_loop', 'get_running_loop', 'new_event_loop'])

/** The task that a call spawns; `null` for all other calls, for tasks that are waited for on the spot, and for those that `gather` is given. */
export function spawnedTask(context: PythonRuleContext, call: CallNode): SpawnedTask | null {
  const coroutine = positionalArguments(call)[0]
  const around = functionAround(call)
  if (coroutine?.kind !== 'call' || !around || isInWait(call)) return null
  const called = withoutParentheses(call.function)
  const group = called.kind === 'attribute' ? groupBlock(context, called.object, call) : null
  if (!group && !SPAWNING.has(context.resolve(called) ?? '') && !(called.kind === 'attribute' && isEventLoop(context, called.object))) return null
  const sessions = sessionsUsedBy(context, coroutine)
  if (sessions.length === 0) return null
  const holder = holderOf(context, call)
  const references = holder?.references ?? []
  return {
    call,
    coroutine,
    sessions,
    reach: group ?? around,
    isInGroup: group !== null,
    awaits: references.filter(isInWait),
    isReturned: isGivenBack(call) || references.some(isGivenBack),
  }
}

/** Whether a task or future is waited for, on the spot or by the name that it is given. */
export function isWaitedFor(context: PythonRuleContext, call: CallNode): boolean {
  return isInWait(call) || (holderOf(context, call)?.references.some(isInWait) ?? false)
}

/** Whether a task is spawned again before it is waited for, with the same session. */
export function isRepeated({ call, reach, awaits }: SpawnedTask, root: Binding | null): boolean {
  for (let { parent } = call; parent && parent !== reach && !isDefinition(parent); { parent } = parent) {
    const loop = parent
    if (!LOOPS.has(loop.kind) || isBoundIn(root, loop)) continue
    if (!awaits.some((place) => isWithin(place, loop))) return true
  }
  return false
}

/** Whether one task may still run when the other is spawned. */
export function mayOverlap(context: PythonRuleContext, first: SpawnedTask, second: SpawnedTask): boolean {
  if (first.reach !== second.reach) return false
  const [earlier, later] = first.call.start < second.call.start ? [first, second] : [second, first]
  if (earlier.awaits.some(({ end }) => end <= later.call.start)) return false
  return isInside(earlier.call) || isInside(later.call) || context.flow(earlier.call).canReach(earlier.call, later.call)
}

/** In a comprehension, which has no place of its own in the control flow. */
function isInside(call: CallNode): boolean {
  const around = call.closest('list_comprehension', 'set_comprehension', 'generator_expression', 'dictionary_comprehension', 'block')
  return around?.kind !== 'block'
}

/** Whether a name gets another value in each round of a loop. */
export function isBoundIn(root: Binding | null, loop: PythonNode): boolean {
  return root?.definitions.some(({ name }) => isWithin(name, loop)) ?? false
}

export function isWithin(node: PythonNode, outer: PythonNode): boolean {
  return outer.start <= node.start && node.end <= outer.end
}

export function functionAround(node: PythonNode): PythonNode | null {
  const around = node.closest('function_definition', 'lambda', 'class_definition')
  return around?.kind === 'function_definition' ? around : null
}

/** The `async with` that opens the task group on which a task is spawned. */
function groupBlock(context: PythonRuleContext, object: PythonNode, call: CallNode): PythonNode | null {
  const binding = object.kind === 'identifier' ? context.scopes.bindingOf(object) : null
  for (const { kind, node } of binding?.definitions ?? []) {
    const manager = kind === 'with' ? node.namedChildren[0] : undefined
    if (manager?.kind !== 'call' || lastPart(manager.function.text) !== 'TaskGroup') continue
    const block = node.closest('with_statement')
    if (block && isWithin(call, block)) return block
  }
  return null
}

function isEventLoop(context: PythonRuleContext, object: PythonNode): boolean {
  if (object.kind === 'call') return LOOP_GETTERS.has(lastPart(object.function.text))
  const className = classOfExpression(context, object)
  if (className !== null) return /EventLoop$/.test(className)
  return /loop$/i.test(object.kind === 'attribute' ? object.attribute.text : object.text)
}

/** In an `await`, or in a call that waits for tasks. */
function isInWait(node: PythonNode): boolean {
  for (let { parent } = node; parent && !isDefinition(parent) && parent.kind !== 'block'; { parent } = parent) {
    if (parent.kind === 'await') return true
    if (parent.kind === 'call' && WAITING.has(lastPart(parent.function.text))) return true
  }
  return false
}

function isGivenBack(node: PythonNode): boolean {
  const around = node.closest('return_statement', 'yield', 'call', 'block')
  return around?.kind === 'return_statement' || around?.kind === 'yield'
}

/** The local name that holds the task, or the list with it. */
function holderOf({ scopes }: PythonRuleContext, call: CallNode): Binding | null {
  for (let { parent } = call as PythonNode; parent; { parent } = parent) {
    if (parent.kind === 'assignment') return parent.left.kind === 'identifier' ? scopes.bindingOf(parent.left) : null
    if (parent.kind === 'named_expression') return scopes.bindingOf(parent.name)
    const list: IdentifierNode | null = parent.kind === 'argument_list' ? containerOf(parent.parent) : null
    if (list) return scopes.bindingOf(list)
    if (parent.kind === 'argument_list' || parent.kind === 'expression_statement' || parent.kind === 'block' || isDefinition(parent)) return null
  }
  return null
}

function containerOf(call: PythonNode | null): IdentifierNode | null {
  if (call?.kind !== 'call' || call.function.kind !== 'attribute') return null
  const { object, attribute } = call.function
  return object.kind === 'identifier' && (attribute.text === 'append' || attribute.text === 'add') ? object : null
}
