import type { CallNode, PythonNode, PythonServices } from '@krait/python'
import { lastPart } from '@krait/python'

/** The last identifier of what is called, on whose line findings stand: `add_column` of `op.add_column(...)`. */
export function calleeName(call: CallNode): PythonNode {
  const called = call.function
  return called.kind === 'attribute' ? called.attribute : called
}

/** Whether a call may be one of a function with one of these names, also under the name that an import gives it: worth a look at what it resolves to. */
export function mayCall(services: PythonServices, { function: called }: CallNode, names: ReadonlySet<string>): boolean {
  if (called.kind === 'attribute') return names.has(called.attribute.text)
  if (called.kind !== 'identifier') return false
  if (names.has(called.text)) return true
  const definition = services.scopes.bindingOf(called)?.onlyDefinition
  const original = definition?.node.kind === 'aliased_import' ? definition.node.name : definition?.kind === 'assignment' ? definition.value : null
  return original !== null && original !== undefined && names.has(lastPart(original.text))
}
