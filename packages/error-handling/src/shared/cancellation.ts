import { caughtTypes, namedExceptionTypes, ownCode, withoutParentheses } from '@krait/python'
import type { ExceptClauseNode, ExceptionContext, ExceptionType, PythonNode, PythonRuleContext } from '@krait/python'

/** What is raised in a task that is cancelled. */
const CANCELLED: readonly string[] = ['asyncio.CancelledError', 'trio.Cancelled']

/** How cancellation is caught: by its name, or with all the rest. */
export interface CaughtCancellation {
  /** The class as messages write it. */
  readonly exception: string
  readonly isBroad: boolean
}

/** Whether an `except` clause catches cancellation; `null` if it does not. */
export function cancellationCaughtBy(context: ExceptionContext, clause: ExceptClauseNode): CaughtCancellation | null {
  return cancellationIn(context, caughtTypes(context, clause))
}

/** The same for what a call of `contextlib.suppress` lists. */
export function cancellationIn({ project }: Pick<ExceptionContext, 'project'>, types: readonly ExceptionType[]): CaughtCancellation | null {
  const named = types.find((type) => type !== null && project.isSubclassOf(type, CANCELLED) === true)
  if (named) return { exception: named, isBroad: false }
  return types.includes('builtins.BaseException') ? { exception: 'asyncio.CancelledError', isBroad: true } : null
}

/** Whether an exception of one of these types may, must or can not be a cancellation, as in `isinstance(error, types)`. */
export function holdsForCancellation(context: ExceptionContext, types: PythonNode): boolean | null {
  const known = namedExceptionTypes(context, [context.values.summary(types)])
  if (cancellationIn(context, known)) return true
  return known.includes(null) ? null : false
}

/** The nodes at or below a node at which a coroutine can be cancelled: `await`, `async for`, `async with`. */
export function* waitsIn(root: PythonNode): Generator<PythonNode> {
  for (const node of ownCode(root)) if (isWait(node)) yield node
}

export function isWait(node: PythonNode): boolean {
  if (node.kind === 'await') return true
  const isAsynchronous = node.kind === 'for_statement' || node.kind === 'with_statement' || node.kind === 'for_in_clause'
  return isAsynchronous && node.children[0]?.kind === 'async'
}

type Context = Pick<PythonRuleContext, 'resolve' | 'resolvesTo' | 'scopes'>

/** Waits for several tasks, or for one of them with a limit. */
const WAITING_FOR: ReadonlySet<string> = new Set(['asyncio.gather', 'asyncio.shield', 'asyncio.wait', 'asyncio.wait_for'])

const TIME_LIMITS: readonly string[] = ['asyncio.timeout', 'asyncio.timeout_at', 'async_timeout.timeout', 'async_timeout.timeout_at']

/**
 * Whether all that is awaited in a block are tasks that the function itself has cancelled, so that their cancellation is what it waits for.
 * @param functionNode the function around the block
 */
export function awaitsOnlyCancelled(context: Context, block: PythonNode, functionNode: PythonNode): boolean {
  const cancelled = cancelledBefore(context, functionNode, block.end)
  if (cancelled.size === 0) return false
  for (const wait of waitsIn(block)) {
    if (wait.kind === 'with_statement' && limitsTime(context, wait)) continue
    const awaited = wait.kind === 'await' ? wait.namedChildren[0] : undefined
    if (!awaited || !isCancelled(context, awaited, cancelled)) return false
  }
  return true
}

/** The tasks on which `.cancel()` was called before an offset, as `nameOf` gives them. */
function cancelledBefore(context: Context, functionNode: PythonNode, end: number): ReadonlySet<string> {
  const cancelled = new Set<string>()
  for (const node of ownCode(functionNode)) {
    if (node.start >= end) break
    if (node.kind !== 'call' || node.function?.kind !== 'attribute' || node.function.attribute.text !== 'cancel') continue
    for (const name of namesOf(context, node.function.object)) cancelled.add(name)
  }
  return cancelled
}

function isCancelled(context: Context, awaited: PythonNode, cancelled: ReadonlySet<string>): boolean {
  const pending = [awaited]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const expression = withoutParentheses(node)
    if (namesOf(context, expression).some((name) => cancelled.has(name))) continue
    const parts = partsOf(context, expression)
    if (!parts || parts.length === 0) return false
    pending.push(...parts)
  }
  return true
}

/** What must have been cancelled, so that a wait for the expression is one for cancelled tasks. */
function partsOf(context: Context, expression: PythonNode): readonly PythonNode[] | null {
  switch (expression.kind) {
    case 'call': {
      if (!context.resolvesTo(expression.function, WAITING_FOR) || expression.arguments.kind !== 'argument_list') {
        return expression.arguments.kind === 'generator_expression' && context.resolvesTo(expression.function, WAITING_FOR) ? [expression.arguments.body] : null
      }
      const given = expression.arguments.namedChildren.filter(({ kind }) => kind !== 'keyword_argument')
      return context.resolve(expression.function) === 'asyncio.gather' ? given : given.slice(0, 1)
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'list_splat':
      return expression.namedChildren
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
      return [expression.body]
    case 'identifier': {
      const value = context.scopes.bindingOf(expression)?.onlyDefinition?.value
      return value ? [value] : null
    }
    default:
      return null
  }
}

/**
 * The names by which a task goes: as it is written, by the attribute that a local name stands for, and as an item of the collection over which a loop
 * goes. A collection of tasks goes by the name of its items.
 */
function namesOf(context: Context, expression: PythonNode): readonly string[] {
  const node = withoutParentheses(expression)
  const names = [collectionName(node)]
  const definition = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.definitions : undefined
  for (const { kind, value, node: binding } of definition ?? []) {
    if (kind === 'for' && binding.kind === 'for_statement') names.push(collectionName(binding.right))
    else if (kind === 'for' && binding.kind === 'for_in_clause') names.push(...binding.right.map((part) => (part.isNamed ? collectionName(part) : '')))
    else if (value && (value.kind === 'attribute' || value.kind === 'subscript' || value.kind === 'identifier')) names.push(collectionName(value))
    else if (value?.kind === 'call') names.push(collectionName(value))
  }
  return names.filter((name) => name !== '')
}

/** Calls that give a collection with the same items. */
const SAME_ITEMS: ReadonlySet<string> = new Set(['enumerate', 'frozenset', 'list', 'reversed', 'set', 'sorted', 'tuple'])
const SAME_ITEMS_METHODS: ReadonlySet<string> = new Set(['copy', 'items', 'values'])

/** `tasks` for `tasks`, `list(tasks)`, `tasks.values()`, `tasks[:]` and `tasks[name]`. Empty for what has no name. */
function collectionName(expression: PythonNode): string {
  let node = withoutParentheses(expression)
  for (;;) {
    if (node.kind === 'list_splat' && node.namedChildren[0]) node = withoutParentheses(node.namedChildren[0])
    else if (node.kind === 'subscript' && node.subscript[0]?.kind === 'slice') node = withoutParentheses(node.value)
    else if (node.kind !== 'call') break
    else if (node.function.kind === 'attribute' && SAME_ITEMS_METHODS.has(node.function.attribute.text)) node = withoutParentheses(node.function.object)
    else if (node.function.kind === 'identifier' && SAME_ITEMS.has(node.function.text)) {
      const [given] = node.arguments.namedChildren
      if (!given) return ''
      node = withoutParentheses(given)
    } else return ''
  }
  return node.kind === 'identifier' || node.kind === 'attribute' || node.kind === 'subscript' ? node.text : ''
}

function limitsTime(context: Context, statement: PythonNode): boolean {
  const items = [...statement.descendants('with_item')].filter((item) => item.closest('with_statement') === statement)
  return items.every(({ value }) => {
    const manager = value.kind === 'as_pattern' ? value.namedChildren[0] : value
    return manager?.kind === 'call' && context.resolvesTo(manager.function, TIME_LIMITS)
  })
}
