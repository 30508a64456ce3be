import type { PythonNode } from '../syntax/node.ts'
import { withoutParentheses } from './parentheses.ts'
import { stringText } from './strings.ts'

/**
 * The last part of the name that an expression goes by: `debug` of `debug`, `settings.debug` and `config["debug"]`, and of a call of one of these.
 * `null` for all else.
 */
export function lastNameOf(node: PythonNode): string | null {
  let named = withoutParentheses(node)
  while (named.kind === 'call') named = withoutParentheses(named.function)
  if (named.kind === 'identifier') return named.text
  if (named.kind === 'attribute') return named.attribute.text
  return named.kind === 'subscript' && named.subscript.length === 1 ? stringText(named.subscript[0]) : null
}
