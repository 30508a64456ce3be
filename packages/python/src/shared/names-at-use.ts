import type { SyntaxNode } from '@krait/core'
import type { Binding, Definition, Scopes } from '../scopes/scopes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { unionOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'

/** As `context.typeOf`, and also the type of a name of the module that is bound several times, or by a `with`. */
export function typeAtUse(context: PythonServices, node: PythonNode): Type {
  const type = context.typeOf(node)
  const binding = type.kind === 'unknown' && node.kind === 'identifier' ? context.scopes.bindingOf(node) : null
  if (!binding) return type
  return unionOf(definitionsAtUse(context.scopes, binding, node).map((definition) => context.types.typeOfDefinition(definition)))
}

/**
 * The definitions of a name that can be meant where it is used: those since the last one that certainly ran before it. Judged by the order of the
 * statements of one scope; for a use in another scope, such as a nested function, all count.
 */
export function definitionsAtUse(scopes: Scopes, binding: Binding, use: SyntaxNode): readonly Definition[] {
  const valued = binding.definitions.filter(({ kind }) => kind !== 'delete' && kind !== 'annotation')
  if (valued.length < 2) return valued
  const scope = scopes.scopeOf(use)
  const before = valued.filter((definition) => definition.scope === scope && isBefore(definition, use))
  const last = before.findLastIndex((definition) => isCertain(definition, use))
  return last < 0 ? valued : before.slice(last)
}

function isBefore({ name, node, kind }: Definition, use: SyntaxNode): boolean {
  if (name.start >= use.start) return false
  // In `x = f(x)` the use comes first.
  const isInside = node.start <= use.start && use.end <= node.end
  return !isInside || (kind !== 'assignment' && kind !== 'augmented' && kind !== 'walrus')
}

/** Whether the definition stands in a block around the use, so that the one is not reached without the other. */
function isCertain({ node }: Definition, use: SyntaxNode): boolean {
  const block = node.closest('block', 'module')
  return block !== null && block.start <= use.start && use.end <= block.end
}
