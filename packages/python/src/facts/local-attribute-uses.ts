import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { functionKeyAt } from './function-keys.ts'

/** What a function does with the attributes of objects in its parameters and local names; each as `name.attribute`, in order, without repetition. */
export interface LocalAttributeUses {
  /** Attributes that are read, those of calls (`order.close()`) among them. */
  readonly reads: readonly string[]
  /** Attributes that are assigned or deleted. */
  readonly writes: readonly string[]
}

/** By the key of the function, see `CallsByFunction`. Functions without such uses are left out. */
export type LocalAttributeUsesByFunction = Readonly<Record<string, LocalAttributeUses>>

export const localAttributeUsesFact = defineFact<LocalAttributeUsesByFunction, FileSemantics>({
  name: 'python/local-attribute-uses',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const found = new Map<string, { reads: Set<string>; writes: Set<string> }>()
    for (const index of file.nodesOf(K.ATTRIBUTE)) {
      const object = childByField(tree, index, fields.object)
      if (object < 0 || codes[tree.kind[object]!] !== K.IDENTIFIER || !isLocal(file, object)) continue
      const key = functionKeyAt(file, index)
      if (key === '') continue
      const uses = found.get(key) ?? { reads: new Set<string>(), writes: new Set<string>() }
      found.set(key, uses)
      const text = tree.text.slice(tree.start[index], tree.end[index])
      if (isTarget(file, index)) uses.writes.add(text)
      else uses.reads.add(text)
    }
    return Object.fromEntries([...found].map(([key, { reads, writes }]) => [key, { reads: [...reads], writes: [...writes] }]))
  },
})

function isLocal({ tables }: FileSemantics, identifier: number): boolean {
  const { bindingOfNode, bindingScopes, scopeKinds } = tables
  const binding = bindingOfNode[identifier]! - 1
  if (binding < 0) return false
  const kind = scopeKinds[bindingScopes[binding]!]
  return kind !== S.MODULE_SCOPE && kind !== S.CLASS_SCOPE
}

/** Whether the attribute stands left of `=`, also among several, or behind `del`. */
function isTarget({ tree, tables }: FileSemantics, attribute: number): boolean {
  const { codes, fields } = tables.kinds
  let node = attribute
  for (;;) {
    const parent = tree.parent[node]!
    if (parent < 0) return false
    const code = codes[tree.kind[parent]!]
    if (code === K.ASSIGNMENT || code === K.AUGMENTED_ASSIGNMENT || code === K.FOR_STATEMENT) return tree.field[node] === fields.left
    if (code === K.DELETE_STATEMENT) return true
    if (code !== K.PATTERN_LIST && code !== K.TUPLE_PATTERN) return false
    node = parent
  }
}
