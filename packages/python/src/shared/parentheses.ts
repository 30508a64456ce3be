import type { PythonNode } from '../syntax/node.ts'

/** What stands inside the parentheses around an expression; the node itself if there are none. */
export function withoutParentheses(node: PythonNode): PythonNode {
  let inner = node
  while (inner.kind === 'parenthesized_expression' && inner.namedChildren[0]) inner = inner.namedChildren[0]
  return inner
}

/** What is awaited, parentheses taken away; the node itself if nothing is. */
export function withoutAwait(node: PythonNode): PythonNode {
  let inner = withoutParentheses(node)
  while (inner.kind === 'await' && inner.namedChildren[0]) inner = withoutParentheses(inner.namedChildren[0])
  return inner
}
