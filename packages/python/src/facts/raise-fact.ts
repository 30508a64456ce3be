import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { UNKNOWN } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { decoratorsOf } from './function-fact.ts'
import { functionKey, functionKeyAt } from './function-keys.ts'
import { raisedExpression, typesOfHandler } from './guards.ts'
import type { GuardFact } from './guards.ts'
import { forEachRaise } from './numbering.ts'
import { outline } from './outline.ts'

/** One `raise` statement. Its place in the list is its number. */
export interface RaiseFact {
  /** What is raised, relative to the file: a class, the call that makes the exception, or one of several as a tuple; unknown where that is not known. */
  readonly exception: Value
  /** It raises what a handler has caught: `exception` is what the handler names. */
  readonly again?: true
  /** The guard around it. */
  readonly guard?: number
}

/** How exceptions leave one function. */
export interface FunctionRaises {
  readonly raises: readonly RaiseFact[]
  /** What stops exceptions; calls and raises name the innermost one around them. */
  readonly guards: readonly GuardFact[]
  /** The guards around its `yield`s, if each has one: what is raised there from outside has to pass them. */
  readonly yields?: readonly number[]
  /** What a function inside a function is; others have a `FunctionFact` that says it. */
  readonly local?: LocalFunctionKind
}

export interface LocalFunctionKind {
  readonly async?: true
  readonly generator?: true
  readonly decorators?: readonly Value[]
}

/** By the key of the function, see `CallsByFunction`. Functions of which there is nothing to say are left out. */
export type RaisesByFunction = Readonly<Record<string, FunctionRaises>>

/** What every function raises and catches by itself. */
export const raiseFact = defineFact<RaisesByFunction, FileSemantics>({
  name: 'python/raises',
  version: 2,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, RaiseFact[]>()
    for (const key of file.guards.keys) found.set(key, [])
    forEachRaise(file, (statement, key) => {
      const raises = found.get(key) ?? []
      if (raises.length === 0) found.set(key, raises)
      const guard = file.guards.around(statement)
      raises.push({ ...raised(file, statement), ...(guard !== undefined && { guard }) })
    })
    const yields = guardsOfYields(file)
    const locals = localFunctions(file, yields)
    for (const key of locals.keys()) if (!found.has(key)) found.set(key, [])
    return Object.fromEntries(
      [...found].map(([key, raises]) => [
        key,
        { raises, guards: file.guards.of(key), ...(yields.get(key) && { yields: [...yields.get(key)!] }), ...(locals.has(key) && { local: locals.get(key)! }) },
      ]),
    )
  },
})

function raised(file: FileSemantics, statement: number): Pick<RaiseFact, 'exception' | 'again'> {
  const expression = withoutTraceback(file, raisedExpression(file, statement))
  if (expression < 0) return { exception: oneOf(caughtAround(file, statement)), again: true }
  const local = localDefinitions(file, expression)
  if (!local) return { exception: exceptionOf(file, expression) }
  const { definitionKinds, definitionNodes, definitionValues } = file.tables
  const exceptions: Value[] = []
  let again = false
  for (const definition of local) {
    const value = definitionValues[definition]!
    if (definitionKinds[definition] === S.EXCEPT) {
      again = true
      exceptions.push(...caughtBy(file, definitionNodes[definition]!))
    } else if (value < 0) exceptions.push(UNKNOWN)
    else {
      const aliased = localDefinitions(file, value) ?? []
      const caught = aliased.filter((d) => definitionKinds[d] === S.EXCEPT).flatMap((d) => caughtBy(file, definitionNodes[d]!))
      again ||= caught.length > 0
      exceptions.push(...(aliased.length > 0 ? caught : [exceptionOf(file, value)]))
    }
  }
  return { exception: oneOf(exceptions), ...(again && { again: true as const }) }
}

/** What a value says of its class; the values of a choice stay apart. */
function exceptionOf(file: FileSemantics, expression: number): Value {
  return outline(file.values.summarise(expression))
}

function oneOf(exceptions: readonly Value[]): Value {
  const known = exceptions.filter(({ kind }) => kind !== 'unknown' && kind !== 'literal')
  if (known.length === 0) return UNKNOWN
  return known.length === 1 ? known[0]! : { kind: 'tuple', items: known, open: known.length < exceptions.length }
}

/** `e` of `e.with_traceback(tb)`. */
function withoutTraceback({ tree, tables }: FileSemantics, expression: number): number {
  const { codes, fields } = tables.kinds
  if (expression < 0 || codes[tree.kind[expression]!] !== K.CALL) return expression
  const called = childByField(tree, expression, fields.function)
  if (called < 0 || codes[tree.kind[called]!] !== K.ATTRIBUTE) return expression
  const method = childByField(tree, called, fields.attribute)
  if (method < 0 || tree.text.slice(tree.start[method], tree.end[method]) !== 'with_traceback') return expression
  return childByField(tree, called, fields.object)
}

/** The definitions of a name that has none that all agree on: a local variable, what `except ... as e` binds. `null` for all else. */
function localDefinitions({ tree, tables, names, values }: FileSemantics, expression: number): readonly number[] | null {
  if (tables.kinds.codes[tree.kind[expression]!] !== K.IDENTIFIER || names.nameOf(expression) !== null) return null
  const binding = tables.bindingOfNode[expression]! - 1
  if (binding < 0) return null
  const value = values.boundValue(binding)
  const isPlain = value !== undefined && tables.kinds.codes[tree.kind[value]!] !== K.IDENTIFIER
  return isPlain ? null : tables.bindingDefinitions[binding]!.filter((d) => tables.definitionKinds[d] !== S.DELETE && tables.definitionKinds[d] !== S.ANNOTATION)
}

/** What the innermost handler around a bare `raise` names. */
function caughtAround(file: FileSemantics, statement: number): readonly Value[] {
  const { tree, tables } = file
  const { codes } = tables.kinds
  for (let node = tree.parent[statement]!; node >= 0; node = tree.parent[node]!) {
    const code = codes[tree.kind[node]!]
    if (code === K.EXCEPT_CLAUSE) return (typesOfHandler(file, node) ?? []).map(outlineOfType)
    if (code === K.FUNCTION_DEFINITION || code === K.LAMBDA) return []
  }
  return []
}

/** What the handler names whose `as` pattern this is. */
function caughtBy(file: FileSemantics, pattern: number): readonly Value[] {
  const { tree, tables } = file
  let node = pattern
  while (node >= 0 && tables.kinds.codes[tree.kind[node]!] !== K.EXCEPT_CLAUSE) node = tree.parent[node]!
  return node < 0 ? [] : (typesOfHandler(file, node) ?? []).map(outlineOfType)
}

/** Of a handler's types only names count: a call among them makes a class or a tuple, not an exception. */
function outlineOfType(type: Value): Value {
  return type.kind === 'name' ? type : UNKNOWN
}

/** The guards around the `yield`s of each generator; `null` if a `yield` has none. */
function guardsOfYields(file: FileSemantics): ReadonlyMap<string, ReadonlySet<number> | null> {
  const { tree } = file
  const found = new Map<string, Set<number> | null>()
  for (const index of file.nodesOf(K.YIELD)) {
    if (!tree.grammar.isNamed[tree.kind[index]!]) continue
    const key = functionKeyAt(file, index)
    const guard = file.guards.around(index)
    const guards = found.get(key)
    if (guard === undefined) found.set(key, null)
    else if (guards !== null) found.set(key, (guards ?? new Set<number>()).add(guard))
  }
  return found
}

/** What the functions inside functions are, where that is something else than plain functions. */
function localFunctions(file: FileSemantics, yields: ReadonlyMap<string, unknown>): ReadonlyMap<string, LocalFunctionKind> {
  const { tree, tables } = file
  const found = new Map<string, LocalFunctionKind>()
  for (const [scope, node] of tables.scopeNodes.entries()) {
    if (tables.scopeKinds[scope] !== S.FUNCTION_SCOPE || file.names.pathOfScope(tables.scopeParents[scope]!) !== null) continue
    const key = functionKey(file, scope)
    const decorators = decoratorsOf(file, node)
    const async = tree.text.startsWith('async', tree.start[node])
    const generator = yields.has(key)
    if (!async && !generator && decorators.length === 0) continue
    found.set(key, {
      ...(async && { async: true as const }),
      ...(generator && { generator: true as const }),
      ...(decorators.length > 0 && { decorators }),
    })
  }
  return found
}
