import type { SourceCode, SyntaxNode } from '@krait/core'
import type { ExceptClauseNode } from '../generated/nodes.ts'

/** What comments for tools and notes to oneself begin with. `reported` and `expect:` mark expectations in examples. */
const DIRECTIVE =
  /^(?:noqa\b|nosec\b|nosonar\b|nopep8\b|pylint:|pragma:|type:|fmt:|ruff:|krait\b|mypy:|pyright:|flake8:|isort:|yapf:|expect:|reported(?:$|:))/i
const NOTE = /^(?:TODO|FIXME|XXX)\b/i

/**
 * Whether a comment explains something: it has words, and they are neither meant for a tool nor a note of work to do. What follows a directive behind
 * another `#` counts: `# noqa: S110  # the cache is optional`.
 */
export function isExplanation(comment: SyntaxNode): boolean {
  for (const part of comment.text.split(/(?:^|\s)#+[:!]?/)) {
    const text = part.trim()
    if (NOTE.test(text)) return false
    if (/[\p{L}\p{N}]/u.test(text) && !DIRECTIVE.test(text)) return true
  }
  return false
}

/** The comments of a handler: in its header, in its body, and behind its last statement. */
export function commentsOfHandler(sourceCode: SourceCode, clause: ExceptClauseNode): readonly SyntaxNode[] {
  return sourceCode.commentsIn([clause.start, endOfLine(sourceCode, clause.end)])
}

/** The comments on the lines from the start of one node to the end of another. */
export function commentsOnLines(sourceCode: SourceCode, first: SyntaxNode, last: SyntaxNode): readonly SyntaxNode[] {
  return sourceCode.commentsIn([first.start, endOfLine(sourceCode, last.end)])
}

function endOfLine({ lineTable }: SourceCode, offset: number): number {
  const line = lineTable.lineAt(offset)
  return lineTable.starts[line - 1]! + lineTable.lineText(line).length
}
