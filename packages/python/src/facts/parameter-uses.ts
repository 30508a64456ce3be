import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { functionKeyAt } from './function-keys.ts'

/**
 * What functions do with their parameters: by the key of the function (see `functionKey`), then by parameter, the attributes that are taken of it, sorted.
 * An empty name among them says that it is used in some other way: passed on, tested, returned.
 */
export type ParameterUses = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

export const parameterUsesFact = defineFact<ParameterUses, FileSemantics>({
  name: 'python/parameter-uses',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const found = new Map<string, Map<string, Set<string>>>()
    for (const index of tables.referenceNodes) {
      const name = parameterAt(file, index)
      if (name === null) continue
      const parent = tree.parent[index]!
      const isObject = parent >= 0 && codes[tree.kind[parent]!] === K.ATTRIBUTE && childByField(tree, parent, fields.object) === index
      const attribute = isObject ? childByField(tree, parent, fields.attribute) : -1
      const key = functionKeyAt(file, index)
      const ofFunction = found.get(key) ?? new Map<string, Set<string>>()
      found.set(key, ofFunction)
      const uses = ofFunction.get(name) ?? new Set<string>()
      ofFunction.set(name, uses.add(attribute < 0 ? '' : tree.text.slice(tree.start[attribute], tree.end[attribute])))
    }
    return Object.fromEntries([...found].map(([key, uses]) => [key, Object.fromEntries([...uses].map(([name, names]) => [name, [...names].sort()]))]))
  },
})

/** The parameter that an identifier reads. */
function parameterAt({ tree, tables }: FileSemantics, identifier: number): string | null {
  const binding = tables.bindingOfNode[identifier]! - 1
  const definitions = binding < 0 ? [] : tables.bindingDefinitions[binding]!
  const isParameter = definitions.some((definition) => tables.definitionKinds[definition] === S.PARAMETER)
  return isParameter ? tree.text.slice(tree.start[identifier], tree.end[identifier]) : null
}
