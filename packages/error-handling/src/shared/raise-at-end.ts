import type { FixFunction, SourceCode } from '@krait/core'
import { insertBehindLine } from '@krait/python'
import type { ExceptClauseNode } from '@krait/python'

/** Ends a handler with a statement, in place of a `pass`, `return` or jump at its end; `null` if it has no body of its own lines. */
export function raiseAtEnd(sourceCode: SourceCode, clause: ExceptClauseNode, statement: string): FixFunction | null {
  const block = clause.namedChildren.find(({ kind }) => kind === 'block')
  const last = block?.namedChildren.findLast(({ kind }) => kind !== 'comment')
  if (!last) return null
  if (REPLACED.has(last.kind) || last.text === '...') return (fixer) => fixer.replaceText(last, statement)
  const first = block!.namedChildren[0]!
  const { lineTable, lineBreak, text } = sourceCode
  const indent = text.slice(lineTable.starts[first.loc.start.line - 1]!, first.start)
  if (indent.trim() !== '') return (fixer) => fixer.insertTextAfter(last, `; ${statement}`)
  return (fixer) => insertBehindLine(sourceCode, fixer, last, lineBreak + indent + statement)
}

const REPLACED: ReadonlySet<string> = new Set(['pass_statement', 'return_statement', 'continue_statement', 'break_statement'])
