import type { SuggestionDescriptor } from '@krait/core'
import {
  argument,
  callLabel,
  calledFunction,
  calledProjectFunction,
  classOfExpression,
  defineRule,
  functionPassed,
  isTestFile,
  lastPart,
  logsAllErrors,
  mayCallAny,
  positionalArguments,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keepInSet } from '../shared/background-set.ts'
import { mayBeInstance } from '../shared/possible-values.ts'

export interface DroppedTaskOptions {
  /** Qualified names of further functions that start a task and give its handle. */
  readonly calls: readonly string[]
}

type MessageId = 'task' | 'future' | 'keepTask' | 'useGroup'
type Context = PythonRuleContext<MessageId, readonly [DroppedTaskOptions]>

/** What starts something: an asyncio task, or a future whose exception waits until somebody asks for it. */
interface Spawn {
  readonly kind: 'task' | 'threadsafe' | 'executor' | 'submit'
  /** What is started. */
  readonly started: PythonNode | null
}

/** A handle that nobody has, with the statement that drops it and the name to which it is bound in vain, if there is one. */
interface Dropped {
  readonly statement: PythonNode | null
  readonly name: string | null
}

const defaultOptions: readonly [DroppedTaskOptions] = [{ calls: [] }]

const METHODS: ReadonlySet<string> = new Set(['create_task', 'ensure_future', 'run_coroutine_threadsafe', 'run_in_executor', 'submit'])

const TASKS: ReadonlySet<string> = new Set(['asyncio.create_task', 'asyncio.ensure_future'])

const LOOP = ['asyncio.AbstractEventLoop']
const EXECUTORS = ['concurrent.futures.ThreadPoolExecutor', 'concurrent.futures.ProcessPoolExecutor']

export const noDroppedTask = defineRule({
  name: 'no-dropped-task',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow tasks and futures whose handle is thrown away',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      task:
        'The task running `{{running}}` is not kept: its exception is lost and it may be garbage-collected before it ends. ' +
        'Keep a reference (and look at its result), or use a `TaskGroup`.',
      future: 'The future of `{{running}}` is not kept: its exception is never raised anywhere. Keep it and look at its result, or let `{{running}}` log its own errors.',
      keepTask: 'Keep the task in a set of the module until it is done',
      useGroup: 'Start the task in `{{group}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { calls: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ calls }]) {
    if (isTestFile(context)) return {}
    const names = new Set([...METHODS, ...calls.map(lastPart)])
    if (!mayCallAny(context, names)) return {}

    return {
      call(node) {
        const dropped = mayStart(node) ? dropOf(context, node) : null
        const spawn = dropped && spawnOf(node)
        if (!dropped || !spawn || tellsOfErrors(spawn)) return
        const isTask = spawn.kind === 'task'
        context.report({
          node,
          messageId: isTask ? 'task' : 'future',
          data: { running: labelOf(spawn) },
          suggest: isTask ? [suggestGroup(context, node, dropped), suggestKeeping(context, dropped)] : [],
        })
      },
    }

    function mayStart({ function: called }: CallNode): boolean {
      if (called?.kind === 'attribute') return names.has(called.attribute.text)
      if (called?.kind !== 'identifier') return false
      return names.has(called.text) || context.scopes.bindingOf(called)?.onlyDefinition?.node.kind === 'aliased_import'
    }

    function spawnOf(call: CallNode): Spawn | null {
      const first = positionalArguments(call)[0] ?? argument(call, 'coro')
      const name = context.resolve(call.function)
      if (name !== null && TASKS.has(name)) return { kind: 'task', started: first ?? argument(call, 'coro_or_future') }
      if (name === 'asyncio.run_coroutine_threadsafe') return { kind: 'threadsafe', started: first }
      if (calls.length > 0 && isConfigured(call, name)) return { kind: 'task', started: first }
      if (call.function.kind !== 'attribute') return null
      const { object, attribute } = call.function
      const method = attribute.text
      const wanted = method === 'submit' ? EXECUTORS : LOOP
      if (!METHODS.has(method) || !isInstance(object, wanted)) return null
      switch (method) {
        case 'create_task':
          return { kind: 'task', started: first }
        case 'run_in_executor':
          return { kind: 'executor', started: argument(call, 'func', 1) }
        case 'submit':
          return { kind: 'submit', started: first }
        default:
          return null
      }
    }

    function isInstance(object: PythonNode, wanted: readonly string[]): boolean {
      const owner = classOfExpression(context, object)
      return owner === null ? mayBeInstance(context, object, wanted) : context.project.isSubclassOf(owner, wanted) === true
    }

    function isConfigured(call: CallNode, name: string | null): boolean {
      return (name !== null && calls.includes(name)) || calls.includes(calledFunction(context, call) ?? '')
    }

    /** Whether what is started logs or reports all that goes wrong in it. That does not keep an asyncio task alive. */
    function tellsOfErrors({ kind, started }: Spawn): boolean {
      if (kind === 'task' || !started) return false
      const coroutine = withoutParentheses(started)
      const name = kind === 'threadsafe' ? (coroutine.kind === 'call' ? calledProjectFunction(context, coroutine) : null) : functionPassed(context, started)
      return name !== null && logsAllErrors(context, name)
    }
  },
})

/** How the result of a call is thrown away; `null` if it is not. */
function dropOf(context: Context, call: CallNode): Dropped | null {
  let node: PythonNode = call
  let inLambda = false
  for (let parent = call.parent; parent; node = parent, parent = parent.parent) {
    switch (parent.kind) {
      case 'parenthesized_expression':
        break
      case 'boolean_operator':
        if (node !== parent.right) return null
        break
      case 'conditional_expression':
        if (node === parent.namedChildren[1]) return null
        break
      case 'tuple':
      case 'list':
        if (node !== parent.namedChildren.at(-1)) return null
        inLambda = true
        break
      case 'expression_statement':
        return inLambda ? null : { statement: node === call ? parent : null, name: null }
      case 'list_comprehension':
      case 'set_comprehension':
        return node === parent.body && parent.parent?.kind === 'expression_statement' ? { statement: null, name: null } : null
      case 'lambda':
        return node === parent.body && isCallback(parent) ? { statement: null, name: null } : null
      case 'assignment':
      case 'named_expression': {
        const target = parent.kind === 'assignment' ? parent.left : parent.name
        const isPlain = target.kind === 'identifier' && !inLambda && parent.parent?.kind !== 'assignment'
        if (!isPlain || !isNeverRead(context, target)) return null
        const isStatement = parent.kind === 'assignment' && parent.parent?.kind === 'expression_statement'
        return parent.kind === 'assignment' || isDropped(parent) ? { statement: isStatement && target.text !== '_' ? parent.parent : null, name: target.text } : null
      }
      default:
        return null
    }
  }
  return null
}

/** `(task := create_task(f()))` as a statement of its own. */
function isDropped(node: PythonNode): boolean {
  let parent = node.parent
  while (parent?.kind === 'parenthesized_expression') ({ parent } = parent)
  return parent?.kind === 'expression_statement'
}

/** `_`, or a name of the function that nothing reads, also no function inside. */
function isNeverRead({ scopes }: Context, target: IdentifierNode): boolean {
  const binding = scopes.bindingOf(target)
  if (!binding || binding.references.length > 0) return false
  if (target.text === '_') return true
  const { scope } = binding
  return scope.kind === 'function' && scope === scopes.scopeOf(target).function
}

/** Where a function is passed whose result nobody gets. */
const CALLBACK_TAKERS: ReadonlySet<string> = new Set(['add_done_callback', 'call_at', 'call_later', 'call_soon', 'call_soon_threadsafe'])

function isCallback(lambda: PythonNode): boolean {
  const list = lambda.parent
  const taker = list?.kind === 'argument_list' ? list.parent : null
  return taker?.kind === 'call' && taker.function.kind === 'attribute' && CALLBACK_TAKERS.has(taker.function.attribute.text)
}

/** What runs, as a message shows it. */
function labelOf({ kind, started }: Spawn): string {
  if (!started) return '…'
  const node = withoutParentheses(started)
  if (node.kind === 'call') return callLabel(node)
  if (node.kind !== 'identifier' && node.kind !== 'attribute') return node.kind
  return kind === 'task' || kind === 'threadsafe' ? node.text : `${node.text}()`
}

function suggestKeeping(context: Context, { statement, name }: Dropped): SuggestionDescriptor<MessageId> | null {
  const fix = statement && keepInSet(context, statement, name)
  return fix && { messageId: 'keepTask', fix }
}

/** In the block of a `TaskGroup`, the group can start the task. */
function suggestGroup(context: Context, call: CallNode, { statement }: Dropped): SuggestionDescriptor<MessageId> | null {
  const group = statement && groupAround(context, call)
  if (!group || positionalArguments(call).length !== 1) return null
  return { messageId: 'useGroup', data: { group }, fix: (fixer) => fixer.replaceText(call.function, `${group}.create_task`) }
}

function groupAround(context: Context, call: CallNode): string | null {
  for (let node = call.closest('with_statement', 'function_definition'); node?.kind === 'with_statement'; node = node.closest('with_statement', 'function_definition')) {
    for (const item of node.descendants('with_item')) {
      const { value } = item
      if (value.kind !== 'as_pattern' || !value.alias || item.closest('with_statement') !== node) continue
      const [manager] = value.namedChildren
      if (manager?.kind === 'call' && context.resolve(manager.function) === 'asyncio.TaskGroup') return value.alias.text
    }
  }
  return null
}
