import { childByField, defineFact, defineIndex } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { addToSet } from '../shared/sets-by-name.ts'
import { stringText } from '../shared/strings.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classNamesFact } from './class-facts.ts'
import { isTarget } from './instance-attributes.ts'

/** The names of attributes that a file uses on objects, each list sorted. */
export interface AttributeUses {
  /** Read, also by `getattr`, `hasattr` and `attrgetter`. */
  readonly loaded: readonly string[]
  /** Assigned on what is not called `self`, also by `setattr`: the classes of the objects by the attribute, `*` for one that is not known. */
  readonly stored: Readonly<Record<string, readonly string[]>>
}

/** The class of an object is not known. */
const ANY = '*'

export const attributeUsesFact = defineFact<AttributeUses, FileSemantics>({
  name: 'python/attribute-uses',
  version: 2,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const loaded = new Set<string>()
    const stored = new Map<string, Set<string>>()
    const textOf = (node: number): string => (node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node]))
    for (const call of file.nodesOf(K.CALL)) addCall(file, call, loaded, stored)
    for (const index of file.nodesOf(K.ATTRIBUTE)) {
      const name = textOf(childByField(tree, index, fields.attribute))
      const isStored = isTarget(file, index) && codes[tree.kind[tree.parent[index]!]!] !== K.AUGMENTED_ASSIGNMENT
      if (!isStored) loaded.add(name)
      else if (textOf(childByField(tree, index, fields.object)) !== 'self') addToSet(stored, name, [ownerOf(file, childByField(tree, index, fields.object))])
    }
    return { loaded: [...loaded].sort(), stored: Object.fromEntries([...stored].sort().map(([name, owners]) => [name, [...owners].sort()])) }
  },
})

/** The class of which a variable is annotated or constructed, relative to the file. */
function ownerOf(file: FileSemantics, object: number): string {
  const node = object < 0 ? null : (file.tree.node(object) as PythonNode)
  const definitions = node?.kind === 'identifier' ? (file.scopes.bindingOf(node)?.definitions ?? []) : []
  const owners = new Set(definitions.map(({ annotation, value }) => {
    const type = annotation ? annotation.namedChildren[0] : value?.kind === 'call' ? value.function : undefined
    return (type && file.names.nameOf(type.index)) ?? ANY
  }))
  const [owner] = owners
  return owner !== undefined && owners.size === 1 ? owner : ANY
}

const BY_NAME: ReadonlySet<string> = new Set(['attrgetter', 'getattr', 'hasattr', 'setattr'])

/** `getattr(x, "name")` and its kin. */
function addCall({ tree, tables }: FileSemantics, call: number, loaded: Set<string>, stored: Map<string, Set<string>>): void {
  const { fields } = tables.kinds
  const called = childByField(tree, call, fields.function)
  const name = called < 0 ? '' : lastPart(tree.text.slice(tree.start[called], tree.end[called]))
  if (!BY_NAME.has(name)) return
  const list = childByField(tree, call, fields.arguments)
  for (const argument of list < 0 ? [] : tree.node(list).namedChildren) {
    const text = stringText(argument)
    if (text === null) continue
    if (name === 'setattr') addToSet(stored, lastPart(text), [ANY])
    else loaded.add(lastPart(text))
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
      for (const name of Object.keys(uses.stored)) stored.add(name)
    }
    for (const [, classes] of reader.facts(classNamesFact)) {
      for (const [path, { fields }] of Object.entries(classes)) if (!path.includes('.')) for (const name of fields) loaded.add(name)
    }
    return { loaded, stored }
  },
  ask: ({ loaded, stored }, key) => {
    const name = key.slice(key.indexOf(':') + 1)
    return (key.startsWith('loaded:') ? loaded : stored).has(name)
  },
})

/** An object on which some code assigns an attribute. */
export interface AttributeOwner {
  /** The file of that code. */
  readonly path: string
  /** The class of the object, relative to the file; `null` if it is not known. */
  readonly class: string | null
}

/** On what attributes are assigned, other than on `self`, by their names. */
export const attributeOwnersIndex = defineIndex<ReadonlyMap<string, readonly AttributeOwner[]>, string, readonly AttributeOwner[]>({
  name: 'python/attribute-owners',
  version: 1,
  build(reader) {
    const owners = new Map<string, AttributeOwner[]>()
    for (const [path, { stored }] of reader.facts(attributeUsesFact)) {
      for (const [name, classes] of Object.entries(stored)) {
        const known = owners.get(name) ?? []
        owners.set(name, known)
        known.push(...classes.map((owner) => ({ path, class: owner === ANY ? null : owner })))
      }
    }
    return owners
  },
  ask: (owners, name) => owners.get(name) ?? [],
})
