import type { PythonNode } from '../syntax/node.ts'
import { withoutParentheses } from './parentheses.ts'

/** Longer labels lose their beginning. */
const MAX_LENGTH = 60

/** A call as a message shows it, without its arguments: `fetch_rates()`, `self.repo.save()`, `requests.get().json()`, `handlers[…]()`. */
export function callLabel(call: PythonNode): string {
  let label = ''
  let node = withoutParentheses(call)
  for (;;) {
    if (label.length > MAX_LENGTH) return `…${label}`
    if (node.kind === 'call') {
      label = `()${label}`
      node = withoutParentheses(node.function)
    } else if (node.kind === 'attribute') {
      label = `.${node.attribute.text}${label}`
      node = withoutParentheses(node.object)
    } else if (node.kind === 'subscript') {
      label = `[…]${label}`
      node = withoutParentheses(node.value)
    } else {
      return (node.kind === 'identifier' ? node.text : '…') + label
    }
  }
}
