import { NodeFlag } from '@krait/core'
import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'

/**
 * The first statement that is indented otherwise than its block, or -1. The grammar lets statements stand anywhere to the right of the block
 * around theirs; Python wants those of one block in one column. Tabs reach to the next multiple of 8, as in Python's tokenizer.
 */
export function unevenStatement(tree: FlatTree): number {
  const { codes } = kindTableOf(tree.grammar)
  const { kind, size } = tree
  for (let index = 0; index < size; index++) {
    const code = codes[kind[index]!]
    if (code !== K.MODULE && code !== K.BLOCK) continue
    const uneven = unevenChild(tree, index, code === K.MODULE ? 0 : UNKNOWN)
    if (uneven >= 0) return uneven
  }
  return -1
}

function unevenChild(tree: FlatTree, block: number, column: number): number {
  const { grammar, text, kind, flags, start, next } = tree
  let expected = column
  for (let child = block + 1; child < next[block]!; child = next[child]!) {
    if (!grammar.isNamed[kind[child]!] || flags[child]! & NodeFlag.extra) continue
    const actual = columnAtLineStart(text, start[child]!)
    if (actual === NOT_FIRST) continue
    if (expected === UNKNOWN) expected = actual
    else if (actual !== expected) return child
  }
  return -1
}

/** The column of what is first on a logical line, from 0; `NOT_FIRST` for the rest. */
function columnAtLineStart(text: string, offset: number): number {
  let lineStart = offset
  let isPlain = true
  for (; lineStart > 0; lineStart--) {
    const code = text.charCodeAt(lineStart - 1)
    if (code === LINE_FEED || code === CARRIAGE_RETURN) break
    if (code === SPACE) continue
    if (code !== TAB && code !== FORM_FEED) return NOT_FIRST
    isPlain = false
  }
  if (continuesLine(text, lineStart)) return NOT_FIRST
  return isPlain ? offset - lineStart : columnAfter(text.slice(lineStart, offset))
}

/** Whether the line before ends with a backslash. */
function continuesLine(text: string, lineStart: number): boolean {
  const isPair = text.charCodeAt(lineStart - 1) === LINE_FEED && text.charCodeAt(lineStart - 2) === CARRIAGE_RETURN
  return text.charCodeAt(lineStart - (isPair ? 3 : 2)) === BACKSLASH
}

function columnAfter(whiteSpace: string): number {
  let column = 0
  for (const character of whiteSpace) {
    if (character === '\t') column = (Math.floor(column / 8) + 1) * 8
    else column = character === '\f' ? 0 : column + 1
  }
  return column
}

const UNKNOWN = -1
const NOT_FIRST = -2
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SPACE = 32
const TAB = 9
const FORM_FEED = 12
const BACKSLASH = 92
