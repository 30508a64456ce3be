import { callFact } from '../facts/call-fact.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { Value } from '../values/value.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'

/** A function of the project with what its body calls. */
export interface FunctionCalls {
  /** The canonical name: `app.repo.Base.save`. */
  readonly name: string
  readonly path: string
  readonly calls: readonly CallFact[]
}

/** What the body of a function, method or constructor of the project calls; `null` if the name is none of these. */
export function callsOf(project: PythonProject, qualifiedName: string): FunctionCalls | null {
  const found = functionNamed(project, qualifiedName)
  if (!found) return null
  const key = project.pathInModule(found.name, found.path)
  return { name: found.name, path: found.path, calls: project.part(callFact, found.path, key) ?? [] }
}

/** The qualified name of what a call in a function calls: a function or class of the project or a library; `null` if it is not known. */
export function calleeName(project: PythonProject, caller: FunctionCalls, call: CallFact): string | null {
  if (call.callee !== undefined) return nameOfCallee(project, caller.path, call.callee)
  const receiver = call.receiver && project.value(call.receiver, caller.path)
  const className = receiver && call.method !== undefined ? classOfReceiver(project, caller, receiver) : null
  return className === null ? null : `${project.member(className, call.method!)?.owner ?? className}.${call.method}`
}

/** A function inside a function has no qualified name of its own, but that of its place. */
function nameOfCallee(project: PythonProject, path: string, callee: string): string | null {
  if (!callee.includes('<locals>')) return project.resolveName(callee, path)
  const module = project.moduleName(path)
  return module === '' ? callee.slice(1) : module + callee.replace(':', '.')
}

/** `self` is an instance of the class whose method the function is; a call of a class gives an instance of it. */
function classOfReceiver(project: PythonProject, caller: FunctionCalls, receiver: Value): string | null {
  if (receiver.kind === 'call' && receiver.callee !== null) {
    const definition = project.definition(receiver.callee)
    return definition?.kind === 'class' ? definition.name : null
  }
  if (receiver.kind !== 'local' || !receiver.isParameter) return null
  const className = withoutLastPart(caller.name)
  const method = project.member(className, lastPart(caller.name))?.fact
  const isFirst = method?.kind === 'function' && method.method !== 'static' && method.parameters[0]?.name === receiver.name
  return isFirst ? className : null
}

/** The canonical name and the file of the function, method or constructor of the project under a qualified name; `null` if there is none. */
export function functionNamed(project: PythonProject, qualifiedName: string): { readonly name: string; readonly path: string } | null {
  if (qualifiedName.includes('<locals>')) return placeOf(project, qualifiedName)
  const callable = project.callable(qualifiedName)
  if (callable?.kind === 'function') return callable
  if (callable?.kind === 'class') {
    for (const constructor of CONSTRUCTORS) {
      const member = project.member(callable.name, constructor)
      if (isFunction(member?.fact)) return { name: `${member.owner}.${constructor}`, path: member.path }
    }
    return null
  }
  const member = project.member(withoutLastPart(qualifiedName), lastPart(qualifiedName))
  return isFunction(member?.fact) ? { name: `${member.owner}.${lastPart(qualifiedName)}`, path: member.path } : null
}

/** The file of a function inside a function: that of the outermost one. */
function placeOf(project: PythonProject, name: string): { readonly name: string; readonly path: string } | null {
  const outer = functionNamed(project, name.slice(0, name.indexOf('.<locals>')))
  return outer && { name, path: outer.path }
}

/** What runs when a class is called. A dataclass has its `__init__` made for it, which calls the second one. */
const CONSTRUCTORS = ['__init__', '__post_init__']

function isFunction(fact: { readonly kind: string } | undefined): fact is FunctionFact {
  return fact?.kind === 'function'
}
