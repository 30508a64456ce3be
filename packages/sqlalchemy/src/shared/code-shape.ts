import type { PythonNode } from '@krait/python'
import { stringParts } from '@krait/python'

/** Tokens that say nothing beside the nodes around them, and may come and go when code is formatted. */
const PUNCTUATION: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}', ',', ':', ';', '->'])

/** What a piece of code says: two texts are equal if the code differs in comments, docstrings, type annotations and formatting at most. */
export function codeShape(root: PythonNode): string {
  const parts: string[] = []
  const stack: { readonly node: PythonNode; readonly depth: number }[] = [{ node: root, depth: 0 }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, depth } = next
    if (node.kind === 'comment' || node.kind === 'type' || isDocstring(node)) continue
    if (node.kind === 'parenthesized_expression') {
      stack.push(...node.namedChildren.map((child) => ({ node: child as PythonNode, depth })))
      continue
    }
    const text = shapeOf(node)
    if (text !== null) parts.push(`${depth}:${text}`)
    if (node.kind === 'string' || node.kind === 'concatenated_string') continue
    stack.push(...[...node.children].reverse().map((child) => ({ node: child as PythonNode, depth: depth + 1 })))
  }
  return parts.join('\n')
}

function shapeOf(node: PythonNode): string | null {
  if (node.kind === 'string' || node.kind === 'concatenated_string') {
    const known = stringParts(node)
    return known && !known.includes(null) ? JSON.stringify(known) : node.text.replace(/\s+/g, ' ')
  }
  if (node.kind === 'typed_parameter') return 'parameter'
  if (node.kind === 'typed_default_parameter') return 'default_parameter'
  if (node.children.length > 0) return node.kind
  return PUNCTUATION.has(node.text) ? null : node.text
}

function isDocstring(node: PythonNode): boolean {
  if (node.kind !== 'expression_statement' || node.parent?.kind !== 'block' || node.parent.namedChildren[0] !== node) return false
  const inner = node.namedChildren[0]
  return inner?.kind === 'string' || inner?.kind === 'concatenated_string'
}
