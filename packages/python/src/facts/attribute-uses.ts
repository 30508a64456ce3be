import { childByField, defineFact, defineIndex } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { stringText } from '../shared/strings.ts'
import { isTarget } from './instance-attributes.ts'
import { moduleFact } from './module-fact.ts'

/** The names of attributes that a file uses on objects, each list sorted. */
export interface AttributeUses {
  /** Read, also by `getattr`, `hasattr` and `attrgetter`. */
  readonly loaded: readonly string[]
  /** Assigned on what is not called `self`, also by `setattr`. */
  readonly stored: readonly string[]
}

export const attributeUsesFact = defineFact<AttributeUses, FileSemantics>({
  name: 'python/attribute-uses',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const loaded = new Set<string>()
    const stored = new Set<string>()
    const textOf = (node: number): string => (node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node]))
    for (let index = 0; index < tree.size; index++) {
      const code = codes[tree.kind[index]!]
      if (code === K.CALL) addCall(file, index, loaded, stored)
      if (code !== K.ATTRIBUTE) continue
      const name = textOf(childByField(tree, index, fields.attribute))
      const isStored = isTarget(file, index) && codes[tree.kind[tree.parent[index]!]!] !== K.AUGMENTED_ASSIGNMENT
      if (!isStored) loaded.add(name)
      else if (textOf(childByField(tree, index, fields.object)) !== 'self') stored.add(name)
    }
    return { loaded: [...loaded].sort(), stored: [...stored].sort() }
  },
})

const BY_NAME: ReadonlySet<string> = new Set(['attrgetter', 'getattr', 'hasattr', 'setattr'])

/** `getattr(x, "name")` and its kin. */
function addCall({ tree, tables }: FileSemantics, call: number, loaded: Set<string>, stored: Set<string>): void {
  const { fields } = tables.kinds
  const called = childByField(tree, call, fields.function)
  const name = called < 0 ? '' : lastPart(tree.text.slice(tree.start[called], tree.end[called]))
  if (!BY_NAME.has(name)) return
  const list = childByField(tree, call, fields.arguments)
  for (const argument of list < 0 ? [] : tree.node(list).namedChildren) {
    const text = stringText(argument)
    if (text !== null) (name === 'setattr' ? stored : loaded).add(lastPart(text))
  }
}

interface AttributeNames {
  readonly loaded: ReadonlySet<string>
  readonly stored: ReadonlySet<string>
}

/**
 * Whether some file of the project reads an attribute of a name (`loaded:name`; fields of classes count, which a serialiser reads), or assigns one on what is
 * not called `self` (`stored:name`).
 */
export const attributeUsesIndex = defineIndex<AttributeNames, `loaded:${string}` | `stored:${string}`, boolean>({
  name: 'python/attribute-uses',
  version: 1,
  build(reader) {
    const loaded = new Set<string>()
    const stored = new Set<string>()
    for (const [, uses] of reader.facts(attributeUsesFact)) {
      for (const name of uses.loaded) loaded.add(name)
      for (const name of uses.stored) stored.add(name)
    }
    for (const [, { members }] of reader.facts(moduleFact)) {
      for (const fact of Object.values(members)) {
        if (fact.kind === 'class') for (const [name, member] of Object.entries(fact.members)) if (member.kind === 'variable' && member.annotation) loaded.add(name)
      }
    }
    return { loaded, stored }
  },
  ask: ({ loaded, stored }, key) => {
    const name = key.slice(key.indexOf(':') + 1)
    return (key.startsWith('loaded:') ? loaded : stored).has(name)
  },
})
