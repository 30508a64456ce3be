import { childByField } from '@krait/core'
import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import type { KindTable } from '../scopes/kind-codes.ts'
import { appendName } from './relative-name.ts'
import type { RelativeName } from './relative-name.ts'

/** What one name in an import statement says. */
export interface ImportedName {
  /** The module as written: `a.b`, `.models`, `..`. */
  readonly module: RelativeName
  /** What is taken from it; `null` for `import a.b`. */
  readonly name: string | null
  /** The name that is bound: the alias, the name itself, or the first part of `import a.b`. */
  readonly boundName: string
  /** What the bound name means: `a` for `import a.b`, `a.b` for `import a.b as c`, `a.b.x` for `from a.b import x`. */
  readonly target: RelativeName
}

/** Reads one `dotted_name` or `aliased_import` of an import statement. */
export function importedName(tree: FlatTree, kinds: KindTable, node: number): ImportedName {
  const { codes, fields } = kinds
  const isAliased = codes[tree.kind[node]!] === K.ALIASED_IMPORT
  const nameNode = isAliased ? childByField(tree, node, fields.name) : node
  const aliasNode = isAliased ? childByField(tree, node, fields.alias) : -1
  const name = dottedText(tree, nameNode)
  const alias = aliasNode < 0 ? null : textOf(tree, aliasNode)
  const statement = tree.parent[node]!
  if (codes[tree.kind[statement]!] === K.IMPORT_STATEMENT) {
    const first = name.split('.', 1)[0]!
    return { module: name, name: null, boundName: alias ?? first, target: alias === null ? first : name }
  }
  const module = importedModule(tree, kinds, statement)
  return { module, name, boundName: alias ?? name, target: appendName(module, name) }
}

/** The module of a `from` import as written: `a.b`, `.models`, `..`, `__future__`. */
export function importedModule(tree: FlatTree, { codes, fields }: KindTable, statement: number): RelativeName {
  if (codes[tree.kind[statement]!] === K.FUTURE_IMPORT_STATEMENT) return '__future__'
  const module = childByField(tree, statement, fields.module_name)
  return module < 0 ? '' : dottedText(tree, module)
}

/** Blanks, comments and line breaks may stand between the parts of a dotted name. */
function dottedText(tree: FlatTree, node: number): string {
  const text = textOf(tree, node)
  return /^[\w.]*$/.test(text) ? text : text.replace(/\\\r?\n|#.*|\s+/g, '')
}

function textOf(tree: FlatTree, node: number): string {
  return node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node])
}
