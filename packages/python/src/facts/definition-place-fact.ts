import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as S from '../scopes/scope-tables.ts'

/**
 * Where the members of a module and of its classes are first defined, by their path in the module: `DeclineReason.LOST_CARD`. Line and column, both from 1.
 * They change with every edit above them: ask for them only for a finding that is reported in any case.
 */
export type DefinitionPlaces = Readonly<Record<string, readonly [line: number, column: number]>>

export const definitionPlaceFact = defineFact<DefinitionPlaces, FileSemantics>({
  name: 'python/definition-places',
  version: 1,
  onDemand: 'file',
  collect: ({ services: { tree, tables, names } }) => {
    const found: Record<string, readonly [number, number]> = {}
    for (const [scope, kind] of tables.scopeKinds.entries()) {
      const path = kind === S.MODULE_SCOPE || kind === S.CLASS_SCOPE ? names.pathOfScope(scope) : null
      if (path === null) continue
      for (const [name, binding] of tables.scopeBindings[scope] ?? []) {
        const [first] = tables.bindingDefinitions[binding]!
        if (first === undefined) continue
        const { line, column } = tree.lineTable.position(tree.start[tables.definitionIdentifiers[first]!]!)
        const text = tables.names.string(name)
        found[path === '' ? text : `${path}.${text}`] = [line, column]
      }
    }
    return found
  },
})
