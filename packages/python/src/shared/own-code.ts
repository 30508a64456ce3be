import type { SyntaxNode } from '@krait/core'
import type { ClassDefinitionNode, FunctionDefinitionNode, LambdaNode, PythonNodeMap } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import type { PythonKind, PythonNode } from '../syntax/node.ts'

/**
 * The named nodes at and below a node in source order, without functions, lambdas and classes that are defined there: their bodies are code of their own.
 * Where the node itself is a function, lambda or class, its parts are given.
 * @param kinds which nodes; all if none are given
 */
export function* ownCode<Kind extends PythonKind = PythonKind>(root: SyntaxNode, ...kinds: Kind[]): Generator<PythonNodeMap[Kind]> {
  const { tree, index: start } = root
  const { codes } = kindTableOf(tree.grammar)
  const { next, kind, grammar } = tree
  const wanted = kinds.length === 0 ? null : kinds.flatMap((name) => grammar.kindIds(name))
  const end = next[start]!
  for (let index = start; index < end; ) {
    const id = kind[index]!
    if (index !== start && isDefinition(codes[id]!)) {
      index = next[index]!
      continue
    }
    if (wanted ? wanted.includes(id) : grammar.isNamed[id]) yield tree.node(index) as unknown as PythonNodeMap[Kind]
    index++
  }
}

/** The function, lambda or class around a node, or `null` at module level. */
export function enclosingDefinition({ tree, index }: PythonNode): FunctionDefinitionNode | LambdaNode | ClassDefinitionNode | null {
  const { codes } = kindTableOf(tree.grammar)
  const { parent, kind } = tree
  let up = parent[index]!
  while (up >= 0 && !isDefinition(codes[kind[up]!]!)) up = parent[up]!
  return up < 0 ? null : (tree.node(up) as FunctionDefinitionNode | LambdaNode | ClassDefinitionNode)
}

function isDefinition(code: number): boolean {
  return code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.LAMBDA
}
