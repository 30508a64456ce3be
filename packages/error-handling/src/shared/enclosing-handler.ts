import type { ExceptClauseNode, PythonNode } from '@krait/python'

/** The innermost handler in whose body a node stands; `null` if there is none in its function. */
export function enclosingHandler(node: PythonNode): ExceptClauseNode | null {
  const found = node.closest('except_clause', 'function_definition', 'lambda', 'class_definition')
  return found?.kind === 'except_clause' ? found : null
}
