import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '@krait/python'

/** The names of the attributes that a file reads, sorted. */
export const attributeReadsFact = defineFact<readonly string[], FileSemantics>({
  name: 'datetime/attribute-reads',
  version: 2,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const names = new Set<string>()
    const { tree } = file
    const { kind, field, start, end, text, grammar } = tree
    const attributes = grammar.kindIds('attribute')
    const name = grammar.fieldId('attribute')
    const unread = [grammar.fieldId('function'), grammar.fieldId('left')]
    for (let index = 0; index < tree.size; index++) {
      if (!attributes.includes(kind[index]!) || unread.includes(field[index]!)) continue
      const identifier = childByField(tree, index, name)
      if (identifier >= 0) names.add(text.slice(start[identifier], end[identifier]))
    }
    return [...names].sort()
  },
})
