import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'
import { returnedLocals } from './returned-locals.ts'

/**
 * The canonical names of all classes that a class inherits from, itself included. As `project.ancestors`, and also through classes that functions of
 * the project make: `Base = make_base()`.
 */
export function allAncestors(project: PythonProject, classNames: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [...classNames]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const ancestor of project.ancestors(name).names) {
      if (found.has(ancestor)) continue
      found.add(ancestor)
      if (ancestor.endsWith('()')) pending.push(...classesMadeBy(project, ancestor.slice(0, -2)))
    }
  }
  return found
}

/**
 * The classes that a function of the project returns (for one that stands in the function, its bases), or that it is annotated to return. Empty if it
 * returns anything else.
 */
export function classesMadeBy(project: PythonProject, functionName: string): readonly string[] {
  const definition = project.definition(functionName)
  if (definition?.kind !== 'function') return []
  const { fact, path } = definition
  const annotated = fact.returnAnnotation && annotatedClass(project.value(fact.returnAnnotation, path))
  if (annotated) return [annotated]
  const locals = returnedLocals(project, definition.name)
  const made = fact.returns.map((value) => {
    if (value.kind !== 'local') return namesOf(project, [project.value(value, path)])
    const local = locals.get(value.name)
    return local?.kind === 'class' ? namesOf(project, local.bases) : []
  })
  return fact.fallsOff || fact.returnsOpen || made.some((names) => names.length === 0) ? [] : made.flat()
}

/** The names among values that are classes, of the project or of a library. */
function namesOf(project: PythonProject, values: readonly Value[]): string[] {
  return values.flatMap((value) => {
    const name = value.kind === 'subscript' ? value.object : value
    if (name.kind !== 'name') return []
    const definition = project.definition(name.name)
    return definition && definition.kind !== 'class' ? [] : [name.name]
  })
}

/** The `X` of `type[X]`. */
function annotatedClass(annotation: Value): string | null {
  if (annotation.kind !== 'subscript' || annotation.object.kind !== 'name') return null
  const [of] = annotation.index
  const isType = annotation.object.name === 'builtins.type' || annotation.object.name === 'typing.Type'
  return isType && of?.kind === 'name' ? of.name : null
}
