import type { SyntaxNode } from '@krait/core'
import { kindTableOf } from '../scopes/kind-codes.ts'
import { stringValue } from '../values/literals.ts'
import { UNKNOWN } from '../values/value.ts'
import { isBytesPrefix, stringPrefix } from './string-literal.ts'

/**
 * The text of a `string` or `concatenated_string` node without interpolations: escapes decoded, parts joined. `null` for other nodes, for f-strings
 * with interpolations, for bytes (see `bytesText`), and where `\N{...}` occurs.
 */
export function stringText(node: SyntaxNode | null | undefined): string | null {
  return literalText(node, 'string')
}

/** The same for bytes, one code unit per byte. */
export function bytesText(node: SyntaxNode | null | undefined): string | null {
  return literalText(node, 'bytes')
}

/**
 * The constant parts of a string in order, with `null` for each interpolation (or part that cannot be decoded): `f"a{x}b"` gives `['a', null, 'b']`.
 * `null` for a node that is no string.
 */
export function stringParts(node: SyntaxNode | null | undefined): readonly (string | null)[] | null {
  if (!isString(node)) return null
  const value = valueOf(node)
  if (value.kind === 'literal') return [String(value.value)]
  if (value.kind !== 'format') return [null]
  return value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : null))
}

/** The letters before the quote in lower case: `rb`, `f`; of a concatenated string those of its first part. */
export function prefixOf(node: SyntaxNode): string {
  return stringPrefix(node.text.slice(0, 4)).toLowerCase()
}

/** Whether the node is a bytes literal. */
export function isBytes(node: SyntaxNode): boolean {
  return isString(node) && isBytesPrefix(prefixOf(node))
}

/** Whether a statement is nothing but a string. */
export function isDocstring(statement: SyntaxNode): boolean {
  return statement.kind === 'expression_statement' && isString(statement.namedChildren[0])
}

function literalText(node: SyntaxNode | null | undefined, type: 'string' | 'bytes'): string | null {
  if (!isString(node)) return null
  const value = valueOf(node)
  return value.kind === 'literal' && value.type === type ? String(value.value) : null
}

function isString(node: SyntaxNode | null | undefined): node is SyntaxNode {
  return node?.kind === 'string' || node?.kind === 'concatenated_string'
}

function valueOf(node: SyntaxNode) {
  return stringValue(node.tree, kindTableOf(node.tree.grammar), node.index, () => UNKNOWN)
}
