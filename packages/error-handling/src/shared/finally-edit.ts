import type { FixFunction, SourceCode } from '@krait/core'
import type { BlockNode, PythonNode } from '@krait/python'
import { indentationOf, indentedLines } from './indent.ts'

/**
 * Puts the statements between two statements of a block into a `try`, and the second one into its `finally`.
 * @returns `null` if they do not stand in one block with something in between, each on a line of its own
 */
export function moveIntoFinally(sourceCode: SourceCode, first: PythonNode, last: PythonNode): FixFunction | null {
  const block = first.parent
  if (!block || block !== last.parent || block.kind !== 'block') return null
  const between = statementsBetween(block, first, last)
  const [begin] = between
  if (!begin || ![begin, last].every((statement) => indentationOf(sourceCode, statement) !== null)) return null
  const indentation = indentationOf(sourceCode, last)!
  const unit = indentationUnit(sourceCode, block, indentation)
  const { lineTable, lineBreak } = sourceCode
  const lines = indentedLines(sourceCode, between, begin.loc.start.line, last.loc.start.line - 1, unit)
  while (lines.at(-1)?.trim() === '') lines.pop()
  const text = [`${indentation}try:`, ...lines, `${indentation}finally:`, `${indentation}${unit}${last.text}`].join(lineBreak)
  const start = lineTable.starts[begin.loc.start.line - 1]!
  return (fixer) => fixer.replaceTextRange([start, last.end], text)
}

function statementsBetween({ namedChildren }: BlockNode, first: PythonNode, last: PythonNode): readonly PythonNode[] {
  return namedChildren.slice(namedChildren.indexOf(first) + 1, namedChildren.indexOf(last))
}

/** By how much the block is indented more than what it belongs to. */
function indentationUnit(sourceCode: SourceCode, block: BlockNode, indentation: string): string {
  const outer = block.parent ? indentationOf(sourceCode, block.parent) : null
  return outer !== null && outer.length < indentation.length && indentation.startsWith(outer) ? indentation.slice(outer.length) : '    '
}
