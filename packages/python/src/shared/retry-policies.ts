import { enclosingFunctionName } from '../calls/called-project-function.ts'
import type { CallNode, DecoratorNode, FunctionDefinitionNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { CallValue, Value } from '../values/value.ts'
import { argumentOf } from '../values/value.ts'
import { calledFunction } from './called-function.ts'
import { lastNameOf } from './last-name.ts'
import { withoutParentheses } from './parentheses.ts'

export type RetryLibrary = 'tenacity' | 'backoff' | 'stamina' | 'retrying' | 'retry' | 'celery'

/** A decorator, or a call of the same kind, that repeats a function. */
export interface RetryPolicy {
  readonly library: RetryLibrary
  /** The last part of its name: `retry`, `Retrying`, `on_exception`, `shared_task`. */
  readonly name: string
  /** As it is written, without arguments: `@retry`, `backoff.on_exception`. */
  readonly label: string
  /** The decorator, or the call that stands anywhere else. */
  readonly node: DecoratorNode | CallNode
  /** What it is given; `null` without parentheses. */
  readonly given: CallValue | null
  /** The function under the decorator. */
  readonly function: FunctionDefinitionNode | null
  /** The decorator is a name for a policy that is made elsewhere. */
  readonly isMadeElsewhere?: true
}

const POLICIES: ReadonlyMap<string, RetryLibrary> = new Map([
  ['tenacity.retry', 'tenacity'],
  ['tenacity.Retrying', 'tenacity'],
  ['tenacity.AsyncRetrying', 'tenacity'],
  ['tenacity.asyncio.AsyncRetrying', 'tenacity'],
  ['backoff.on_exception', 'backoff'],
  ['backoff.on_predicate', 'backoff'],
  ['stamina.retry', 'stamina'],
  ['retrying.retry', 'retrying'],
  ['retry.retry', 'retry'],
  ['retry.api.retry', 'retry'],
  ['celery.shared_task', 'celery'],
  ['celery.app.shared_task', 'celery'],
  ['celery.Celery.task', 'celery'],
])

/** What the decorators of Celery tasks are called, and options that only they have, for apps whose class is not known. */
const TASK_NAMES: ReadonlySet<string> = new Set(['task', 'shared_task'])
const TASK_OPTIONS: readonly string[] = ['autoretry_for', 'retry_backoff', 'default_retry_delay', 'max_retries']

/** The policy of a decorator; `null` if it does not repeat the function. A name that is bound to a policy counts: `retried = retry(...)`. */
export function policyOfDecorator(context: PythonServices, decorator: DecoratorNode): RetryPolicy | null {
  const [expression] = decorator.namedChildren
  if (!expression) return null
  const written = withoutParentheses(expression)
  const definition = decorator.parent?.kind === 'decorated_definition' ? decorator.parent.definition : null
  const decorated = definition?.kind === 'function_definition' ? definition : null
  if (written.kind === 'call') return policyOfCall(context, written, decorator, decorated)
  const own = libraryOf(context, written, null)
  if (own) return { ...own, label: `@${written.text}`, node: decorator, given: null, function: decorated }
  const value = context.values.of(written)
  const library = value.kind === 'call' && value.callee !== null ? POLICIES.get(value.callee) : undefined
  if (value.kind !== 'call' || library === undefined) return null
  return { library, name: lastOf(value.callee!), label: `@${written.text}`, node: decorator, given: value, function: decorated, isMadeElsewhere: true }
}

/** The policy that a call makes elsewhere than in a decorator: `Retrying(stop=...)`, `retry(stop=...)(fetch)`. */
export function policyOfPlainCall(context: PythonServices, call: CallNode): RetryPolicy | null {
  return call.parent?.kind === 'decorator' ? null : policyOfCall(context, call, call, null)
}

/** The argument of a policy by keyword or position; `open` where `**kwargs` may hold it. */
export function policyArgument({ given }: RetryPolicy, name: string, position?: number): Value | 'open' | null {
  if (!given) return null
  return argumentOf(given, name, position) ?? (given.open ? 'open' : null)
}

/** The call of `self.retry(...)` in a Celery task, or of `task.retry(...)`. */
export function isTaskRetry(context: PythonServices, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' || called.attribute.text !== 'retry') return false
  const task = call.closest('function_definition')
  return task !== null && taskPolicyOf(context, task) !== null && isTaskItself(context, task, called.object)
}

/** The decorator that makes a function a Celery task. */
export function taskPolicyOf(context: PythonServices, task: FunctionDefinitionNode): RetryPolicy | null {
  if (task.parent?.kind !== 'decorated_definition') return null
  for (const child of task.parent.namedChildren) {
    const policy = child.kind === 'decorator' ? policyOfDecorator(context, child) : null
    if (policy?.library === 'celery') return policy
  }
  return null
}

/** The first parameter of a bound task, its own name, or `current_task`. */
function isTaskItself(context: PythonServices, task: FunctionDefinitionNode, object: PythonNode): boolean {
  if (object.kind === 'identifier' && object.text === task.parameters.namedChildren[0]?.text) return true
  const name = context.resolve(object)
  return name !== null && (name === 'celery.current_task' || name === enclosingFunctionName(context, task.body))
}

function policyOfCall(context: PythonServices, call: CallNode, node: DecoratorNode | CallNode, decorated: FunctionDefinitionNode | null): RetryPolicy | null {
  const own = libraryOf(context, call.function, call)
  const given = own ? context.values.summary(call) : null
  if (!own || given?.kind !== 'call') return null
  return { ...own, label: node.kind === 'decorator' ? `@${call.function.text}` : call.function.text, node, given, function: decorated }
}

function libraryOf(context: PythonServices, written: PythonNode, call: CallNode | null): Pick<RetryPolicy, 'library' | 'name'> | null {
  const called = withoutParentheses(written)
  const name = context.resolve(called)
  const library = name === null ? undefined : POLICIES.get(name)
  if (library !== undefined) return { library, name: lastOf(name!) }
  const last = lastNameOf(called)
  if (last === null || !TASK_NAMES.has(last) || called.kind === 'call') return null
  if (call && POLICIES.get(calledFunction(context, call) ?? '') === 'celery') return { library: 'celery', name: last }
  const given = call && called.kind === 'attribute' ? context.values.summary(call) : null
  return given?.kind === 'call' && TASK_OPTIONS.some((option) => Object.hasOwn(given.keywords, option)) ? { library: 'celery', name: last } : null
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
