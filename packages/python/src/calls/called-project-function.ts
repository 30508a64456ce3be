import { functionKey } from '../facts/function-keys.ts'
import { useOfCall } from '../facts/call-use.ts'
import { semanticsOf } from '../file-semantics.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import { classOfExpression } from '../shared/called-function.ts'
import { withoutLastPart } from '../shared/dotted-name.ts'
import { functionNamed } from '../shared/function-calls.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import type { PythonNode } from '../syntax/node.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { inheritedMethod } from './inherited-method.ts'
import { runsBody } from './project-functions.ts'
import type { FunctionSummary } from './summary.ts'

/**
 * The qualified name of the one function, method or constructor of the project that a call calls; `null` if that is not known, if there may be several,
 * or if it belongs to a library. Give it to `project.summary`.
 */
export function calledProjectFunction(context: PythonServices, call: CallNode): string | null {
  const called = withoutParentheses(call.function)
  // A name that the project itself defines needs no type, and one of a library leads to nothing.
  const resolved = context.resolve(called)
  if (resolved !== null) {
    const kind = context.project.definition(resolved)?.kind
    if (kind === 'function' || kind === 'class') return functionNamed(context.project, resolved)?.name ?? null
    if (kind === undefined && !isInProject(context, resolved)) return null
  }
  const names = new Set<string>()
  for (const member of membersOf(withoutNone(context.typeOf(called)))) {
    const name = isSuperMethod(context, called) ? inherited(context, called) : (nameOf(context, member) ?? untyped(context, called))
    if (name === null) return null
    names.add(name)
  }
  const [name, ...others] = names
  return name === undefined || others.length > 0 ? null : (functionNamed(context.project, name)?.name ?? null)
}

/** What happens where a call stands: the summary of the function it calls, if that runs there. `null` if it does not, or if it is not known. */
export function summaryOfCall(context: PythonServices, call: CallNode): FunctionSummary | null {
  const name = calledProjectFunction(context, call)
  const summary = name === null ? null : context.project.summary(name)
  return summary && runsBody(summary.kind, useOfCall(semanticsOf(call.tree), call.index)) ? summary : null
}

/** The qualified name of the function in whose code a node stands, such as `project.summary` takes; that of the module for code outside of functions. */
export function enclosingFunctionName(context: PythonServices, node: PythonNode): string {
  const file = semanticsOf(node.tree)
  return qualified(context, functionKey(file, file.tables.scopeAt(node.index)))
}

/** Whether some beginning of a name is defined in the project, so that the rest are attributes. */
function isInProject({ project }: PythonServices, name: string): boolean {
  for (let outer = withoutLastPart(name); outer !== ''; outer = withoutLastPart(outer)) if (project.definition(outer)) return true
  return false
}

function nameOf({ project }: PythonServices, type: Type): string | null {
  if (type.kind === 'function') return type.name
  if (type.kind === 'class') return type.class
  const member = type.kind === 'instance' ? project.member(type.class, '__call__') : null
  return member?.fact.kind === 'function' ? `${member.owner}.__call__` : null
}

/** A function in a function, or a method of an object whose class is known by less than its type. */
function untyped(context: PythonServices, called: PythonNode): string | null {
  if (called.kind === 'attribute') {
    const owner = classOfExpression(context, called.object)
    const member = owner === null ? null : context.project.member(owner, called.attribute.text)
    return member?.fact.kind === 'function' ? `${member.owner}.${called.attribute.text}` : null
  }
  const definition = called.kind === 'identifier' ? context.scopes.bindingOf(called)?.onlyDefinition : null
  if (definition?.kind !== 'function') return null
  const file = semanticsOf(called.tree)
  return qualified(context, functionKey(file, file.scopeMadeBy(definition.node.index)))
}

function isSuperMethod(context: PythonServices, called: PythonNode): called is PythonNode & { readonly kind: 'attribute' } {
  return called.kind === 'attribute' && called.object.kind === 'call' && context.resolvesTo(called.object.function, ['builtins.super'])
}

function inherited(context: PythonServices, called: PythonNode & { readonly kind: 'attribute' }): string | null {
  const enclosing = context.scopes.scopeOf(called).enclosingClass
  const owner = enclosing && context.resolve(enclosing.node)
  return owner ? inheritedMethod(context.project, owner, called.attribute.text) : null
}

function qualified({ moduleName }: PythonServices, key: string): string {
  return moduleName === '' || key === '' ? key || moduleName : `${moduleName}.${key}`
}
