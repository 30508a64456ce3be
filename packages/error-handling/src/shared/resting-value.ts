import type { Binding, ClassDefinitionNode, PythonNode, PythonServices } from '@krait/python'
import type { StateChange } from './state-changes.ts'

/** Whether a flag gets the very value that it has to begin with: that is what it rests at, not what has to be undone. */
export function isRestingValue(context: PythonServices, { node, place }: StateChange): boolean {
  if (node.kind !== 'assignment' || !place || place.element !== null) return false
  const { binding, owner, name } = place.variable
  const value = node.right?.kind
  if (value !== 'true' && value !== 'false') return false
  const first = binding ? valueInModule(binding) : owner && valueInClass(context, owner, name)
  return first?.kind === value
}

function valueInModule({ definitions }: Binding): PythonNode | null {
  return definitions.find(({ scope, value }) => scope.kind === 'module' && value !== null)?.value ?? null
}

/** What the body of the class gives to an attribute, or its constructor. */
function valueInClass({ scopes }: PythonServices, owner: ClassDefinitionNode, name: string): PythonNode | null {
  const scope = scopes.scopeMadeBy(owner)
  const constructor = scope?.bindings.get('__init__')?.onlyDefinition?.node
  for (const assignment of constructor?.descendants('assignment') ?? []) {
    if (assignment.left.kind === 'attribute' && assignment.left.attribute.text === name) return assignment.right
  }
  return scope?.bindings.get(name)?.definitions[0]?.value ?? null
}
