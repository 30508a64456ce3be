import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Value } from '../values/value.ts'
import { functionKey } from './function-keys.ts'
import { functionScopeOf } from './guards.ts'
import type { GuardFact } from './guards.ts'

/** One `raise` of a new exception. Its place in the list is its number. */
export interface RaiseFact {
  /** What is raised, relative to the file: a class, or the call that makes the exception. */
  readonly exception: Value
  /** The guard around it. */
  readonly guard?: number
}

/** How exceptions leave one function. */
export interface FunctionRaises {
  readonly raises: readonly RaiseFact[]
  /** What stops exceptions; calls and raises name the innermost one around them. */
  readonly guards: readonly GuardFact[]
}

/** By the key of the function, see `CallsByFunction`. Functions that neither raise nor catch are left out. */
export type RaisesByFunction = Readonly<Record<string, FunctionRaises>>

/** What every function raises and catches by itself. */
export const raiseFact = defineFact<RaisesByFunction, FileSemantics>({
  name: 'python/raises',
  version: 1,
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes } = tables.kinds
    const found = new Map<number, RaiseFact[]>()
    for (let index = 0; index < tree.size; index++) {
      const code = codes[tree.kind[index]!]
      if (code === K.TRY_STATEMENT || code === K.WITH_STATEMENT) {
        const scope = functionScopeOf(file, index)
        if (file.guards.of(scope).length > 0 && !found.has(scope)) found.set(scope, [])
      }
      if (code !== K.RAISE_STATEMENT) continue
      const exception = raisedExpression(file, index)
      if (exception < 0 || isCaughtName(file, exception)) continue
      const scope = functionScopeOf(file, index)
      const guard = file.guards.around(index)
      const raises = found.get(scope) ?? []
      raises.push({ exception: file.values.summarise(exception), ...(guard !== undefined && { guard }) })
      found.set(scope, raises)
    }
    return Object.fromEntries([...found].map(([scope, raises]) => [functionKey(file, scope), { raises, guards: file.guards.of(scope) }]))
  },
})

/** The expression behind `raise`, -1 for a bare one. */
function raisedExpression({ tree, tables }: FileSemantics, statement: number): number {
  for (let child = statement + 1; child < tree.next[statement]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && tables.kinds.codes[tree.kind[child]!] !== K.COMMENT) return child
  }
  return -1
}

/** `raise e` of what `except ... as e` has bound: the handler rethrows. */
function isCaughtName({ tree, tables }: FileSemantics, expression: number): boolean {
  if (tables.kinds.codes[tree.kind[expression]!] !== K.IDENTIFIER) return false
  const binding = tables.bindingOfNode[expression]! - 1
  return binding >= 0 && tables.bindingDefinitions[binding]!.every((d) => tables.definitionKinds[d] === S.EXCEPT)
}

