import type { SourceCode } from '@krait/core'
import type { PythonNode } from '@krait/python'

/** The white space before a statement; `null` if anything else stands there on its line. */
export function indentationOf({ text }: SourceCode, { start, loc }: PythonNode): string | null {
  const before = text.slice(start - loc.start.column + 1, start)
  return before.trim() === '' ? before : null
}

/** Lines of some statements, from one up to and including another, indented by `unit` more. What belongs to a string stays as it is. */
export function indentedLines({ lineTable }: SourceCode, statements: readonly PythonNode[], first: number, last: number, unit: string): string[] {
  const inStrings = linesInStrings(statements)
  const lines: string[] = []
  for (let line = first; line <= last; line++) {
    const text = lineTable.lineText(line)
    lines.push(text.trim() === '' || inStrings.has(line) ? text : unit + text)
  }
  return lines
}

/** The lines that begin inside a string. */
function linesInStrings(statements: readonly PythonNode[]): ReadonlySet<number> {
  const lines = new Set<number>()
  for (const statement of statements) {
    for (const { loc } of statement.descendants('string')) for (let line = loc.start.line + 1; line <= loc.end.line; line++) lines.add(line)
  }
  return lines
}
