import { callFact } from '../facts/call-fact.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { CallUse } from '../facts/call-use.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import { raiseFact } from '../facts/raise-fact.ts'
import type { FunctionRaises } from '../facts/raise-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { functionNamed } from '../shared/function-calls.ts'
import type { FunctionCalls } from '../shared/function-calls.ts'
import { isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import type { FunctionKind } from './summary.ts'

/** A function of the project with what its body does. */
export interface ProjectFunction extends FunctionCalls, FunctionRaises {
  /** `null` for a function inside a function, and for the code of a module. */
  readonly fact: FunctionFact | null
  /** The class in whose body it stands; `null` for other functions. */
  readonly owner: string | null
  readonly kind: FunctionKind
  /** With absolute names, from the top. */
  readonly decorators: readonly Value[]
}

const NOTHING: FunctionRaises = { raises: [], guards: [] }

/** The function, method or constructor of the project under a qualified name; `null` if there is none. */
export function findFunction(project: PythonProject, qualifiedName: string): ProjectFunction | null {
  const found = functionNamed(project, qualifiedName)
  return found && readFunction(project, found.path, project.pathInModule(found.name, found.path))
}

/** The function with a key in a file, see `CallsByFunction`; the empty key is the code of the module. */
export function readFunction(project: PythonProject, path: string, key: string): ProjectFunction {
  const module = project.moduleName(path)
  const name = key === '' || module === '' ? key || module : `${module}.${key}`
  const isLocal = key.includes('<locals>')
  const outer = isLocal || key === '' ? null : withoutLastPart(name)
  const owner = outer !== null && project.definition(outer)?.kind === 'class' ? outer : null
  const calls = project.part(callFact, path, key) ?? []
  const raises = project.part(raiseFact, path, key) ?? NOTHING
  const fact = isLocal || key === '' ? null : factOf(project, name, owner)
  const decorators = (fact ? fact.decorators : (raises.local?.decorators ?? [])).map((decorator) => project.value(decorator, path))
  return { ...raises, name, path, calls, fact, owner, decorators, kind: kindOf(fact ?? raises.local ?? {}, decorators) }
}

/** Whether the body of a function runs where its call is used so. */
export function runsBody(kind: FunctionKind, use: CallUse | null): boolean {
  return kind === 'plain' || use === USE_THAT_RUNS[kind]
}

/** What is done at once with the result of a call. */
export function useOf({ awaited, use }: CallFact): CallUse | null {
  return awaited ? 'awaited' : (use ?? null)
}

const USE_THAT_RUNS: Readonly<Record<Exclude<FunctionKind, 'plain'>, CallUse>> = {
  coroutine: 'awaited',
  generator: 'iterated',
  'context-manager': 'entered',
}

function kindOf(given: { readonly async?: true; readonly generator?: true }, decorators: readonly Value[]): FunctionKind {
  if (decorators.some(isContextManager)) return 'context-manager'
  if (given.generator) return 'generator'
  return given.async ? 'coroutine' : 'plain'
}

function isContextManager(decorator: Value): boolean {
  if (decorator.kind === 'name') return CONTEXT_MANAGERS.includes(decorator.name)
  return isCallOf(decorator, ...CONTEXT_MANAGERS)
}

const CONTEXT_MANAGERS = ['contextlib.contextmanager', 'contextlib.asynccontextmanager']

function factOf(project: PythonProject, name: string, owner: string | null): FunctionFact | null {
  const member = owner === null ? null : project.member(owner, lastPart(name))?.fact
  if (member?.kind === 'function') return member
  const definition = project.definition(name)
  return definition?.kind === 'function' ? definition.fact : null
}
