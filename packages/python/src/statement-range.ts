import type { FlatTree, Range, SourceCode } from '@krait/core'
import * as K from './scopes/kind-codes.ts'
import { kindTableOf } from './scopes/kind-codes.ts'

/**
 * The range of the simple statement in which an offset stands, or of the header (up to the colon) of the compound statement or clause; decorators
 * belong to the header of what they decorate. Between statements it is the line.
 */
export function statementRange(sourceCode: SourceCode, offset: number): Range {
  const { tree } = sourceCode
  const statement = innermostStatement(tree, offset)
  if (statement < 0) return lineRange(sourceCode, offset)
  const range = rangeOf(tree, statement)
  return offset <= range[1] ? range : lineRange(sourceCode, offset)
}

function innermostStatement(tree: FlatTree, offset: number): number {
  const { codes } = kindTableOf(tree.grammar)
  const { next, start, end, kind, parent, grammar } = tree
  let found = -1
  let index = 0
  descend: for (;;) {
    const isInBlock = index > 0 && isBlockCode(codes[kind[parent[index]!]!]!)
    if (index > 0 && codes[kind[index]!] !== K.COMMENT && (isInBlock || CLAUSES.has(grammar.kindNames[kind[index]!]!))) {
      const isDefinition = codes[kind[parent[index]!]!] === K.DECORATED_DEFINITION
      if (!isDefinition) found = index
    }
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      if (start[child]! > offset) break
      if (offset < end[child]! || (offset === end[child] && isLastBefore(tree, child, index, offset))) {
        if (codes[kind[child]!] === K.COMMENT) return -1
        index = child
        continue descend
      }
    }
    return found
  }
}

/** Whether the offset at the end of a child is not the start of the next one. */
function isLastBefore({ next, start }: FlatTree, child: number, parent: number, offset: number): boolean {
  const following = next[child]!
  return following >= next[parent]! || start[following]! > offset
}

function isBlockCode(code: number): boolean {
  return code === K.MODULE || code === K.BLOCK
}

const CLAUSES: ReadonlySet<string> = new Set(['elif_clause', 'else_clause', 'except_clause', 'finally_clause', 'case_clause'])

function rangeOf(tree: FlatTree, statement: number): Range {
  const { codes, fields } = kindTableOf(tree.grammar)
  const { next, start, end, kind, field, grammar } = tree
  let headed = statement
  if (codes[kind[statement]!] === K.DECORATED_DEFINITION) {
    for (let child = statement + 1; child < next[statement]!; child = next[child]!) if (field[child] === fields.definition) headed = child
  }
  let colon = -1
  for (let child = headed + 1; child < next[headed]!; child = next[child]!) {
    if (codes[kind[child]!] === K.BLOCK && colon >= 0) return [start[statement]!, end[colon]!]
    if (grammar.kindNames[kind[child]!] === ':') colon = child
  }
  return [start[statement]!, end[statement]!]
}

function lineRange({ lineTable }: SourceCode, offset: number): Range {
  const line = lineTable.lineAt(offset)
  const start = lineTable.starts[line - 1]!
  return [start, start + lineTable.lineText(line).length]
}
