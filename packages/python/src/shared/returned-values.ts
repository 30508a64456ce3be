import type { CallNode } from '../generated/nodes.ts'
import type { Scopes } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { lastPart } from './dotted-name.ts'
import { positionalArguments } from './calls.ts'

/** Functions that give the elements of what they are given. */
const PASSING: ReadonlySet<string> = new Set(['cast', 'jsonify', 'list', 'reversed', 'set', 'sorted', 'tuple', 'wait_for'])
/** Values that go through more expressions are not followed. */
const MAX_STEPS = 60

/** Whether a function returns the value of an expression in its code: directly, by a local variable, as a list, or as a comprehension over it. */
export function isReturned(scopes: Scopes, expression: PythonNode): boolean {
  const seen = new Set<number>()
  const pending = [expression]
  for (let node = pending.pop(); node && seen.size < MAX_STEPS; node = pending.pop()) {
    if (seen.has(node.index)) continue
    seen.add(node.index)
    const { parent } = node
    switch (parent?.kind) {
      case 'return_statement':
        return true
      case 'await':
      case 'boolean_operator':
      case 'list_splat':
      case 'parenthesized_expression':
        pending.push(parent)
        break
      case 'list':
        if (node.kind === 'list_splat') pending.push(parent)
        break
      case 'conditional_expression':
        if (parent.namedChildren[1] !== node) pending.push(parent)
        break
      case 'named_expression':
        pending.push(parent, ...readsOf(scopes, parent.name))
        break
      case 'argument_list':
        if (parent.parent?.kind === 'call' && isPassed(parent.parent, node)) pending.push(parent.parent)
        break
      case 'for_in_clause':
        if (node.fieldName === 'right' && parent.parent) pending.push(parent.parent)
        break
      case 'call':
        if (node.kind === 'generator_expression' && PASSING.has(lastPart(parent.function.text))) pending.push(parent)
        break
      case 'assignment':
        if (parent.right === node) pending.push(...readsOf(scopes, parent.left))
        break
      default:
    }
  }
  return false
}

function isPassed(call: CallNode, argument: PythonNode): boolean {
  if (!PASSING.has(lastPart(call.function.text))) return false
  const given = positionalArguments(call)
  return given[lastPart(call.function.text) === 'cast' ? 1 : 0] === argument
}

/** The reads of a local variable in the function that binds it. */
function readsOf(scopes: Scopes, target: PythonNode): readonly PythonNode[] {
  const binding = target.kind === 'identifier' ? scopes.bindingOf(target) : null
  if (binding?.scope.kind !== 'function') return []
  return binding.references.filter((reference) => scopes.scopeOf(reference).function === binding.scope.function)
}
