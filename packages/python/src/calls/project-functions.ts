import type { FunctionFact } from '../facts/module-fact-types.ts'
import { raiseFact } from '../facts/raise-fact.ts'
import type { FunctionRaises } from '../facts/raise-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { callsOf } from '../shared/function-calls.ts'
import type { FunctionCalls } from '../shared/function-calls.ts'

/** A function of the project with what its body does. */
export interface ProjectFunction extends FunctionCalls, FunctionRaises {
  /** `null` for a function inside a function. */
  readonly fact: FunctionFact | null
  /** The class in whose body it stands; `null` for other functions. */
  readonly owner: string | null
}

const NOTHING: FunctionRaises = { raises: [], guards: [] }

/** The function, method or constructor of the project under a qualified name; `null` if there is none. */
export function findFunction(project: PythonProject, qualifiedName: string): ProjectFunction | null {
  const found = callsOf(project, qualifiedName)
  if (!found) return null
  const { name, path } = found
  const module = project.moduleName(path)
  const key = module === '' ? name : name.slice(module.length + 1)
  const raises = project.fact(raiseFact as never, path) as Readonly<Record<string, FunctionRaises>> | undefined
  const owner = name.includes('<locals>') ? null : withoutLastPart(name)
  const isMethod = owner !== null && project.definition(owner)?.kind === 'class'
  return { ...found, ...(raises?.[key] ?? NOTHING), fact: factOf(project, name, isMethod ? owner : null), owner: isMethod ? owner : null }
}

function factOf(project: PythonProject, name: string, owner: string | null): FunctionFact | null {
  const member = owner === null ? null : project.member(owner, lastPart(name))?.fact
  if (member?.kind === 'function') return member
  const definition = name.includes('<locals>') ? null : project.definition(name)
  return definition?.kind === 'function' ? definition.fact : null
}
