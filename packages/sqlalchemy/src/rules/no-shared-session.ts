import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import {
  classOfExpression,
  defineRule,
  isScriptFile,
  isTestFile,
  isUnderMainGuard,
  keywordArguments,
  mayCallAny,
  openedSession,
  positionalArguments,
  withoutParentheses,
} from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { coroutinesOf } from '../shared/coroutines.ts'
import { sessionArguments, sessionsUsedBy } from '../shared/session-sharing.ts'
import type { UsedSession } from '../shared/session-sharing.ts'
import { functionAround, isBoundIn, isRepeated, isWaitedFor, isWithin, mayOverlap, spawnedTask } from '../shared/spawned-tasks.ts'
import type { SpawnedTask } from '../shared/spawned-tasks.ts'

type MessageId = 'concurrent' | 'task' | 'handed' | 'global' | 'default'
type Context = PythonRuleContext<MessageId, readonly []>

const GATHERING: ReadonlySet<string> = new Set(['asyncio.gather', 'asyncio.wait', 'asyncio.as_completed'])
const BACKGROUND_TASKS: ReadonlySet<string> = new Set(['fastapi.BackgroundTasks', 'starlette.background.BackgroundTasks', 'fastapi.background.BackgroundTasks'])

/** What hands work to another task or thread. */
const HANDING: ReadonlySet<string> = new Set('gather wait as_completed create_task ensure_future Thread submit map run_in_executor add_task'.split(' '))

export const noSharedSession = defineRule({
  name: 'no-shared-session',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow sessions that several tasks, threads or requests share', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      concurrent:
        '`{{session}}` is used by several tasks at once in `{{by}}`; an `AsyncSession` is not concurrency-safe. Give each task its own session, or run the queries one after another.',
      task: '`{{session}}` is used by a task that nothing here waits for, while this code goes on with it or after it was closed. Open a session in `{{task}}` itself.',
      handed:
        '`{{session}}` is handed to `{{by}}`, which runs beside this code or after it; a session is not safe for concurrent use. Pass ids, and open a session there.',
      global: '`{{session}}` is created once and shared by all threads and tasks; a session is not safe for concurrent use. Create one per unit of work from a `sessionmaker`.',
      default: '`{{session}}` is created once, when the function is defined, and shared by all its calls; a session is not safe for concurrent use. Create it in the call.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    const tasks: SpawnedTask[] = []

    return {
      ...(mayCallAny(context, HANDING) && { call: checkCall }),
      assignment(node) {
        const { right } = node
        if (right && context.scopes.scopeOf(node).function === null) checkCreated(node, right, node.left.text, 'global')
      },
      default_parameter(node) {
        checkCreated(node, node.value, node.name.text, 'default')
      },
      typed_default_parameter(node) {
        checkCreated(node, node.value, node.name.text, 'default')
      },
      'module:exit': checkTasks,
    }

    function checkCall(node: CallNode): void {
      const called = node.function
      switch (called.kind === 'attribute' ? called.attribute.text : called.text) {
        case 'gather':
        case 'wait':
        case 'as_completed':
          return checkGathered(node)
        case 'create_task':
        case 'ensure_future': {
          const task = spawnedTask(context, node)
          if (task && !isUnderMainGuard(node)) tasks.push(task)
          return
        }
        case 'Thread':
        case 'submit':
        case 'map':
        case 'run_in_executor':
        case 'add_task':
          return checkHanded(node)
        default:
      }
    }

    function checkGathered(node: CallNode): void {
      if (!context.resolvesTo(node.function, GATHERING)) return
      const counts = new Map<string, { count: number; label: string }>()
      for (const { call, loops } of coroutinesOf(context, node)) {
        for (const { identity, label, root } of distinct(sessionsUsedBy(context, call))) {
          if (loops.some((loop) => isBoundIn(root, loop))) continue
          const known = counts.get(identity) ?? { count: 0, label }
          counts.set(identity, { count: known.count + (loops.length > 0 ? 2 : 1), label: known.label })
        }
      }
      const shared = [...counts.values()].find(({ count }) => count > 1)
      if (shared && !isUnderMainGuard(node)) reportShared(node, { session: shared.label, by: node.function.text })
    }

    function checkTasks(): void {
      for (const task of tasks) {
        const shared = task.sessions.find((session) => isRepeated(task, session.root) || tasks.some((other) => other !== task && mayOverlap(context, task, other) && uses(other, session)))
        if (shared) {
          reportShared(task.call, { session: shared.label, by: task.call.function.text })
          continue
        }
        const left = task.isInGroup || task.isReturned ? undefined : task.sessions.find((session) => isLeftBehind(task, session))
        if (left) context.report({ node: task.call, messageId: 'task', data: { session: left.label, task: task.coroutine.function.text } })
      }
    }

    function checkHanded(node: CallNode): void {
      const given = handedOver(context, node)
      const [session] = given?.flatMap((call) => sessionArguments(context, call, true)) ?? []
      if (session && !isUnderMainGuard(node)) context.report({ node, messageId: 'handed', data: { session: session.label, by: node.function.text } })
    }

    function checkCreated(node: PythonNode, value: PythonNode, session: string, messageId: 'global' | 'default'): void {
      const call = withoutParentheses(value)
      if (call.kind !== 'call') return
      const opened = openedSession(context, call)
      if (opened && !opened.isConnection && !isUnderMainGuard(node)) context.report({ node, messageId, data: { session } })
    }

    function reportShared(node: CallNode, data: { session: string; by: string }): void {
      context.report({ node: calleeName(node), messageId: 'concurrent', data })
    }
  },
})

function distinct(sessions: readonly UsedSession[]): readonly UsedSession[] {
  return [...new Map(sessions.map((session) => [session.identity, session])).values()]
}

function uses({ sessions }: SpawnedTask, { identity }: UsedSession): boolean {
  return sessions.some((session) => session.identity === identity)
}

/** A parameter of the function, or the session of an `async with` around, whose task may outlive it. */
function isLeftBehind({ call, awaits }: SpawnedTask, { node, root }: UsedSession): boolean {
  if (node?.kind !== 'identifier' || !root) return false
  const definition = root.onlyDefinition
  const around = functionAround(call)
  if (definition?.kind === 'parameter') return root.scope.node === around && awaits.length === 0
  const block = definition?.kind === 'with' ? definition.node.closest('with_statement') : null
  return block !== null && block !== undefined && isWithin(call, block) && !awaits.some((place) => isWithin(place, block))
}

/** The calls whose arguments go to a thread, or run after the response; `null` for all other calls. */
function handedOver(context: Context, call: CallNode): readonly CallNode[] | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute') return context.resolvesTo(called, ['threading.Thread']) ? handedTo(call) : null
  const receiver = called.object
  const className = classOfExpression(context, receiver)
  const name = receiver.kind === 'attribute' ? receiver.attribute.text : receiver.text
  switch (called.attribute.text) {
    case 'Thread':
      return context.resolvesTo(called, ['threading.Thread']) ? handedTo(call) : null
    case 'add_task':
      return (className === null ? /background|tasks/i.test(name) : BACKGROUND_TASKS.has(className)) ? [call] : null
    case 'run_in_executor':
      return isWaitedFor(context, call) ? null : handedTo(call)
    case 'submit':
    case 'map':
      return (className === null ? /executor|pool/i.test(name) : /^concurrent\.futures\.|^multiprocessing\./.test(className)) ? handedTo(call) : null
    default:
      return null
  }
}

/** With what a lambda calls that is handed over. */
function handedTo(call: CallNode): readonly CallNode[] {
  const given = [...positionalArguments(call), ...keywordArguments(call).values()]
  const body = given.find((node) => node.kind === 'lambda')?.body
  return body?.kind === 'call' ? [call, body] : [call]
}
