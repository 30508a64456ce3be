import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { functionKey } from './function-keys.ts'
import { forEachCall, forEachRaise } from './numbering.ts'

/**
 * Where a function stands, and its calls and raises by their numbers: line and column of each in turn, both from 1. A call stands where the name
 * of what it calls begins, so that the calls of a chain have places of their own.
 */
export interface FunctionPlaces {
  readonly definition?: readonly [line: number, column: number]
  readonly calls?: readonly number[]
  readonly raises?: readonly number[]
}

/**
 * The places of functions by their key, see `CallsByFunction`. They change with every edit above them: ask for them only for a finding that is
 * reported in any case.
 */
export type PlacesByFunction = Readonly<Record<string, FunctionPlaces>>

export const placeFact = defineFact<PlacesByFunction, FileSemantics>({
  name: 'python/places',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const found = new Map<string, { definition?: [number, number]; calls?: number[]; raises?: number[] }>()
    const placesOf = (key: string) => {
      let places = found.get(key)
      if (!places) found.set(key, (places = {}))
      return places
    }
    const positionOf = (node: number): [number, number] => {
      const { line, column } = tree.lineTable.position(tree.start[node]!)
      return [line, column]
    }
    for (const [scope, node] of tables.scopeNodes.entries()) {
      const kind = tables.scopeKinds[scope]
      if (kind === S.FUNCTION_SCOPE || kind === S.LAMBDA_SCOPE) placesOf(functionKey(file, scope)).definition ??= positionOf(node)
    }
    forEachCall(file, (node, key) => void (placesOf(key).calls ??= []).push(...positionOf(calledName(file, node))))
    forEachRaise(file, (node, key) => void (placesOf(key).raises ??= []).push(...positionOf(node)))
    return Object.fromEntries(found)
  },
})

/** `charge` of `self.client.charge(order)`; the call itself where nothing is named. */
function calledName({ tree, tables }: FileSemantics, call: number): number {
  const { codes, fields } = tables.kinds
  const called = childByField(tree, call, fields.function)
  const attribute = called >= 0 && codes[tree.kind[called]!] === K.ATTRIBUTE ? childByField(tree, called, fields.attribute) : -1
  return attribute >= 0 ? attribute : call
}
