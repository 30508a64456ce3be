import { withoutParentheses } from '@krait/python'
import type { CallNode, PythonNode } from '@krait/python'

/** What becomes of the result of a call: nothing, or a local name is bound to it. */
export interface UnusedResult {
  readonly target: PythonNode | null
}

/** Whether nothing is done with the result of a call at once: it is a statement, awaited or gathered with others, or only bound to a name. */
export function unusedResult(call: CallNode): UnusedResult | null {
  let node: PythonNode = call
  for (;;) {
    const parent: PythonNode | null = node.parent
    if (!parent) return null
    switch (parent.kind) {
      case 'parenthesized_expression':
      case 'await':
        node = parent
        break
      case 'argument_list': {
        const gathering: PythonNode | null = parent.parent
        if (gathering?.kind !== 'call' || !isGather(gathering)) return null
        node = gathering
        break
      }
      // `notify and push()`, and `[push(each) for each in all]`, as statements.
      case 'boolean_operator':
      case 'list_comprehension':
        if (parent.parent?.kind !== 'expression_statement' || (parent.kind === 'boolean_operator' ? parent.right : parent.body) !== node) return null
        node = parent
        break
      case 'expression_statement':
        return { target: null }
      case 'assignment': {
        const isWhole = parent.right === node && parent.left.kind === 'identifier' && parent.parent?.kind === 'expression_statement'
        return isWhole ? { target: parent.left } : null
      }
      default:
        return null
    }
  }
}

function isGather(call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  return (called.kind === 'attribute' ? called.attribute.text : called.text) === 'gather'
}
