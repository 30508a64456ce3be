import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import { importedModule, importedName } from '../names/imports.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { conditionsOf } from '../scopes/conditions.ts'
import * as S from '../scopes/scope-tables.ts'

/** One imported name, in any scope of the file. */
export interface ImportFact {
  /** The module as written: `a.b`, `.models`. */
  readonly module: RelativeName
  /** What is taken from it: a name, `*`, or `null` for `import a.b`. */
  readonly name: string | null
  readonly as: string
  /** Under `if TYPE_CHECKING:`. */
  readonly typeChecking?: true
  /** Inside a function: not imported when the module is. */
  readonly deferred?: true
  /** In a `try` that goes on after an `ImportError`. */
  readonly optional?: true
  readonly fallback?: true
}

/** What a file imports, in order. */
export const importsFact = defineFact<readonly ImportFact[], FileSemantics>({
  name: 'python/imports',
  version: 1,
  collect({ services: file }) {
    const { tables } = file
    const { tree, kinds, definitionKinds, definitionNodes, definitionScopes } = tables
    const found: (readonly [at: number, fact: ImportFact])[] = []
    for (let d = 0; d < definitionKinds.length; d++) {
      if (definitionKinds[d] !== S.IMPORT) continue
      const node = definitionNodes[d]!
      const { module, name, boundName } = importedName(tree, kinds, node)
      found.push([node, { module, name, as: boundName, ...importTags(file, node, definitionScopes[d]!) }])
    }
    for (const statement of tables.starImports) {
      const module = importedModule(tree, kinds, statement)
      found.push([statement, { module, name: '*', as: '*', ...importTags(file, statement, tables.scopeAt(statement)) }])
    }
    return found.sort(([a], [b]) => a - b).map(([, fact]) => fact)
  },
})

function importTags(file: FileSemantics, node: number, scope: number): Partial<ImportFact> {
  const { tree, kinds, scopeNodes } = file.tables
  const { typeChecking, optional, fallback } = conditionsOf(tree, kinds, node, scopeNodes[scope]!)
  return {
    ...(typeChecking && { typeChecking: true as const }),
    ...(file.names.pathOfScope(scope) === null && { deferred: true as const }),
    ...(optional && { optional: true as const }),
    ...(fallback && { fallback: true as const }),
  }
}
