import { defineFact } from '@krait/core'
import type { FileSemantics, PythonNode, Value } from '@krait/python'
import { functionKeyAt } from '@krait/python'

/** An object of which an attribute is read. Names are relative to the file. */
export interface AttributeReader {
  readonly object: Value
  /** The key of the function, see `functionKey`. */
  readonly function: string
}

/** The objects of which a file reads attributes, by the names of these. Asked for files of which the names are known to occur there. */
export const attributeReadersFact = defineFact<Readonly<Record<string, readonly AttributeReader[]>>, FileSemantics>({
  name: 'datetime/attribute-readers',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, AttributeReader[]>()
    const { tree } = file
    const { kindNames } = tree.grammar
    for (let index = 0; index < tree.size; index++) {
      if (kindNames[tree.kind[index]!] !== 'attribute') continue
      const node = tree.node(index) as PythonNode
      if (node.kind !== 'attribute' || node.fieldName === 'function' || node.fieldName === 'left') continue
      const readers = found.get(node.attribute.text) ?? []
      found.set(node.attribute.text, readers)
      if (readers.length < MAX_READERS) readers.push({ object: file.values.summarise(node.object.index), function: functionKeyAt(file, index) })
    }
    return Object.fromEntries(found)
  },
})

/** More of one name are not looked at. */
const MAX_READERS = 100
