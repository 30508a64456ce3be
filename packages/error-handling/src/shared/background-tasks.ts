import { classOfExpression, hasWords, isCallOf, keywordArguments, lastNameOf, lastPart, matchesName, withoutParentheses } from '@krait/python'
import type { DecoratorNode, FunctionDefinitionNode, PythonNode, PythonServices } from '@krait/python'

/** A function that a queue or scheduler runs. */
export interface BackgroundTask {
  /** The queue as a message names it; `the queue` where only an option knows the decorator. */
  readonly queue: string
  /** The name of the task itself among its parameters, if it is bound. */
  readonly self: string | null
}

/** Decorators that are functions of a module. */
const DECORATORS: ReadonlyMap<string, string> = new Map([
  ['celery.shared_task', 'Celery'],
  ['celery.task', 'Celery'],
  ['celery.decorators.task', 'Celery'],
  ['dramatiq.actor', 'Dramatiq'],
  ['rq.decorators.job', 'RQ'],
  ['rq.job', 'RQ'],
  ['django_rq.job', 'RQ'],
  ['huey.contrib.djhuey.task', 'Huey'],
  ['huey.contrib.djhuey.db_task', 'Huey'],
  ['huey.contrib.djhuey.periodic_task', 'Huey'],
  ['huey.contrib.djhuey.db_periodic_task', 'Huey'],
])

interface Maker {
  readonly queue: string
  readonly methods: ReadonlySet<string>
  /** What the qualified name of the class begins with. */
  readonly module: string
  /** What the object is called where its class is not known. */
  readonly words: readonly string[]
}

/** Decorators that are methods of an object. */
const MAKERS: readonly Maker[] = [
  { queue: 'Celery', methods: new Set(['task']), module: 'celery', words: ['app', 'celery'] },
  { queue: 'Huey', methods: new Set(['task', 'periodic_task']), module: 'huey', words: ['huey'] },
  { queue: 'TaskIQ', methods: new Set(['task']), module: 'taskiq', words: ['broker', 'taskiq'] },
  { queue: 'Dramatiq', methods: new Set(['actor']), module: 'dramatiq', words: ['broker', 'dramatiq'] },
  { queue: 'APScheduler', methods: new Set(['scheduled_job']), module: 'apscheduler', words: ['scheduler'] },
]

/** What makes a function a task; `null` for all other functions. @param names qualified names of more decorators, or globs */
export function backgroundTask(context: PythonServices, fn: FunctionDefinitionNode, names: readonly string[]): BackgroundTask | null {
  if (fn.parent?.kind !== 'decorated_definition') return null
  for (const decorator of fn.parent.namedChildren) {
    if (decorator.kind !== 'decorator') continue
    const queue = queueOf(context, decorator, names)
    if (queue !== null) return { queue, self: isBound(decorator) ? firstParameter(fn) : null }
  }
  return null
}

function queueOf(context: PythonServices, decorator: DecoratorNode, names: readonly string[]): string | null {
  const expression = decorator.namedChildren[0]
  if (!expression) return null
  const called = withoutParentheses(expression.kind === 'call' ? expression.function : expression)
  const name = nameOf(context, called)
  if (name !== null && DECORATORS.has(name)) return DECORATORS.get(name)!
  if (names.some((entry) => matchesName(name ?? called.text, entry))) return 'the queue'
  return called.kind === 'attribute' ? queueOfMethod(context, called.object, called.attribute.text) : null
}

/** Also that of a name that is bound to a decorator: `task = shared_task(bind=True)`. */
function nameOf(context: PythonServices, called: PythonNode): string | null {
  const value = context.values.of(called)
  if (isCallOf(value, ...DECORATORS.keys())) return value.callee
  return context.resolve(called)
}

function queueOfMethod(context: PythonServices, object: PythonNode, method: string): string | null {
  const className = classOfExpression(context, object)
  for (const { queue, methods, module, words } of MAKERS) {
    if (!methods.has(method)) continue
    if (className === null ? hasWords(lastNameOf(object) ?? '', words) : isOf(context, className, module)) return queue
  }
  return null
}

function isOf({ project }: PythonServices, className: string, module: string): boolean {
  const names = project.definition(className)?.kind === 'class' ? project.ancestors(className).names : [className]
  return names.some((name) => name.split('.', 1)[0]!.startsWith(module) || lastPart(name).toLowerCase() === module)
}

function isBound(decorator: DecoratorNode): boolean {
  const call = decorator.namedChildren[0]
  return call?.kind === 'call' && keywordArguments(call).get('bind')?.kind === 'true'
}

function firstParameter(fn: FunctionDefinitionNode): string | null {
  const [first] = fn.parameters.namedChildren
  return first?.kind === 'identifier' ? first.text : null
}
