import { defineFact } from '@krait/core'
import type { FileSemantics, PythonNode } from '@krait/python'

/**
 * The tables of a file to which it adds entries after they are made, by the last part of their names: `MAP[x] = y`, `MAP.update(...)`, `Handler.MAP.setdefault(x, y)`.
 * Asked for files that hold a table of codes only.
 */
export const filledTablesFact = defineFact<readonly string[], FileSemantics>({
  name: 'error-handling/filled-tables',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const names = new Set<string>()
    for (const node of (file.tree.node(0) as PythonNode).descendants('subscript', 'attribute')) {
      const table = filledBy(node)
      if (table?.kind === 'identifier') names.add(table.text)
      else if (table?.kind === 'attribute') names.add(table.attribute.text)
    }
    return [...names].sort()
  },
})

function filledBy(node: PythonNode): PythonNode | null {
  const { parent } = node
  if (node.kind === 'subscript') return parent?.kind === 'assignment' && parent.left === node ? node.value : null
  return node.kind === 'attribute' && FILLING.has(node.attribute.text) && parent?.kind === 'call' && parent.function === node ? node.object : null
}

const FILLING: ReadonlySet<string> = new Set(['setdefault', 'update'])
