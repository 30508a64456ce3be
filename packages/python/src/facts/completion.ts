import { childByField } from '@krait/core'
import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import type { KindTable } from '../scopes/kind-codes.ts'

/** Blocks nested deeper than this are taken to complete. */
const MAX_DEPTH = 100

/**
 * Whether execution can run off the end of a block. Judged by the shape of the statements alone: `while True` without `break` never ends, an
 * `if` ends nowhere if all its branches end nowhere, and a call is taken to return.
 */
export function canComplete(tree: FlatTree, kinds: KindTable, block: number, depth = 0): boolean {
  if (block < 0 || depth > MAX_DEPTH) return true
  const { next } = tree
  for (let child = block + 1; child < next[block]!; child = next[child]!) {
    if (!statementCompletes(tree, kinds, child, depth)) return false
  }
  return true
}

/** The same for one statement. */
export function statementCompletes(tree: FlatTree, kinds: KindTable, i: number, depth = 0): boolean {
  const { fields, codes } = kinds
  const field = (at: number, id: number) => childByField(tree, at, id)
  switch (codes[tree.kind[i]!]) {
    case K.RETURN_STATEMENT:
    case K.RAISE_STATEMENT:
    case K.BREAK_STATEMENT:
    case K.CONTINUE_STATEMENT:
      return false
    case K.IF_STATEMENT:
      return ifCompletes(tree, kinds, i, depth)
    case K.WHILE_STATEMENT: {
      const condition = field(i, fields.condition)
      const isEndless = condition >= 0 && /^(True|1)$/.test(tree.text.slice(tree.start[condition], tree.end[condition]))
      return !isEndless || hasOwnBreak(tree, kinds, i)
    }
    case K.WITH_STATEMENT:
      // A context manager may swallow an exception, but it is not counted on: `with` hands on the end of its body.
      return canComplete(tree, kinds, field(i, fields.body), depth + 1)
    case K.TRY_STATEMENT:
      return tryCompletes(tree, kinds, i, depth)
    case K.MATCH_STATEMENT:
      return matchCompletes(tree, kinds, i, depth)
    default:
      return true
  }
}

function ifCompletes(tree: FlatTree, kinds: KindTable, i: number, depth: number): boolean {
  const { next, kind } = tree
  const { codes, fields } = kinds
  if (canComplete(tree, kinds, childByField(tree, i, fields.consequence), depth + 1)) return true
  let hasElse = false
  for (let child = i + 1; child < next[i]!; child = next[child]!) {
    const code = codes[kind[child]!]
    if (code === K.ELIF_CLAUSE && canComplete(tree, kinds, childByField(tree, child, fields.consequence), depth + 1)) return true
    if (code !== K.ELSE_CLAUSE) continue
    hasElse = true
    if (canComplete(tree, kinds, childByField(tree, child, fields.body), depth + 1)) return true
  }
  return !hasElse
}

function tryCompletes(tree: FlatTree, kinds: KindTable, i: number, depth: number): boolean {
  const { next, kind } = tree
  const { codes, fields } = kinds
  let bodyCompletes = canComplete(tree, kinds, childByField(tree, i, fields.body), depth + 1)
  let handlerCompletes = false
  for (let child = i + 1; child < next[i]!; child = next[child]!) {
    const code = codes[kind[child]!]
    if (code === K.EXCEPT_CLAUSE) handlerCompletes ||= canComplete(tree, kinds, blockOf(tree, kinds, child), depth + 1)
    if (code === K.ELSE_CLAUSE) bodyCompletes &&= canComplete(tree, kinds, childByField(tree, child, fields.body), depth + 1)
    if (code === K.FINALLY_CLAUSE && !canComplete(tree, kinds, blockOf(tree, kinds, child), depth + 1)) return false
  }
  return bodyCompletes || handlerCompletes
}

function matchCompletes(tree: FlatTree, kinds: KindTable, i: number, depth: number): boolean {
  const { next, kind, text, start, end } = tree
  const { codes, fields } = kinds
  const body = childByField(tree, i, fields.body)
  let isExhaustive = false
  for (let child = body + 1; body >= 0 && child < next[body]!; child = next[child]!) {
    if (codes[kind[child]!] !== K.CASE_CLAUSE) continue
    const consequence = childByField(tree, child, fields.consequence)
    if (canComplete(tree, kinds, consequence, depth + 1)) return true
    if (consequence >= 0 && /^case\s+[\p{L}_][\p{L}\p{N}_]*\s*:/u.test(text.slice(start[child], end[child]))) isExhaustive = true
  }
  return !isExhaustive
}

/** The suite of a clause that has no field for it. */
function blockOf(tree: FlatTree, { codes }: KindTable, clause: number): number {
  for (let child = clause + 1; child < tree.next[clause]!; child = tree.next[child]!) if (codes[tree.kind[child]!] === K.BLOCK) return child
  return -1
}

/** Whether a `break` inside a loop leaves this very loop. */
function hasOwnBreak(tree: FlatTree, { codes }: KindTable, loop: number): boolean {
  const { next, kind } = tree
  for (let i = loop + 1; i < next[loop]!; ) {
    const code = codes[kind[i]!]
    if (code === K.BREAK_STATEMENT) return true
    const isOther = code === K.WHILE_STATEMENT || code === K.FOR_STATEMENT || code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION
    i = isOther ? next[i]! : i + 1
  }
  return false
}
