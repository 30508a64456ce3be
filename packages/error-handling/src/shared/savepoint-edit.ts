import type { FixFunction, SourceCode } from '@krait/core'
import type { ExceptClauseNode, PythonNode } from '@krait/python'
import { indentationOf, indentedLines } from './indent.ts'

/** Puts the body of the `try` of a handler into `with session.begin_nested():`; `null` if it commits or does not stand on lines of its own. */
export function wrapInSavepoint(sourceCode: SourceCode, { parent }: ExceptClauseNode, session: PythonNode, isAsync: boolean): FixFunction | null {
  if (parent?.kind !== 'try_statement') return null
  const { body } = parent
  const [first] = body.namedChildren
  const outer = indentationOf(sourceCode, parent)
  const indentation = first ? indentationOf(sourceCode, first) : null
  if (!first || outer === null || indentation === null || !indentation.startsWith(outer) || commits(body)) return null
  const unit = indentation.slice(outer.length)
  const lines = indentedLines(sourceCode, body.namedChildren, first.loc.start.line, body.loc.end.line, unit)
  const text = [`${indentation}${isAsync ? 'async ' : ''}with ${session.text}.begin_nested():`, ...lines].join(sourceCode.lineBreak)
  const { lineTable } = sourceCode
  const end = body.loc.end.line
  return (fixer) => fixer.replaceTextRange([lineTable.starts[first.loc.start.line - 1]!, lineTable.starts[end - 1]! + lineTable.lineText(end).length], text)
}

function commits(body: PythonNode): boolean {
  return [...body.descendants('call')].some((call) => call.function?.kind === 'attribute' && call.function.attribute.text === 'commit')
}
