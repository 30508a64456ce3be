import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'

/**
 * The key of the function whose code a scope is: Python's qualified name of it inside the module, such as `load`, `Repository.save`,
 * `outer.<locals>.inner`, `load.<locals>.<lambda>`; a property's setter is `Order.total.setter`. Code of the module, and of class bodies at its level,
 * has the empty key.
 */
export function functionKey(file: FileSemantics, scope: number): string {
  return (file.functionKeys[scope] ??= makeKey(file, scope))
}

/** The key of the function in whose code a node stands. */
export function functionKeyAt(file: FileSemantics, node: number): string {
  return functionKey(file, file.tables.scopeAt(node))
}

function makeKey(file: FileSemantics, scope: number): string {
  const { scopeKinds, scopeParents } = file.tables
  const parts: string[] = []
  let ownsCode = false
  for (let s = scope; s > 0; s = scopeParents[s]!) {
    const kind = scopeKinds[s]!
    const isFunction = kind === S.FUNCTION_SCOPE || kind === S.LAMBDA_SCOPE
    if (isFunction) parts.push(...(ownsCode ? ['<locals>'] : []), nameOfFunction(file, s, kind))
    // What stands in a class body, outside of its methods, runs with the code around it.
    else if (kind === S.CLASS_SCOPE && ownsCode) parts.push(nameOf(file, s))
    ownsCode ||= isFunction
  }
  return parts.reverse().join('.')
}

function nameOfFunction(file: FileSemantics, scope: number, kind: number): string {
  if (kind === S.LAMBDA_SCOPE) return '<lambda>'
  const accessor = accessorOf(file, file.tables.scopeNodes[scope]!)
  return accessor === null ? nameOf(file, scope) : `${nameOf(file, scope)}.${accessor}`
}

/** `setter` for `@total.setter`. */
function accessorOf({ tree, tables }: FileSemantics, definition: number): string | null {
  const decorated = tree.parent[definition]!
  if (decorated < 0 || tables.kinds.codes[tree.kind[decorated]!] !== K.DECORATED_DEFINITION) return null
  return ACCESSOR.exec(tree.text.slice(tree.start[decorated], tree.start[definition]))?.[1] ?? null
}

function nameOf({ tree, tables }: FileSemantics, scope: number): string {
  const name = childByField(tree, tables.scopeNodes[scope]!, tables.kinds.fields.name)
  return name < 0 ? '' : tree.text.slice(tree.start[name], tree.end[name])
}

/** `@total.setter`, and the same of SQLAlchemy's hybrid properties. */
const ACCESSOR = /@\s*\w+\s*\.\s*(setter|deleter|expression|inplace|update_expression)\b/
