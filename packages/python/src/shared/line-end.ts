import type { Fix, RuleFixer, SourceCode, SyntaxNode } from '@krait/core'

/** Puts text behind the line on which a node ends, and so behind a comment on that line; right behind the node where other code follows it there. */
export function insertBehindLine({ lineTable, text }: SourceCode, fixer: RuleFixer, node: SyntaxNode, added: string): Fix {
  const line = lineTable.lineAt(node.end)
  const end = lineTable.starts[line - 1]! + lineTable.lineText(line).length
  const rest = text.slice(node.end, end).trim()
  return rest === '' || rest.startsWith('#') ? fixer.insertTextAfterRange([node.start, end], added) : fixer.insertTextAfter(node, added)
}
