import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'
import type { ProjectFunction } from './project-functions.ts'
import type { PathStep } from './summary.ts'

/** An exception that a function raises by itself and lets out. */
export interface DirectRaise {
  readonly exception: string
  readonly step: PathStep
}

/** The exceptions of the function's own `raise` statements that get out of it, each once. */
export function directRaises(project: PythonProject, { name, path, raises, guards }: ProjectFunction): readonly DirectRaise[] {
  const found = new Map<string, DirectRaise>()
  for (const [number, { exception, guard }] of raises.entries()) {
    const className = raisedClass(project, project.value(exception, path))
    if (className === null || found.has(className)) continue
    if (passesGuards(project, { path, guards }, className, guard)) found.set(className, { exception: className, step: { function: name, raise: number } })
  }
  return [...found.values()]
}

/**
 * Whether an exception that comes up inside a guard gets out of the function. A handler stops it if it names the class or a base and does not
 * raise again; where it is not known whether the class derives from what a handler names, it may get out.
 */
export function passesGuards(project: PythonProject, { path, guards }: Pick<ProjectFunction, 'path' | 'guards'>, exception: string, guard: number | undefined): boolean {
  for (let number = guard; number !== undefined; ) {
    const current = guards[number]
    if (!current) return true
    for (const { types, rethrows } of current.handlers) {
      if (!catches(project, path, types, exception)) continue
      if (rethrows) break
      return false
    }
    number = current.outer
  }
  return true
}

function catches(project: PythonProject, path: string, types: readonly Value[] | null, exception: string): boolean {
  if (types === null) return true
  return types.some((type) => caughtClasses(project, project.value(type, path)).some((name) => isKindOf(project, exception, name)))
}

/** The classes that a handler names: one, or a tuple of them, also by a name bound once to either. */
function caughtClasses(project: PythonProject, type: Value): readonly string[] {
  const stack: Value[] = [type]
  const found: string[] = []
  for (let step = 0; stack.length > 0 && step < MAX_STEPS; step++) {
    const value = stack.pop()!
    if (value.kind === 'tuple') stack.push(...value.items)
    else if (value.kind === 'name') {
      const bound = project.valueOf(value.name)
      if (bound && (bound.kind === 'tuple' || bound.kind === 'name')) stack.push(bound)
      else found.push(value.name)
    }
  }
  return found
}

/** Whether an exception class is another one or derives from it. Everything that is no `BaseException` of its own right is an `Exception`. */
export function isKindOf(project: PythonProject, exception: string, base: string): boolean {
  if (exception === base || base === 'builtins.BaseException') return true
  const known = project.isSubclassOf(exception, [base])
  if (known !== undefined) return known
  return base === 'builtins.Exception'
}

function raisedClass(project: PythonProject, value: Value): string | null {
  const raised = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
  if (raised === null) return null
  const bound = value.kind === 'name' ? project.valueOf(raised) : null
  if (bound?.kind === 'call' && bound.callee !== null) return classNamed(project, bound.callee)
  return classNamed(project, raised)
}

/** The class, if the name is one: a function that makes an exception says nothing of its class. */
function classNamed(project: PythonProject, name: string): string | null {
  const definition = project.definition(name)
  if (definition) return definition.kind === 'class' ? definition.name : null
  return /(^|\.)_*\p{Lu}[^.]*$/u.test(name) ? name : null
}

const MAX_STEPS = 100
