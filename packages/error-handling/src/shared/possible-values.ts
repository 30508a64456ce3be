import { classOfExpression, withoutParentheses } from '@krait/python'
import type { PythonNode, PythonServices } from '@krait/python'

/** More values than these are not looked at. */
const MAX_VALUES = 50

/**
 * Whether one of the values that a name or an attribute of `self` is given in this file is an instance of a class: `loop or asyncio.get_event_loop()`, where nobody
 * knows what `loop` is.
 */
export function mayBeInstance(context: PythonServices, expression: PythonNode, classes: readonly string[]): boolean {
  const seen = new Set<PythonNode>()
  const pending = [expression]
  for (let next = pending.pop(); next && seen.size < MAX_VALUES; next = pending.pop()) {
    const node = withoutParentheses(next)
    if (seen.has(node)) continue
    seen.add(node)
    const owner = node === expression ? null : classOfExpression(context, node)
    if (owner !== null && context.project.isSubclassOf(owner, classes) === true) return true
    pending.push(...valuesBehind(context, node))
  }
  return false
}

function valuesBehind({ scopes }: PythonServices, node: PythonNode): readonly PythonNode[] {
  switch (node.kind) {
    case 'boolean_operator':
      return [node.left, node.right]
    case 'conditional_expression':
      return [node.namedChildren[0]!, node.namedChildren[2]!]
    case 'identifier':
      return scopes.bindingOf(node)?.definitions.flatMap(({ value }) => value ?? []) ?? []
    case 'attribute':
      return node.object.kind === 'identifier' && node.object.text === 'self' ? valuesOfAttribute(node) : []
    default:
      return []
  }
}

/** What the class around assigns to an attribute of its instances. */
function valuesOfAttribute(attribute: PythonNode): readonly PythonNode[] {
  const values: PythonNode[] = []
  for (const { left, right } of attribute.closest('class_definition')?.descendants('assignment') ?? []) if (right && left.text === attribute.text) values.push(right)
  return values
}
