import type { FlatTree } from '@krait/core'
import { leavesFrom } from './leaves.ts'
import type { Leaf } from './leaves.ts'

/**
 * Whether an ERROR or MISSING node is a gap of the grammar and no error of the file. The one known gap in tree-sitter-python 0.25.0 that
 * leaves such nodes is defaults of type parameters (PEP 696, Python 3.13): `class A[T = int]`. The nodes around the gap are right, and the
 * parameters' names are found inside.
 */
export function isGrammarGap(tree: FlatTree, index: number): boolean {
  const list = typeParameterList(tree, index)
  return list !== null && hasValidDefaults(list)
}

/** The tokens between the brackets behind the name of the class, function or type alias around the node, if it stands between them. */
function typeParameterList(tree: FlatTree, index: number): Leaf[] | null {
  const owner = owningDefinition(tree, index)
  if (owner < 0) return null
  const position = tree.start[index]!
  const leaves = leavesFrom(tree, owner)
  const opening = typeParameterBracket(leaves)
  if (!opening || position < opening.end) return null

  const list: Leaf[] = []
  let depth = 1
  for (const leaf of leaves) {
    if (OPENING.has(leaf.kind)) depth++
    else if (CLOSING.has(leaf.kind)) depth--
    if (depth === 0) return position <= leaf.start ? list : null
    list.push(leaf)
  }
  return null
}

/** Reads up to the `[` right behind the defined name, and gives it. */
function typeParameterBracket(leaves: Iterator<Leaf>): Leaf | null {
  for (let before = ''; ; ) {
    const { value: leaf } = leaves.next() as { value: Leaf | undefined }
    if (!leaf) return null
    if (DEFINITION_KEYWORDS.has(before)) {
      const { value: bracket } = leaves.next() as { value: Leaf | undefined }
      return bracket?.kind === '[' ? bracket : null
    }
    before = leaf.kind
  }
}

function owningDefinition(tree: FlatTree, index: number): number {
  const { grammar, parent, kind } = tree
  let up = index
  while (up >= 0 && !DEFINITIONS.has(grammar.kindNames[kind[up]!]!)) up = parent[up]!
  return up
}

/** Whether each part is `name`, `*name` or `**name`, with a bound or a default or both, and at least one has a default. */
function hasValidDefaults(list: readonly Leaf[]): boolean {
  let defaults = 0
  for (const part of splitAtCommas(list)) {
    const name = STARS.has(part[0]?.kind ?? '') ? 1 : 0
    if (part[name]?.kind !== 'identifier') return false
    const rest = partition(part.slice(name + 1))
    if (!rest) return false
    if (rest.hasDefault) defaults++
  }
  return defaults > 0
}

/** What follows a name: nothing, `: bound`, `= default` or `: bound = default`; `null` for anything else. */
function partition(rest: readonly Leaf[]): { readonly hasDefault: boolean } | null {
  const equals = indexAtTopLevel(rest, '=')
  const bound = equals < 0 ? rest : rest.slice(0, equals)
  if (bound.length > 0 && (bound[0]!.kind !== ':' || bound.length === 1)) return null
  if (equals >= 0 && equals === rest.length - 1) return null
  return { hasDefault: equals >= 0 }
}

function splitAtCommas(list: readonly Leaf[]): Leaf[][] {
  const parts: Leaf[][] = []
  let rest = list
  for (;;) {
    const comma = indexAtTopLevel(rest, ',')
    if (comma < 0) break
    parts.push(rest.slice(0, comma))
    rest = rest.slice(comma + 1)
  }
  if (rest.length > 0) parts.push([...rest])
  return parts
}

function indexAtTopLevel(list: readonly Leaf[], kind: string): number {
  let depth = 0
  return list.findIndex((leaf) => {
    if (OPENING.has(leaf.kind)) depth++
    else if (CLOSING.has(leaf.kind)) depth--
    return depth === 0 && leaf.kind === kind
  })
}

const DEFINITIONS = new Set(['class_definition', 'function_definition', 'type_alias_statement'])
const DEFINITION_KEYWORDS = new Set(['class', 'def', 'type'])
const STARS = new Set(['*', '**'])
const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])
