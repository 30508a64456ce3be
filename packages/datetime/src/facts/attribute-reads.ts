import { defineFact } from '@krait/core'
import type { FileSemantics, PythonNode } from '@krait/python'

/** The names of the attributes that a file reads, sorted. */
export const attributeReadsFact = defineFact<readonly string[], FileSemantics>({
  name: 'datetime/attribute-reads',
  version: 2,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const names = new Set<string>()
    const { tree } = file
    const { kindNames } = tree.grammar
    for (let index = 0; index < tree.size; index++) {
      if (kindNames[tree.kind[index]!] !== 'attribute') continue
      const node = tree.node(index) as PythonNode
      if (node.kind === 'attribute' && node.fieldName !== 'function' && node.fieldName !== 'left') names.add(node.attribute.text)
    }
    return [...names].sort()
  },
})
