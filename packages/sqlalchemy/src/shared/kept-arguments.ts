import type { CallNode, FunctionFact, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { calledProjectFunction, parameterFatesFact, positionalArguments } from '@krait/python'

/** What a call does with an object that it is given: nothing that lasts, something that may close or keep it, or certainly so. */
export type Keeping = 'no' | 'maybe' | 'yes'

/** Functions that pass the object on are followed this far. */
const MAX_DEPTH = 4

/** Methods that put what they are given into a container, or that see to it that it is closed. */
const KEEPING: ReadonlySet<string> = new Set(
  `add add_task addfinalizer addCleanup append appendleft callback enter_async_context enter_context insert push push_async_callback push_async_exit put put_nowait
  register set setattr setdefault`.split(/\s+/),
)

/** Builtins that do nothing with an object but look at it. */
const LOOKING: ReadonlySet<string> = new Set(['bool', 'hasattr', 'id', 'isinstance', 'print', 'repr', 'str', 'type'].map((name) => `builtins.${name}`))

/** @param given an argument of the call: the value itself, or the `keyword_argument` around it */
export function keepsArgument(context: PythonRuleContext, call: CallNode, given: PythonNode): Keeping {
  const called = call.function
  const name = calledProjectFunction(context, call)
  if (name !== null) return keepsGiven(context.project, name, given.kind === 'keyword_argument' ? given.name.text : positionalArguments(call).indexOf(given))
  if (called.kind === 'attribute' && KEEPING.has(called.attribute.text)) return 'yes'
  const resolved = context.resolve(called)
  if (resolved !== null && LOOKING.has(resolved)) return 'no'
  return isClassName(called.kind === 'attribute' ? called.attribute.text : called.text) || resolved === 'contextlib.closing' || resolved === 'contextlib.aclosing' ? 'yes' : 'maybe'
}

/** @param argument the number or name of the argument with the object */
function keepsGiven(project: PythonProject, name: string, argument: number | string): Keeping {
  const seen = new Set<string>()
  const pending: (readonly [name: string, argument: number | string, depth: number])[] = [[name, argument, 0]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [callee, position, depth] = next
    const definition = depth < MAX_DEPTH ? project.definition(callee) : null
    if (definition?.kind === 'class' || callee.endsWith('.__init__')) return 'yes'
    if (definition?.kind !== 'function') return 'maybe'
    const parameter = parameterOf(definition.fact, position)
    if (parameter === null) return 'maybe'
    const id = `${callee}(${parameter})`
    if (seen.has(id)) continue
    seen.add(id)
    const key = project.pathInModule(definition.name, definition.path)
    const fate = project.part(parameterFatesFact, definition.path, key)?.[parameter]
    if (fate?.kept) return 'maybe'
    for (const [relative, to] of fate?.passed ?? []) {
      const resolved = project.resolveName(relative, definition.path)
      if (resolved === null) return 'maybe'
      pending.push([resolved, to, depth + 1])
    }
  }
  return 'no'
}

/** The parameter that an argument goes to; `null` if it goes to `*args` or `**kwargs`, or if that is not known. */
export function parameterOf({ parameters, method }: FunctionFact, argument: number | string): string | null {
  if (typeof argument === 'string') return parameters.some(({ name }) => name === argument) ? argument : null
  const offset = method === 'instance' || method === 'class' ? 1 : 0
  const parameter = argument < 0 ? undefined : parameters[argument + offset]
  return parameter?.kind === 'positional-only' || parameter?.kind === 'positional-or-keyword' ? parameter.name : null
}

function isClassName(name: string): boolean {
  return /^_*[A-Z]/.test(name) && /[a-z]/.test(name)
}
