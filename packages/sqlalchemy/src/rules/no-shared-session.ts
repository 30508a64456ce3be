import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import {
  argument,
  classOfExpression,
  defineRule,
  enclosingDefinition,
  excerpt,
  isTestFile,
  isUnderMainGuard,
  keywordArguments,
  matchesGlobs,
  ormSessionOf,
  ownCode,
  positionalArguments,
  sessionOf,
  withoutParentheses,
} from '@krait/python'
import { sessionsUsedBy } from '../shared/coroutine-sessions.ts'
import type { UsedSession } from '../shared/coroutine-sessions.ts'
import { loopsAround, methodOf } from '../shared/loops.ts'
import { opensSession } from '../shared/opened-sessions.ts'

type MessageId = 'concurrent' | 'detached' | 'handed' | 'global' | 'default'
type Context = PythonRuleContext<MessageId, readonly []>

const GATHERING: ReadonlySet<string> = new Set(['asyncio.gather', 'asyncio.wait'])
const TASK_MAKERS: ReadonlySet<string> = new Set(['create_task', 'ensure_future'])

export const noSharedSession = defineRule({
  name: 'no-shared-session',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow the use of one session by several tasks or threads', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      concurrent:
        '`{{session}}` is used by several tasks at once in `{{by}}`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.',
      detached: '`{{session}}` is used by a task that nothing here awaits, so it runs while others use the session, or after it is closed. Let the task open its own session.',
      handed: '`{{session}}` is handed to `{{by}}`, which uses it at another time or in another thread; a session belongs to one task. Let the work open its own session.',
      global: '`{{session}}` is created once and shared by all threads and requests. Create a session for each unit of work.',
      default: 'This default is evaluated once, so that all calls share one session. Create a session for each unit of work.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || matchesGlobs(context.path, ['**/scripts/**'])) return {}
    return {
      call(node) {
        const name = methodOf(node)?.text
        if (name === undefined) return
        if (name === 'gather' || name === 'wait') checkGather(context, node)
        else if (TASK_MAKERS.has(name)) checkTask(context, node)
        else checkHanded(context, node, name)
      },
      assignment(node) {
        const value = node.right && withoutParentheses(node.right as PythonNode)
        if (value?.kind !== 'call' || node.left.kind !== 'identifier') return
        const home = enclosingDefinition(node)
        if ((home && home.kind !== 'class_definition') || isUnderMainGuard(node) || !isNewSession(context, value)) return
        context.report({ node, messageId: 'global', data: { session: node.left.text } })
      },
      default_parameter(node) {
        checkDefault(node.value)
      },
      typed_default_parameter(node) {
        checkDefault(node.value)
      },
    }

    function checkDefault(value: PythonNode): void {
      if (value.kind === 'call' && isNewSession(context, value)) context.report({ node: value, messageId: 'default' })
    }
  },
})

function isNewSession(context: Context, call: CallNode): boolean {
  return opensSession(context, call) && sessionOf(context, call)?.isConnection !== true
}

function checkGather(context: Context, call: CallNode): void {
  if (!context.resolvesTo(call.function, GATHERING)) return
  const shared = sharedSession(call.arguments.namedChildren.flatMap((child) => coroutinesIn(context, child, call)).map((coroutine) => usedBy(context, coroutine)))
  if (shared) context.report({ node: methodOf(call)!, messageId: 'concurrent', data: { session: shared.label, by: excerpt(call.function) } })
}

/** A coroutine of several that run at once. */
interface Coroutine {
  readonly call: CallNode
  /** It stands for many: what it uses from outside of this node is used by all of them. */
  readonly repeatedIn: PythonNode | null
}

/** The coroutines among the arguments of `gather` and `wait`: given one by one, in a list, by a comprehension, or in a variable that holds these. */
function coroutinesIn(context: Context, argumentNode: PythonNode, gather: CallNode): readonly Coroutine[] {
  if (argumentNode.kind === 'keyword_argument') return []
  let node = withoutParentheses(argumentNode.kind === 'list_splat' ? (argumentNode.namedChildren[0] ?? argumentNode) : argumentNode)
  const value = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition?.value : null
  if (value && enclosingDefinition(value) === enclosingDefinition(gather)) node = withoutParentheses(value)
  switch (node.kind) {
    case 'call': {
      const inner = TASK_MAKERS.has(methodOf(node)?.text ?? '') ? positionalArguments(node)[0] : null
      const call = inner ? withoutParentheses(inner) : node
      return call.kind === 'call' ? [{ call, repeatedIn: null }] : []
    }
    case 'list':
    case 'tuple':
    case 'set':
      return node.namedChildren.flatMap((item) => (item.kind === 'call' ? coroutinesIn(context, item, gather) : []))
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression': {
      const body = withoutParentheses(node.body)
      return body.kind === 'call' ? coroutinesIn(context, body, gather).map(({ call }) => ({ call, repeatedIn: node })) : []
    }
    default:
      return []
  }
}

function usedBy(context: Context, { call, repeatedIn }: Coroutine): readonly (UsedSession & { readonly count: number })[] {
  return sessionsUsedBy(context, call).map((used) => ({ ...used, count: repeatedIn && !isBoundIn(context, used.node, repeatedIn) ? 2 : 1 }))
}

/** Whether the root of an expression is bound inside of a node. */
function isBoundIn(context: Context, expression: PythonNode, around: PythonNode): boolean {
  for (const node of ownCode(expression)) {
    if (node.kind !== 'identifier') continue
    const definitions = context.scopes.bindingOf(node)?.definitions ?? []
    if (definitions.some(({ name }) => around.start <= name.start && name.end <= around.end)) return true
  }
  return false
}

/** An async session that at least two of the coroutines use. */
function sharedSession(uses: readonly (readonly (UsedSession & { readonly count: number })[])[]): UsedSession | null {
  const counts = new Map<string, number>()
  for (const ofOne of uses) {
    const seen = new Set<string>()
    for (const used of ofOne) {
      if (!used.isAsync || seen.has(used.identity)) continue
      seen.add(used.identity)
      const count = (counts.get(used.identity) ?? 0) + used.count
      if (count > 1) return used
      counts.set(used.identity, count)
    }
  }
  return null
}

/** `create_task(work(session))`. */
function checkTask(context: Context, call: CallNode): void {
  if (isGathered(call)) return
  const used = sessionsOfTask(context, call)
  if (used.length === 0) return
  const name = methodOf(call)!
  const others = tasksAround(call)
  const shared = used.find((session) => session.isAsync && (isRepeated(context, call, session) || others.some((other) => isGivenTo(context, other, session))))
  if (shared) {
    context.report({ node: name, messageId: 'concurrent', data: { session: shared.label, by: excerpt(call.function) } })
    return
  }
  const isDetachable = context.resolvesTo(call.function, ['asyncio.create_task', 'asyncio.ensure_future']) && !isAwaitedHere(context, call)
  const lent = isDetachable ? used.find((session) => isLent(context, session.node)) : undefined
  if (lent) context.report({ node: name, messageId: 'detached', data: { session: lent.label } })
}

/** Among the arguments of `gather` or `wait`, where it is looked at together with the others. */
function isGathered(call: CallNode): boolean {
  for (let node: PythonNode | null = call.parent; node && !node.kind.endsWith('statement'); node = node.parent) {
    if (node.kind === 'call' && ['gather', 'wait'].includes(methodOf(node)?.text ?? '')) return true
  }
  return false
}

function sessionsOfTask(context: Context, call: CallNode): readonly UsedSession[] {
  const [first] = positionalArguments(call)
  const coroutine = first && withoutParentheses(first)
  return coroutine?.kind === 'call' ? sessionsUsedBy(context, coroutine) : []
}

/** The other tasks that the same function makes. */
function tasksAround(call: CallNode): readonly CallNode[] {
  const home = call.closest('function_definition')
  const found: CallNode[] = []
  for (const node of home ? ownCode(home.body) : []) {
    if (node.kind === 'call' && node !== call && TASK_MAKERS.has(methodOf(node)?.text ?? '') && !areAlternatives(node, call)) found.push(node)
  }
  return found
}

/** In two branches of one `if`. */
function areAlternatives(one: PythonNode, other: PythonNode): boolean {
  const branch = one.closest('if_statement')
  if (!branch || branch.start > other.start || branch.end < other.end) return false
  const partOf = (node: PythonNode): PythonNode | undefined => branch.namedChildren.find((child) => child.start <= node.start && node.end <= child.end)
  return partOf(one) !== partOf(other)
}

function isGivenTo(context: Context, other: CallNode, { identity }: UsedSession): boolean {
  return sessionsOfTask(context, other).some((session) => session.identity === identity)
}

/** In a loop that goes on with the same session. */
function isRepeated(context: Context, call: CallNode, { node }: UsedSession): boolean {
  const [loop] = loopsAround(call)
  if (!loop || isBoundIn(context, node, loop.region) || isBoundIn(context, node, loop.target)) return false
  const flow = context.flow(loop.node)
  const flowLoop = flow.loopOf(loop.node)
  return flowLoop === null || flow.canReachNextRound(call, flowLoop)
}

function isAwaitedHere(context: Context, call: CallNode): boolean {
  const { parent } = call
  if (parent?.kind === 'expression_statement') return false
  if (parent?.kind !== 'assignment' || parent.left.kind !== 'identifier') return true
  const references = context.scopes.bindingOf(parent.left)?.references ?? []
  return references.some((reference) => reference.parent?.kind !== 'attribute' && !isKept(reference))
}

/** `tasks.add(task)` keeps it alive, and does not wait for it. */
function isKept(reference: PythonNode): boolean {
  const call = reference.parent?.kind === 'argument_list' ? reference.parent.parent : null
  return call?.kind === 'call' && ['add', 'append', 'discard'].includes(methodOf(call)?.text ?? '')
}

/** A parameter, or the target of an enclosing `async with`: someone else closes it. */
function isLent(context: Context, node: PythonNode): boolean {
  if (node.kind !== 'identifier') return false
  const definition = context.scopes.bindingOf(node)?.onlyDefinition
  return definition?.kind === 'parameter' || definition?.kind === 'with'
}

const BACKGROUND: ReadonlySet<string> = new Set(['fastapi.BackgroundTasks', 'starlette.background.BackgroundTasks', 'fastapi.background.BackgroundTasks'])

/** A session among what is handed to a thread, an executor or a background task. */
function checkHanded(context: Context, call: CallNode, name: string): void {
  const given = handedValues(context, call, name)
  const session = given?.find((value) => {
    const found = value.kind === 'identifier' || value.kind === 'attribute' ? ormSessionOf(context, value) : null
    return found !== null && !found.isRegistry
  })
  if (session) context.report({ node: call, messageId: 'handed', data: { session: excerpt(session), by: excerpt(call.function) } })
}

function handedValues(context: Context, call: CallNode, name: string): readonly PythonNode[] | null {
  const called = withoutParentheses(call.function)
  if (name === 'Thread' || name === 'Timer') {
    if (!context.resolvesTo(called, ['threading.Thread', 'threading.Timer'])) return null
    return [argument(call, 'args', name === 'Timer' ? 2 : 3), argument(call, 'kwargs', name === 'Timer' ? 3 : 4)].flatMap((container) => (container ? valuesIn(container) : []))
  }
  if (called.kind !== 'attribute') return null
  const values = [...positionalArguments(call).slice(1), ...keywordArguments(call).values()]
  const className = (): string => classOfExpression(context, called.object) ?? ''
  if (name === 'add_task') return BACKGROUND.has(className()) ? values : null
  if (name === 'submit' || name === 'map') return /^concurrent\.futures\./.test(className()) || isExecutorName(called.object) ? values : null
  if (name === 'run_in_executor') return call.parent?.kind === 'await' ? null : values
  return null
}

function isExecutorName(object: PythonNode): boolean {
  const name = object.kind === 'attribute' ? object.attribute.text : object.text
  return /(^|_)(executor|thread_pool|pool)$/i.test(name)
}

function valuesIn(container: PythonNode): readonly PythonNode[] {
  if (container.kind === 'dictionary') return container.namedChildren.flatMap((entry) => (entry.kind === 'pair' ? [entry.value] : []))
  return container.kind === 'tuple' || container.kind === 'list' ? container.namedChildren : []
}
