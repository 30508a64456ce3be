import { defineFact } from '@krait/core'
import type { FileSemantics } from '@krait/python'

/** The line and column at which the attributes of classes are first defined, by their path in the module: `Order.created_at`. */
export type AttributePlaces = Readonly<Record<string, readonly [line: number, column: number]>>

/** Asked for a finding that is reported in any case: places change with every edit above them. */
export const attributePlacesFact = defineFact<AttributePlaces, FileSemantics>({
  name: 'datetime/attribute-places',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found: [string, [number, number]][] = []
    for (const scope of file.scopes.all) {
      const path = scope.kind === 'class' ? file.names.pathOfScope(scope.index) : null
      if (path === null) continue
      for (const [name, binding] of scope.bindings) {
        const start = binding.definitions[0]?.name.loc.start
        if (start) found.push([`${path}.${name}`, [start.line, start.column]])
      }
    }
    return Object.fromEntries(found)
  },
})
