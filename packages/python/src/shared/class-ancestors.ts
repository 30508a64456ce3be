import type { ClassDefinitionNode } from '../generated/nodes.ts'
import type { Ancestors } from '../project/definition.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'

/**
 * What a class definition inherits from, without itself. Works for classes in functions too, which have no qualified name, and whose bases may stand
 * in the same function.
 */
export function ancestorsOfClass(context: PythonServices, definition: ClassDefinitionNode): Ancestors {
  const bases: Value[] = []
  const seen = new Set<number>()
  const stack = [definition]
  for (let current = stack.pop(); current; current = stack.pop()) {
    if (seen.has(current.index)) continue
    seen.add(current.index)
    for (const base of baseNodes(current)) {
      const local = localClass(context, base)
      if (local) stack.push(local)
      else bases.push(context.values.summary(base))
    }
  }
  return context.project.ancestorsOfBases(bases)
}

/** The base classes as written, without `metaclass=` and other keywords. */
export function baseNodes(definition: ClassDefinitionNode): readonly PythonNode[] {
  if (!definition.superclasses) return []
  return definition.superclasses.namedChildren.filter(({ kind }) => kind !== 'keyword_argument' && kind !== 'dictionary_splat' && kind !== 'comment')
}

/** The class in a function that a base names: `Base` or `Base[T]`. */
function localClass(context: PythonServices, base: PythonNode): ClassDefinitionNode | null {
  const name = base.kind === 'subscript' ? base.value : base
  if (name.kind !== 'identifier' || context.resolve(name) !== null) return null
  const definition = context.scopes.bindingOf(name)?.onlyDefinition
  return definition?.kind === 'class' ? (definition.node as ClassDefinitionNode) : null
}
