import type { FixFunction, SourceCode } from '@krait/core'
import type { ExceptClauseNode } from '@krait/python'

/** Puts a statement at the top of a handler, in place of a lone `pass`. */
export function putFirst(sourceCode: SourceCode, clause: ExceptClauseNode, statement: string): FixFunction | null {
  const block = clause.namedChildren.find(({ kind }) => kind === 'block')
  const [first, ...others] = block?.namedChildren ?? []
  if (!first) return null
  if (others.length === 0 && (first.kind === 'pass_statement' || first.text === '...')) return (fixer) => fixer.replaceText(first, statement)
  const before = sourceCode.text.slice(first.start - first.loc.start.column + 1, first.start)
  const separator = before.trim() === '' ? sourceCode.lineBreak + before : '; '
  return (fixer) => fixer.insertTextBefore(first, statement + separator)
}
