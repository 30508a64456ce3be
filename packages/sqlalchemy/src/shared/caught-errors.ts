import type { PythonNode, PythonServices } from '@krait/python'

/** Whether a `try` around a node, in the same function, has a handler that names one of these exceptions: the code expects it. */
export function isCaughtAround(services: PythonServices, node: PythonNode, names: ReadonlySet<string>): boolean {
  for (let child: PythonNode = node, around = node.parent; around && !isDefinition(around); child = around, around = around.parent) {
    if (around.kind !== 'try_statement' || around.body !== child) continue
    for (const clause of around.namedChildren) if (clause.kind === 'except_clause' && namesOneOf(services, clause, names)) return true
  }
  return false
}

function isDefinition({ kind }: PythonNode): boolean {
  return kind === 'function_definition' || kind === 'class_definition' || kind === 'lambda'
}

function namesOneOf(services: PythonServices, clause: PythonNode, names: ReadonlySet<string>): boolean {
  const [first] = clause.namedChildren
  if (!first || first.kind === 'block') return false
  return [first, ...first.descendants('identifier', 'attribute')].some((part) => services.resolvesTo(part, names))
}
