import type { CallNode, CallPath, PythonRuleContext } from '@krait/python'
import { calledProjectFunction, callsOf, effectsOfCall, lastPart, localAttributeUsesFact, matchesName, withoutLastPart } from '@krait/python'

/** Decorators of functions that remember what they gave. */
const CACHES: ReadonlySet<string> = new Set(['cache', 'lru_cache', 'cached', 'cachedmethod', 'alru_cache'])

export interface CalledFunction {
  /** The qualified name. */
  readonly name: string
  /** The path to the place where it talks to the database. */
  readonly path: CallPath
}

/** The function of the project that a call calls, if it talks to the database and changes nothing there or elsewhere, as far as is known. */
export function readingFunction(context: PythonRuleContext, call: CallNode, maxDepth: number): CalledFunction | null {
  const { function: name, paths } = effectsOf(context, call)
  const path = name === null ? undefined : paths.get('database')
  if (name === null || !path || path.length > maxDepth) return null
  if (paths.has('write') || paths.has('commit') || paths.has('external-effect') || setsAttributes(context, name, path[0]?.path)) return null
  if (path.some((step) => makesWritingStatement(context, step.function))) return null
  return { name, path }
}

interface Effects {
  readonly function: string | null
  readonly paths: ReadonlyMap<string, CallPath>
}

/** A coroutine that is made here runs later: it is collected for `gather()`, or given to a task. */
function effectsOf(context: PythonRuleContext, call: CallNode): Effects {
  const effects = effectsOfCall(context, call)
  const name = effects.function === null ? calledProjectFunction(context, call) : null
  const summary = name === null ? null : context.project.summary(name)
  return summary?.kind === 'coroutine' ? { function: name, paths: new Map(Object.entries(summary.effects)) } : effects
}

const WRITING_STATEMENTS = /^sqlalchemy\.(dialects\.\w+\.)?(insert|update|delete|Insert|Update|Delete)$/

/** A function that builds an INSERT, UPDATE or DELETE executes it, be it by ways that are not followed. */
function makesWritingStatement({ project }: PythonRuleContext, name: string): boolean {
  const found = callsOf(project, name)
  return found?.calls.some(({ callee }) => callee !== undefined && WRITING_STATEMENTS.test(project.resolveName(callee, found.path) ?? '')) ?? false
}

/** Whether something on the way remembers its results. */
export function isCached(context: PythonRuleContext, { name, path }: CalledFunction, cachedFunctions: readonly string[]): boolean {
  return [name, ...path.map((step) => step.function)].some((called) => {
    if (cachedFunctions.some((entry) => matchesName(called, entry))) return true
    return decoratorsOf(context, called).some((decorator) => CACHES.has(decorator))
  })
}

/** The last names of the decorators of a function or method. */
export function decoratorsOf({ project }: PythonRuleContext, name: string): readonly string[] {
  const definition = project.definition(name)
  const member = definition ? null : project.member(name.slice(0, Math.max(0, name.lastIndexOf('.'))), lastPart(name))
  const fact = definition?.kind === 'function' ? definition.fact : member?.fact
  const path = definition?.path ?? member?.path
  if (fact?.kind !== 'function' || path === undefined) return []
  return fact.decorators.flatMap((decorator) => {
    const value = project.value(decorator, path)
    const decoratorName = value.kind === 'call' ? value.callee ?? (value.function?.kind === 'attribute' ? value.function.attribute : null) : value.kind === 'name' ? value.name : null
    return decoratorName === null ? [] : [lastPart(decoratorName)]
  })
}

function setsAttributes({ project }: PythonRuleContext, name: string, path: string | undefined): boolean {
  if (path === undefined) return false
  const uses = project.part(localAttributeUsesFact, path, project.pathInModule(name, path))
  // What a repository or service notes of itself is no change of a row.
  const isOwn = project.model(withoutLastPart(name)) === null
  return uses?.writes.some((write) => !isOwn || !/^self\.\w+$/.test(write)) ?? false
}
