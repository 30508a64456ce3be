import type { FlatTree } from '@krait/core'

/** A token of the source: a keyword, name, operator, number, or a whole string. */
export interface Leaf {
  readonly index: number
  readonly kind: string
  readonly start: number
  readonly end: number
}

/**
 * The tokens from a node on, to the end of the file, without comments and without tokens that the parser invented. A string is one token,
 * whatever its interpolations hold.
 */
export function* leavesFrom(tree: FlatTree, from: number): Generator<Leaf> {
  const { grammar, kind, next, start, end, size } = tree
  let index = from
  while (index < size) {
    const name = grammar.kindNames[kind[index]!]!
    const isLeaf = next[index] === index + 1 || name === 'string'
    if (isLeaf && !SKIPPED.has(name) && start[index]! < end[index]!) yield { index, kind: name, start: start[index]!, end: end[index]! }
    index = name === 'string' ? next[index]! : index + 1
  }
}

const SKIPPED = new Set(['comment', 'line_continuation'])
