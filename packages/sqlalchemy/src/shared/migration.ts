import type { CallNode, FunctionDefinitionNode, IdentifierNode, PythonNode, PythonServices, Scopes } from '@krait/python'
import { lastPart } from '@krait/python'

/** A call of an operation: `op.add_column(...)`, or `batch.add_column(...)` inside `with op.batch_alter_table(...) as batch`. */
export interface OpCall {
  readonly name: string
  readonly call: CallNode
  /** The `op.batch_alter_table(...)` that the operation belongs to. */
  readonly batch: CallNode | null
}

/** The operation that a call performs; `null` for other calls. */
export function opCall(services: PythonServices, call: CallNode): OpCall | null {
  const called = call.function
  const name = services.resolve(called)
  if (name !== null) return name.startsWith(OP) && !name.slice(OP.length).includes('.') ? { name: lastPart(name), call, batch: null } : null
  if (called.kind !== 'attribute' || called.object.kind !== 'identifier') return null
  const batch = batchOf(services, called.object)
  return batch && { name: called.attribute.text, call, batch }
}

const OP = 'alembic.op.'

/** The innermost `with op.batch_alter_table(...) as <name>` around a use of the name. */
function batchOf(services: PythonServices, name: IdentifierNode): CallNode | null {
  const around = services.scopes.bindingOf(name)?.definitions.findLast(({ kind, node }) => kind === 'with' && node.closest('with_statement')?.contains(name))
  const manager = around?.node.namedChildren[0]
  return manager?.kind === 'call' && services.resolve(manager.function) === 'alembic.op.batch_alter_table' ? manager : null
}

/** The top-level function of a name with the functions of the module that it calls, also indirectly, in source order. */
export function functionsCalledBy(scopes: Scopes, name: string): readonly FunctionDefinitionNode[] {
  const found = new Set<FunctionDefinitionNode>()
  const pending = topLevelFunctions(scopes, name)
  for (let current = pending.pop(); current; current = pending.pop()) {
    if (found.has(current)) continue
    found.add(current)
    for (const { function: called } of current.descendants('call')) {
      if (called.kind === 'identifier' && scopes.bindingOf(called)?.scope === scopes.module) pending.push(...topLevelFunctions(scopes, called.text))
    }
  }
  return [...found].sort((a, b) => a.index - b.index)
}

function topLevelFunctions(scopes: Scopes, name: string): FunctionDefinitionNode[] {
  const definitions = scopes.module.lookup(name)?.definitions ?? []
  return definitions.map(({ node }) => node).filter((node): node is FunctionDefinitionNode => node.kind === 'function_definition')
}

/** The operations in the body of a function, in source order. */
export function opCallsIn(services: PythonServices, body: PythonNode): readonly OpCall[] {
  return [...body.descendants('call')].flatMap((call) => opCall(services, call) ?? [])
}
