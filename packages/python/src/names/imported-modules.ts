import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import { importedModule, importedName } from './imports.ts'

/**
 * The absolute names that the import statements of a file mention, with the packages above them: `from a.b import c` gives `a`, `a.b` and `a.b.c`.
 * One look over the kinds of the nodes, without scopes.
 */
export function importedModules(tree: FlatTree): ReadonlySet<string> {
  const kinds = kindTableOf(tree.grammar)
  const { codes, fields } = kinds
  const { kind, size, next, field } = tree
  const found = new Set<string>()
  for (let i = 0; i < size; i++) {
    const code = codes[kind[i]!]
    if (code !== K.IMPORT_STATEMENT && code !== K.IMPORT_FROM_STATEMENT) continue
    if (code === K.IMPORT_FROM_STATEMENT) addWithPackages(found, importedModule(tree, kinds, i))
    for (let child = i + 1; child < next[i]!; child = next[child]!) {
      if (field[child] !== fields.name) continue
      const { module, name } = importedName(tree, kinds, child)
      addWithPackages(found, name === null ? module : `${module}.${name}`)
    }
  }
  return found
}

function addWithPackages(found: Set<string>, name: string): void {
  if (name.startsWith('.')) return
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const prefix = name.slice(0, end)
    if (found.has(prefix)) return
    found.add(prefix)
  }
}
