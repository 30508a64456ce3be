import type { FlatTree } from '@krait/core'
import type { KindTable } from '../scopes/kind-codes.ts'
import * as K from '../scopes/kind-codes.ts'

/** The kinds that facts look for: one node in ten is of one of them. */
const LISTED: readonly number[] = [
  K.CALL,
  K.ATTRIBUTE,
  K.ASSIGNMENT,
  K.PAIR,
  K.DECORATOR,
  K.FUNCTION_DEFINITION,
  K.CLASS_DEFINITION,
  K.RETURN_STATEMENT,
  K.RAISE_STATEMENT,
  K.TRY_STATEMENT,
  K.WITH_STATEMENT,
  K.YIELD,
  K.AWAIT,
]

/** The nodes of a tree by kind: one pass over the tree serves all facts. */
export class NodesByCode {
  readonly #lists: (number[] | undefined)[] = []

  constructor({ kind, size }: FlatTree, { codes }: KindTable) {
    const lists = this.#lists
    for (let code = 0; code <= Math.max(...LISTED); code++) lists.push(LISTED.includes(code) ? [] : undefined)
    for (let index = 0; index < size; index++) lists[codes[kind[index]!]!]?.push(index)
  }

  /** The nodes of these kinds in source order. */
  of(...wanted: readonly number[]): readonly number[] {
    const [first, ...others] = wanted.map((code) => this.#lists[code]!)
    return others.length === 0 ? first! : first!.concat(...others).sort((a, b) => a - b)
  }
}
