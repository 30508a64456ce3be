import type { CallNode, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { localAttributeUsesFact, calledProjectFunction, callsOf, keywordArguments, lastPart, parameterFatesFact, positionalArguments, withoutLastPart, withoutParentheses } from '@krait/python'
import { parameterOf } from './kept-arguments.ts'
import { fieldsRead } from './response-schemas.ts'

/** Methods that call methods are followed so far. */
const MAX_DEPTH = 3

/** A function of the project that gets an object, by the parameter in which it gets it. */
export interface GivenTo {
  readonly function: string
  readonly parameter: string
}

/** The function that a call gives an object to: as an argument, or as the object whose method it is. */
export function givenTo(context: PythonRuleContext, call: CallNode, object: PythonNode): GivenTo | null {
  const name = calledProjectFunction(context, call)
  if (name === null) return null
  const fact = functionFactOf(context.project, name)
  if (!fact) return null
  const called = withoutParentheses(call.function)
  const first = fact.parameters[0]?.name
  if (called.kind === 'attribute' && called.object === object) return first === undefined || fact.method === 'static' ? null : { function: name, parameter: first }
  for (const [keyword, value] of keywordArguments(call)) if (value === object) return { function: name, parameter: keyword }
  const index = positionalArguments(call).indexOf(object)
  const isConstructor = /\.__(init|post_init)__$/.test(name)
  const isBound = isConstructor || (called.kind === 'attribute' && fact.method !== undefined && fact.method !== 'static')
  const parameter = index < 0 ? undefined : fact.parameters[index + (isBound ? 1 : 0)]?.name
  return parameter === undefined ? null : { function: name, parameter }
}

/**
 * The attributes that a function reads of its parameter, also in methods and properties of the object, in functions that it passes the object to and in
 * schemas that it makes of it; `null` if it looks at what is loaded first.
 */
export function attributesRead(project: PythonProject, { function: name, parameter }: GivenTo, className: string): ReadonlySet<string> | null {
  const found = new Set<string>()
  const seen = new Set<string>()
  const pending = [{ name, parameter, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const id = `${next.name}(${next.parameter})`
    if (seen.has(id)) continue
    seen.add(id)
    const calls = callsOf(project, next.name)
    if (!calls) continue
    if (calls.calls.some(({ callee }) => callee !== undefined && project.resolveName(callee, calls.path) === 'sqlalchemy.inspect')) return null
    const key = project.pathInModule(calls.name, calls.path)
    const uses = project.part(localAttributeUsesFact, calls.path, key)
    const start = `${next.parameter}.`
    const written = new Set((uses?.writes ?? []).map(lastPart))
    for (const read of uses?.reads ?? []) {
      if (!read.startsWith(start)) continue
      const attribute = read.slice(start.length)
      if (attribute === '__dict__') return null
      if (written.has(attribute)) continue
      found.add(attribute)
      const member = next.depth < MAX_DEPTH ? project.member(className, attribute) : null
      if (member?.fact.kind === 'function') {
        pending.push({ name: `${member.owner}.${attribute}`, parameter: member.fact.parameters[0]?.name ?? 'self', depth: next.depth + 1 })
      }
    }
    for (const [callee, argument] of project.part(parameterFatesFact, calls.path, key)?.[next.parameter]?.passed ?? []) {
      const given = project.resolveName(callee, calls.path)
      if (given === null) continue
      for (const field of fieldsRead(project, given)) found.add(field)
      const fact = next.depth + 1 < MAX_DEPTH ? functionFactOf(project, given) : null
      const to = fact && parameterOf(fact, argument)
      if (to !== null) pending.push({ name: given, parameter: to, depth: next.depth + 1 })
    }
  }
  return found
}

/** What is known of a function or method of the project. */
export function functionFactOf(project: PythonProject, name: string) {
  const definition = project.definition(name)
  if (definition) return definition.kind === 'function' ? definition.fact : null
  const member = project.member(withoutLastPart(name), lastPart(name))
  return member?.fact.kind === 'function' ? member.fact : null
}
