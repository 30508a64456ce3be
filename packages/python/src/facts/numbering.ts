import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { functionKeyAt } from './function-keys.ts'

/** Told of one call or `raise`: the node, the key of the function in whose code it stands, and its number there. */
export type NumberedVisit = (node: number, key: string, number: number) => void

/** The calls of a function beyond these have no number. */
const MAX_CALLS = 1000

/**
 * Goes through the calls of a file in the order in which they are evaluated, arguments before the call, and numbers them function by function. All
 * facts about calls go by these numbers.
 */
export function forEachCall(file: FileSemantics, visit: NumberedVisit): void {
  const { next } = file.tree
  const numbers = new Map<string, number>()
  // A call comes before those in its arguments in the tree and after them in time.
  const open: number[] = []
  for (const call of file.nodesOf(K.CALL)) {
    while (open.length > 0 && next[open.at(-1)!]! <= call) close(open.pop()!)
    open.push(call)
  }
  while (open.length > 0) close(open.pop()!)

  function close(call: number): void {
    const key = functionKeyAt(file, call)
    const number = numbers.get(key) ?? 0
    if (number >= MAX_CALLS) return
    numbers.set(key, number + 1)
    visit(call, key, number)
  }
}

/** Goes through the `raise` statements of a file in source order, and numbers them function by function. */
export function forEachRaise(file: FileSemantics, visit: NumberedVisit): void {
  const numbers = new Map<string, number>()
  for (const index of file.nodesOf(K.RAISE_STATEMENT)) {
    const key = functionKeyAt(file, index)
    const number = numbers.get(key) ?? 0
    numbers.set(key, number + 1)
    visit(index, key, number)
  }
}
