import type { IdentifierNode, PythonNode, PythonServices } from '@krait/python'

/**
 * What is done with a value: nothing (`discarded`); something that works only on the object itself, such as an attribute access, a subscript, a loop or
 * a test (`used`); that, or nothing, by way of a variable of the function (`assigned`); or anything else (`other`), say that it is returned or passed on.
 */
export type ValueUse = 'discarded' | 'used' | 'assigned' | 'other'

export function useOfValue(context: PythonServices, expression: PythonNode): ValueUse {
  const node = outermost(expression)
  const { parent } = node
  if (parent?.kind === 'named_expression') return isUsed(outermost(parent)) ? 'used' : 'other'
  if (parent?.kind === 'expression_statement') return parent.namedChildren[0] === node && parent.namedChildren.length === 1 ? 'discarded' : 'other'
  if (isUsed(node)) return 'used'
  const target = targetOf(node)
  return target && isOnlyUsed(context, target) ? 'assigned' : 'other'
}

/** Parentheses do nothing. */
function outermost(expression: PythonNode): PythonNode {
  let node = expression
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node
}

function isUsed(node: PythonNode): boolean {
  const { parent } = node
  switch (parent?.kind) {
    case 'attribute':
      return parent.object === node
    case 'subscript':
      return parent.value === node
    case 'for_statement':
    case 'for_in_clause':
      return node.fieldName === 'right'
    case 'comparison_operator':
    case 'not_operator':
    case 'assert_statement':
      return true
    case 'boolean_operator':
      return parent.left === node
    case 'conditional_expression':
      return parent.namedChildren[1] === node
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return parent.condition === node
    default:
      return false
  }
}

/** The variable to which alone a value is assigned. */
function targetOf(node: PythonNode): IdentifierNode | null {
  const { parent } = node
  if (parent?.kind !== 'assignment' || parent.right !== node || parent.parent?.kind !== 'expression_statement') return null
  return parent.left.kind === 'identifier' ? parent.left : null
}

function isOnlyUsed(context: PythonServices, target: IdentifierNode): boolean {
  const binding = context.scopes.bindingOf(target)
  const definition = binding?.definitions.find(({ name }) => name === target)
  if (!binding || !definition || binding.scope.kind !== 'function' || definition.scope !== binding.scope) return false
  const { reads, elsewhere } = context.flow(target).readsOf(definition)
  return !elsewhere && reads.every((read) => isUsed(outermost(read)))
}
