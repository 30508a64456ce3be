import type { FunctionDefinitionNode, PythonNode, PythonServices } from '@krait/python'
import { matchesName } from '@krait/python'

/** Whether a node stands in a function, also further out, that is meant by one of the entries: globs of names; with a dot, of qualified names. */
export function isInFunctionNamed(services: PythonServices, node: PythonNode, entries: readonly string[]): boolean {
  for (let definition = functionAround(node); definition; definition = functionAround(definition)) {
    const name = definition.name.text
    const qualified = services.resolve(definition) ?? name
    if (entries.some((entry) => matchesName(entry.includes('.') ? qualified : name, entry))) return true
  }
  return false
}

function functionAround(node: PythonNode): FunctionDefinitionNode | null {
  return (node.parent?.closest('function_definition') as FunctionDefinitionNode | null | undefined) ?? null
}
