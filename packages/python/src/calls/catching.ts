import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'

/** Whether something catches an exception: by the name of its class or a base of it, by `Exception` and the like, perhaps, or not. */
export type Catching = 'by-name' | 'broadly' | 'perhaps' | 'not'

const EXCEPTION = 'builtins.Exception'
const BASE_EXCEPTION = 'builtins.BaseException'

/** More parts of the types of one handler are not looked at. */
const MAX_PARTS = 100

/**
 * Whether an exception class is another one or derives from it; `undefined` where that is not known. What is raised and is no `BaseException` of its own
 * right is an `Exception`.
 */
export function isKindOf(project: PythonProject, exception: string, base: string): boolean | undefined {
  if (exception === base || base === BASE_EXCEPTION) return true
  const known = project.isSubclassOf(exception, [base])
  if (known !== undefined) return known
  if (base === EXCEPTION) return true
  // No library derives from a class of the project: its own bases are all known.
  return project.definition(base) ? false : undefined
}

/** The classes that handlers name, with absolute names, `null` where one is not known; names bound once to a class or a tuple are followed. */
export function namedClasses(project: PythonProject, types: readonly Value[]): readonly (string | null)[] {
  const found: (string | null)[] = []
  const pending = [...types].reverse()
  for (let part = 0; pending.length > 0; part++) {
    if (part > MAX_PARTS) return [...found, null]
    const value = pending.pop()!
    if (value.kind === 'tuple' || value.kind === 'list' || value.kind === 'set') {
      pending.push(...[...value.items].reverse())
      if (value.open && !value.items.some(({ kind }) => kind === 'splat')) found.push(null)
    } else if (value.kind === 'splat') pending.push(value.operand)
    else if (value.kind === 'binary' && value.operator === '+') pending.push(value.right, value.left)
    else if (value.kind === 'name') {
      const bound = project.valueOf(value.name)
      if (bound && bound.kind !== 'unknown') pending.push(bound)
      else found.push(isVariable(project, value.name) ? null : value.name)
    } else found.push(null)
  }
  return found
}

/** How a handler of these classes catches an exception; the surest answer counts. */
export function catchingBy(project: PythonProject, classes: readonly (string | null)[], exception: string): Catching {
  let best: Catching = 'not'
  for (const name of classes) {
    if (name === null) best = surer(best, 'perhaps')
    else if (name === EXCEPTION || name === BASE_EXCEPTION) {
      if (isKindOf(project, exception, name) !== false) best = surer(best, 'broadly')
    } else {
      const isKind = isKindOf(project, exception, name)
      if (isKind) return 'by-name'
      if (isKind === undefined) best = surer(best, 'perhaps')
    }
  }
  return best
}

/** The surer one of two. */
export function surer(some: Catching, other: Catching): Catching {
  return SURENESS.indexOf(some) < SURENESS.indexOf(other) ? some : other
}

const SURENESS: readonly Catching[] = ['by-name', 'broadly', 'perhaps', 'not']

function isVariable(project: PythonProject, name: string): boolean {
  const kind = project.definition(name)?.kind
  return kind !== undefined && kind !== 'class'
}
