import type { FixFunction, SourceCode } from '@krait/core'
import type { PythonNode } from '@krait/python'

/** Puts a statement that stands alone on its lines into a `try` whose handler logs; `null` where that would change what is written in it. */
export function wrapInTry(sourceCode: SourceCode, statement: PythonNode, logger: string, message: string): FixFunction | null {
  const { lineTable, lineBreak, text } = sourceCode
  const last = lineTable.lineAt(statement.end)
  const lineEnd = lineTable.starts[last - 1]! + lineTable.lineText(last).length
  const indent = text.slice(lineTable.starts[statement.loc.start.line - 1]!, statement.start)
  const rest = text.slice(statement.end, lineEnd).trim()
  if (indent.trim() !== '' || (rest !== '' && !rest.startsWith('#')) || hasLongString(statement)) return null
  const step = indent.includes('\t') ? '\t' : '    '
  const inner = text.slice(statement.start, lineEnd).replaceAll(/\r?\n/g, (end) => end + step)
  const lines = ['try:', `${indent}${step}${inner}`, `${indent}except Exception:`, `${indent}${step}${logger}.exception(${JSON.stringify(message)})`]
  return (fixer) => fixer.replaceTextRange([statement.start, lineEnd], lines.join(lineBreak))
}

/** A string over several lines would get other text if its lines were moved. */
function hasLongString(statement: PythonNode): boolean {
  for (const node of statement.descendants('string')) if (node.text.includes('\n')) return true
  return false
}
