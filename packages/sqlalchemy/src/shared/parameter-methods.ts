import type { CallNode, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { calledProjectFunction, parameterFatesFact, parameterUsesFact } from '@krait/python'
import { functionFactOf, givenTo } from './parameter-reads.ts'
import { parameterOf } from './kept-arguments.ts'

/** What functions do with an object that they are given, as far as their parameters show it. */
export interface MethodsOfParameter {
  /** The attributes that are taken of it, mostly methods that are called. */
  readonly attributes: ReadonlySet<string>
  /** It goes on to something that is not known, or is kept. */
  readonly isKept: boolean
}

/**
 * What a call of a project function does with one of its arguments, also through functions that it passes it on to; `null` for a call of anything else. It
 * needs no type: the function at hand knows what the object is, even if the called one does not say it.
 * @param object the argument
 * @param maxDepth functions inside functions are followed so far; 1 for the called function alone
 */
export function methodsOfGiven(context: PythonRuleContext, call: CallNode, object: PythonNode, maxDepth: number): MethodsOfParameter | null {
  const { project } = context
  const given = calledProjectFunction(context, call) === null ? null : givenTo(context, call, object)
  if (!given) return null
  const attributes = new Set<string>()
  const seen = new Set<string>()
  let isKept = false
  const pending = [{ name: given.function, parameter: given.parameter, depth: 1 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { name, parameter, depth } = next
    const place = placeOf(project, name)
    const id = `${name}(${parameter})`
    if (!place || seen.has(id)) continue
    seen.add(id)
    for (const attribute of project.part(parameterUsesFact, place.path, place.key)?.[parameter] ?? []) attributes.add(attribute)
    const fate = project.part(parameterFatesFact, place.path, place.key)?.[parameter]
    isKept ||= fate?.kept === true
    for (const [callee, argument] of fate?.passed ?? []) {
      const to = project.resolveName(callee, place.path)
      const fact = to === null ? null : functionFactOf(project, to)
      const inner = fact && parameterOf(fact, argument)
      if (to === null || inner === null || depth >= maxDepth) isKept = true
      else pending.push({ name: to, parameter: inner, depth: depth + 1 })
    }
  }
  return { attributes, isKept }
}

function placeOf(project: PythonProject, name: string): { readonly path: string; readonly key: string } | null {
  const found = functionPlace(project, name)
  if (!found) return null
  return { path: found.path, key: project.pathInModule(found.name, found.path) }
}

function functionPlace(project: PythonProject, name: string): { readonly path: string; readonly name: string } | null {
  const definition = project.definition(name)
  if (definition) return definition.kind === 'function' ? definition : null
  const split = name.lastIndexOf('.')
  const member = split < 0 ? null : project.member(name.slice(0, split), name.slice(split + 1))
  return member?.fact.kind === 'function' ? { path: member.path, name: `${member.owner}${name.slice(split)}` } : null
}
