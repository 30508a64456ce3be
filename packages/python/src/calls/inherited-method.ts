import type { PythonProject } from '../project/python-project.ts'

/**
 * The qualified name of the method that `super()` finds in a class: that of the next class in the method resolution order that has it. `null` if there
 * is none, or if a library's class stands before it.
 */
export function inheritedMethod(project: PythonProject, className: string, method: string): string | null {
  for (const owner of project.ancestors(className).names.slice(1)) {
    const definition = project.definition(owner)
    if (definition?.kind !== 'class') {
      if (definition === null && !MEMBERLESS.has(owner)) return null
      continue
    }
    if (!Object.hasOwn(definition.fact.members, method)) continue
    return definition.fact.members[method]!.kind === 'function' ? `${owner}.${method}` : null
  }
  return null
}

/** Bases without methods of interest. */
const MEMBERLESS: ReadonlySet<string> = new Set(['builtins.object', 'abc.ABC', 'typing.Generic', 'typing.Protocol'])
