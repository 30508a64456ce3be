import { childByField, defineFact } from '@krait/core'
import { functionFact } from '../facts/function-fact.ts'
import type { FunctionFact, ParameterFact } from '../facts/module-fact-types.ts'
import { classCall } from '../facts/module-fact.ts'
import type { FileSemantics } from '../file-semantics.ts'
import type { PythonProject } from '../project/python-project.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Value } from '../values/value.ts'

/** A local name of a function that the function returns or yields, and that its value alone does not tell. Names are relative to the file. */
export type ReturnedLocal =
  /** `class Service(Base): ...` in the function. */
  | { readonly kind: 'class'; readonly bases: readonly Value[] }
  /** `def check(user: CurrentUser): ...` in the function. */
  | { readonly kind: 'function'; readonly function: ReturnedFunction }
  /** `with make() as name:`, where `context` is the `make()`. */
  | { readonly kind: 'entered'; readonly context: Value; readonly async: boolean }

export type ReturnedFunction = Pick<FunctionFact, 'parameters' | 'async' | 'generator'>

/** By the path of the function in its module (`make`, `Factory.make`), then by local name. */
type ReturnedLocals = Readonly<Record<string, Readonly<Record<string, ReturnedLocal>>>>

export const returnedLocalsFact = defineFact<ReturnedLocals, FileSemantics>({
  name: 'python/returned-locals',
  version: 3,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, Map<string, ReturnedLocal>>()
    for (const index of file.nodesOf(K.RETURN_STATEMENT, K.YIELD)) {
      const name = returnedName(file, index)
      const path = name < 0 ? null : pathOfFunction(file, file.tables.scopeAt(index))
      const local = path === null ? null : localAt(file, name)
      if (path === null || !local) continue
      const ofFunction = found.get(path) ?? new Map<string, ReturnedLocal>()
      found.set(path, ofFunction.set(textAt(file, name), local))
    }
    return Object.fromEntries([...found].map(([path, locals]) => [path, Object.fromEntries(locals)]))
  },
})

/** The local names that a project function returns or yields, with names in absolute form. */
export function returnedLocals(project: PythonProject, functionName: string): ReadonlyMap<string, ReturnedLocal> {
  const definition = project.definition(functionName)
  if (definition?.kind !== 'function') return NONE
  const { name, path } = definition
  const ofFile = project.fact(returnedLocalsFact, path)
  const own = ofFile?.[project.pathInModule(name, path)]
  const absolute = (value: Value): Value => project.value(value, path)
  return new Map(Object.entries(own ?? {}).map(([local, fact]) => [local, mapLocal(fact, absolute)]))
}

const NONE: ReadonlyMap<string, ReturnedLocal> = new Map()

function mapLocal(local: ReturnedLocal, absolute: (value: Value) => Value): ReturnedLocal {
  switch (local.kind) {
    case 'class':
      return { ...local, bases: local.bases.map(absolute) }
    case 'entered':
      return { ...local, context: absolute(local.context) }
    case 'function':
      return { ...local, function: { ...local.function, parameters: local.function.parameters.map((parameter) => mapParameter(parameter, absolute)) } }
  }
}

/** A parameter with other values for its annotation and default. */
export function mapParameter({ name, kind, annotation, default: byDefault }: ParameterFact, absolute: (value: Value) => Value): ParameterFact {
  return { name, kind, ...(annotation && { annotation: absolute(annotation) }), ...(byDefault && { default: absolute(byDefault) }) }
}

/** The identifier in `return name` or `yield name`, or -1. */
function returnedName({ tree, tables }: FileSemantics, statement: number): number {
  const { codes } = tables.kinds
  for (let child = statement + 1; child < tree.next[statement]!; child = tree.next[child]!) {
    if (codes[tree.kind[child]!] === K.IDENTIFIER) return child
  }
  return -1
}

/** `Factory.make` for the scope of a method of a module's class; `null` in a nested function. */
function pathOfFunction(file: FileSemantics, scope: number): string | null {
  const { scopeKinds, scopeNodes, scopeParents, kinds } = file.tables
  if (scopeKinds[scope] !== S.FUNCTION_SCOPE) return null
  const outer = file.names.pathOfScope(scopeParents[scope]!)
  if (outer === null) return null
  const name = textAt(file, childByField(file.tree, scopeNodes[scope]!, kinds.fields.name))
  return outer === '' ? name : `${outer}.${name}`
}

/** What the only definition of a local name says. */
function localAt(file: FileSemantics, identifier: number): ReturnedLocal | null {
  const { bindingOfNode, bindingDefinitions, bindingScopes, definitionKinds, definitionNodes, kinds } = file.tables
  const binding = bindingOfNode[identifier]! - 1
  if (binding < 0 || file.names.pathOfScope(bindingScopes[binding]!) !== null) return null
  const [definition, ...others] = bindingDefinitions[binding]!
  if (definition === undefined || others.length > 0) return null
  const node = definitionNodes[definition]!
  if (definitionKinds[definition] === S.CLASS) {
    return { kind: 'class', bases: classCall(file, childByField(file.tree, node, kinds.fields.superclasses)).bases }
  }
  if (definitionKinds[definition] === S.FUNCTION) {
    const { parameters, async: isAsync, generator } = functionFact(file, node, false)
    return { kind: 'function', function: { parameters, ...(isAsync && { async: isAsync }), ...(generator && { generator }) } }
  }
  return definitionKinds[definition] === S.WITH ? enteredAt(file, node, identifier) : null
}

/** `with context as name`; not where `name` is a part of what is unpacked. */
function enteredAt(file: FileSemantics, pattern: number, identifier: number): ReturnedLocal | null {
  const { tree, tables } = file
  const { codes } = tables.kinds
  const context = pattern + 1
  const target = tree.next[context]! + 1
  const name = childrenOf(file, target)[0]
  if (name === undefined || textAt(file, name) !== textAt(file, identifier)) return null
  let statement = tree.parent[pattern]!
  while (statement >= 0 && codes[tree.kind[statement]!] !== K.WITH_STATEMENT) statement = tree.parent[statement]!
  return { kind: 'entered', context: file.values.summarise(context), async: tree.text.startsWith('async', tree.start[statement]) }
}

function childrenOf({ tree }: FileSemantics, node: number): number[] {
  const found: number[] = []
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) if (tree.grammar.isNamed[tree.kind[child]!]) found.push(child)
  return found
}

function textAt({ tree }: FileSemantics, node: number): string {
  return node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node])
}
