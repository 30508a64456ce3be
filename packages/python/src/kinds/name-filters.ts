import type { FileSemantics } from '../file-semantics.ts'
import type { AttributeNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import { LIBRARY_CALL_NAMES } from './library-calls.ts'
import { METHOD_NAMES } from './method-calls.ts'

/** Attributes of library objects and modules that are dates, times or zones. */
export const LIBRARY_ATTRIBUTES: ReadonlySet<string> = new Set(['tzinfo', 'min', 'max', 'utc', 'UTC'])
/** Methods of containers and queries, whose result is known by its type. */
const GETTERS: ReadonlySet<string> = new Set('get pop first one one_or_none scalar scalar_one scalar_one_or_none setdefault popleft cast'.split(' '))

/** Whether a function or method of this name may give a date or time by itself. */
export function isCallName(name: string): boolean {
  return LIBRARY_CALL_NAMES.has(name) || METHOD_NAMES.has(name) || GETTERS.has(name)
}

/** The names of the attributes to which a file assigns, of whatever object. */
export function assignedAttributes(file: FileSemantics): ReadonlySet<string> {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const names = new Set<string>()
  for (const index of file.nodesOf(K.ATTRIBUTE)) {
    if (tree.field[index] !== fields.left) continue
    if (codes[tree.kind[tree.parent[index]!]!] === K.ASSIGNMENT) names.add((tree.node(index) as AttributeNode).attribute.text)
  }
  return names
}

/** The names in a file of which a test may ask for a time zone or a class. */
export function testedNames({ tree }: FileSemantics): ReadonlySet<string> {
  return new Set(Array.from(tree.text.matchAll(TESTED_NAMES), ([, first, second]) => (first ?? second)!))
}

const TESTED_NAMES = /\b(?:isinstance|is_naive|is_aware|getattr)\(\s*([^\W\d]\w*)|\b([^\W\d]\w*)\s*\.\s*(?:tzinfo|utcoffset)\b/gu
