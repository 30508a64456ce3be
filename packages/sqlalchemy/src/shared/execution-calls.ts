import type { CallNode, PythonNode } from '@krait/python'

/** Methods of sessions, connections and engines that execute what they are given. */
export const EXECUTING: ReadonlySet<string> = new Set('exec execute scalar scalars stream stream_scalars'.split(' '))

/** The call that executes an expression, as its first argument; `null` if it is used in another way. */
export function executionAround(node: PythonNode): CallNode | null {
  const inner = outermostParentheses(node)
  const { parent } = inner
  const isStatement = parent?.kind === 'keyword_argument' && parent.name.text === 'statement'
  const list = isStatement ? parent.parent : parent
  const call = list?.kind === 'argument_list' && (isStatement || list.namedChildren[0] === inner) ? list.parent : null
  return call?.kind === 'call' && call.function.kind === 'attribute' && EXECUTING.has(call.function.attribute.text) ? call : null
}

/** `query.delete()`, `query.update({...})`: the call of a method on an expression. */
export function methodCallOn(node: PythonNode, ...methods: readonly string[]): CallNode | null {
  const inner = outermostParentheses(node)
  const attribute = inner.parent
  if (attribute?.kind !== 'attribute' || attribute.object !== inner || !methods.includes(attribute.attribute.text)) return null
  return attribute.parent?.kind === 'call' && attribute.parent.function === attribute ? attribute.parent : null
}

function outermostParentheses(node: PythonNode): PythonNode {
  let outer = node
  while (outer.parent?.kind === 'parenthesized_expression') outer = outer.parent
  return outer
}
