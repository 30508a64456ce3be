import type { FlatTree } from '@krait/core'
import { childByField } from '@krait/core'
import * as K from './kind-codes.ts'
import type { KindTable } from './kind-codes.ts'

/** Under which conditions a node is executed when the code of its scope runs. */
export interface Conditions {
  /** Seen by type checkers only: in the body of `if TYPE_CHECKING:`. */
  readonly typeChecking: boolean
  /** Not always executed: in a branch, a loop, a `try` body, a handler, a `case`. */
  readonly conditional: boolean
  /**
   * The second choice of two: in an `except` clause, in the `else` of `if TYPE_CHECKING:` or of a test of Python's version or platform.
   */
  readonly fallback: boolean
  /** In a `try` body one of whose handlers names `ImportError` or `ModuleNotFoundError`, or catches everything. */
  readonly optional: boolean
}

const ALWAYS: Conditions = { typeChecking: false, conditional: false, fallback: false, optional: false }

/** The conditions of a node inside the construct `scopeNode` (the node that makes its scope; 0 is the module). */
export function conditionsOf(tree: FlatTree, kinds: KindTable, node: number, scopeNode: number): Conditions {
  const { parent, kind, field } = tree
  const { codes, fields } = kinds
  let typeChecking = false
  let conditional = false
  let fallback = false
  let optional = false
  for (let i = node, up = parent[node]!; up >= 0 && i !== scopeNode; i = up, up = parent[up]!) {
    switch (codes[kind[up]!]) {
      case K.IF_STATEMENT: {
        if (field[i] === fields.condition) break
        conditional = true
        const test = testOf(tree, kinds, up)
        const isConsequence = field[i] === fields.consequence
        if (test === 'type-checking' && isConsequence) typeChecking = true
        else if (test === 'not-type-checking' && !isConsequence) typeChecking = true
        else if (test === 'not-type-checking' || (test !== 'other' && !isConsequence)) fallback = true
        break
      }
      case K.FOR_STATEMENT:
      case K.WHILE_STATEMENT:
        if (field[i] === fields.body || field[i] === fields.alternative) conditional = true
        break
      case K.TRY_STATEMENT:
        if (field[i] !== fields.body) break
        conditional = true
        if (catchesImportError(tree, kinds, up)) optional = true
        break
      case K.EXCEPT_CLAUSE:
        conditional = true
        fallback = true
        break
      case K.CASE_CLAUSE:
        conditional = true
        break
      case K.ELSE_CLAUSE:
        conditional = true
        break
    }
  }
  if (!conditional) return ALWAYS
  return { typeChecking, conditional, fallback, optional }
}

type Test = 'type-checking' | 'not-type-checking' | 'platform' | 'other'

function testOf(tree: FlatTree, { fields }: KindTable, ifStatement: number): Test {
  const condition = childByField(tree, ifStatement, fields.condition)
  if (condition < 0) return 'other'
  const text = tree.text.slice(tree.start[condition], tree.end[condition])
  if (/^(\w+\.)?TYPE_CHECKING$/.test(text)) return 'type-checking'
  if (/^not\s+(\w+\.)?TYPE_CHECKING$/.test(text)) return 'not-type-checking'
  return /\b(version_info|sys\.platform|os\.name|hexversion)\b|\bPY\d/.test(text) ? 'platform' : 'other'
}

function catchesImportError(tree: FlatTree, { codes }: KindTable, tryStatement: number): boolean {
  const { next, kind, start, end, text } = tree
  for (let child = tryStatement + 1; child < next[tryStatement]!; child = next[child]!) {
    if (codes[kind[child]!] !== K.EXCEPT_CLAUSE) continue
    const header = text.slice(start[child], Math.min(end[child]!, start[child]! + MAX_HEADER))
    const colon = header.indexOf(':')
    if (/^except\s*:|\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b/.test(header.slice(0, colon + 1))) return true
  }
  return false
}

/** Longer `except` headers are cut: none names its exceptions that late. */
const MAX_HEADER = 500
