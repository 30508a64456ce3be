import type { RaiseFact } from '../facts/raise-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import type { Value } from '../values/value.ts'
import type { CallTargets } from './call-targets.ts'
import type { ProjectFunction } from './project-functions.ts'

/** More parts of what one statement raises are not looked at. */
const MAX_PARTS = 50

/** The classes, by their canonical names, that a `raise` statement may raise; none where that is not known. */
export function raisedClasses(project: PythonProject, targets: CallTargets, fn: ProjectFunction, { exception }: RaiseFact): readonly string[] {
  const found = new Set<string>()
  const pending = [project.value(exception, fn.path)]
  for (let part = 0; pending.length > 0 && part < MAX_PARTS; part++) {
    const value = pending.pop()!
    if (value.kind === 'tuple') pending.push(...[...value.items].reverse())
    else if (value.kind === 'conditional') pending.push(value.else, value.then)
    else if (value.kind === 'boolean') pending.push(value.right, value.left)
    else {
      const name = classOf(project, targets, fn, value)
      if (name !== null) found.add(name)
    }
  }
  return [...found]
}

function classOf(project: PythonProject, targets: CallTargets, fn: ProjectFunction, value: Value): string | null {
  if (value.kind === 'name') {
    const bound = project.valueOf(value.name)
    if (bound?.kind === 'call') return bound.callee === null ? null : classNamed(project, bound.callee)
    return classNamed(project, value.name)
  }
  if (value.kind === 'attribute') return classBehind(targets, fn, value)
  if (value.kind !== 'call') return null
  if (value.callee !== null) return classNamed(project, value.callee) ?? classMade(project, value.callee)
  if (value.function?.kind !== 'attribute') return null
  // `Declined().with_traceback(tb)` is what it is called on.
  return value.function.attribute === 'with_traceback' ? classOf(project, targets, fn, value.function.object) : classBehind(targets, fn, value.function)
}

/** The class that an attribute such as `self.NotFound` holds. */
function classBehind(targets: CallTargets, fn: ProjectFunction, value: Value): string | null {
  const type = targets.typeOfValue(fn, value)
  return type.kind === 'class' ? type.class : null
}

/** `Declined` of `Declined.for_card(card)`, a class method that is another way to make one. */
function classMade(project: PythonProject, callee: string): string | null {
  const owner = withoutLastPart(callee)
  const definition = owner === '' ? null : project.definition(owner)
  if (definition?.kind !== 'class') return null
  const member = project.member(definition.name, lastPart(callee))
  return member?.fact.kind === 'function' && member.fact.method === 'class' ? definition.name : null
}

/** The class, if the name is one: a function that makes an exception says nothing of its class. */
function classNamed(project: PythonProject, name: string): string | null {
  const definition = project.definition(name)
  if (definition) return definition.kind === 'class' ? definition.name : null
  return /(^|\.)_*\p{Lu}[^.]*$/u.test(name) ? name : null
}
