import type { FixFunction, SourceCode } from '@krait/core'
import type { BlockNode, PythonNode } from '@krait/python'

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
  const inStrings = linesInStrings(between)
  const { lineTable, lineBreak } = sourceCode
  const lines: string[] = []
  for (let line = begin.loc.start.line; line < last.loc.start.line; line++) {
    const text = lineTable.lineText(line)
    lines.push(text.trim() === '' || inStrings.has(line) ? text : unit + text)
  }
  while (lines.at(-1)?.trim() === '') lines.pop()
  const text = [`${indentation}try:`, ...lines, `${indentation}finally:`, `${indentation}${unit}${last.text}`].join(lineBreak)
  const start = lineTable.starts[begin.loc.start.line - 1]!
  return (fixer) => fixer.replaceTextRange([start, last.end], text)
}

function statementsBetween({ namedChildren }: BlockNode, first: PythonNode, last: PythonNode): readonly PythonNode[] {
  return namedChildren.slice(namedChildren.indexOf(first) + 1, namedChildren.indexOf(last))
}

/** The white space before a statement; `null` if anything else stands there on its line. */
function indentationOf({ text }: SourceCode, { start, loc }: PythonNode): string | null {
  const before = text.slice(start - loc.start.column + 1, start)
  return before.trim() === '' ? before : null
}

/** By how much the block is indented more than what it belongs to. */
function indentationUnit(sourceCode: SourceCode, block: BlockNode, indentation: string): string {
  const outer = block.parent ? indentationOf(sourceCode, block.parent) : null
  return outer !== null && outer.length < indentation.length && indentation.startsWith(outer) ? indentation.slice(outer.length) : '    '
}

/** The lines that begin inside a string: their white space belongs to it. */
function linesInStrings(statements: readonly PythonNode[]): ReadonlySet<number> {
  const lines = new Set<number>()
  for (const statement of statements) {
    for (const { loc } of statement.descendants('string')) for (let line = loc.start.line + 1; line <= loc.end.line; line++) lines.add(line)
  }
  return lines
}
