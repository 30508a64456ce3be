import type { FunctionDefinitionNode, PythonNode, PythonServices } from '@krait/python'
import { receiverOf } from './shared-places.ts'

/** The function of the file that a name means, or the method that `self.name` does. */
export function functionOf(context: PythonServices, expression: PythonNode | null): FunctionDefinitionNode | null {
  if (expression?.kind === 'identifier') {
    const definition = context.scopes.bindingOf(expression)?.onlyDefinition
    return definition?.kind === 'function' ? (definition.node as FunctionDefinitionNode) : null
  }
  if (expression?.kind !== 'attribute' || expression.object.kind !== 'identifier') return null
  const owner = receiverOf(context, expression.object)?.owner
  const definition = owner && context.scopes.scopeMadeBy(owner)?.bindings.get(expression.attribute.text)?.onlyDefinition
  return definition?.kind === 'function' ? (definition.node as FunctionDefinitionNode) : null
}
