import type { SyntaxNode } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import type { PythonNode } from '../syntax/node.ts'

/**
 * The named nodes at and below a node in source order, without functions, lambdas and classes that are defined there: their bodies are code of their own.
 * Where the node itself is a function, lambda or class, its parts are given.
 */
export function* ownCode(root: SyntaxNode): Generator<PythonNode> {
  const { tree, index: start } = root
  const { codes } = kindTableOf(tree.grammar)
  const { next, kind, grammar } = tree
  for (let index = start; index < next[start]!; ) {
    const code = codes[kind[index]!]
    if (index !== start && (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.LAMBDA)) {
      index = next[index]!
      continue
    }
    if (grammar.isNamed[kind[index]!]) yield tree.node(index) as PythonNode
    index++
  }
}

/** The function, lambda or class around a node, or `null` at module level. */
export function enclosingDefinition(node: PythonNode) {
  return node.closest('function_definition', 'lambda', 'class_definition')
}
