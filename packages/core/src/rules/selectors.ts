import esquery from 'esquery'
import type { Node as EstreeNode } from 'estree'
import type { Grammar } from '../syntax/grammar.ts'
import type { SyntaxNode } from '../syntax/node.ts'

/** A listener's key, made ready for one grammar. */
export interface CompiledSelector {
  /** The kind ids of the nodes it can match. */
  readonly kinds: readonly number[]
  /** `true` for `kind:exit`. */
  readonly exit: boolean
  /** What is left to check once the kind fits; absent when the kind says it all. */
  readonly matches?: (node: SyntaxNode) => boolean
}

const PLAIN_KINDS = /^\s*[A-Za-z_]\w*(\s*,\s*[A-Za-z_]\w*)*\s*$/
const EXIT = ':exit'

/**
 * Compiles a listener's key: `call`, `call:exit`, `call, await`, `*`, or an esquery selector. Nodes are matched by `kind`; child, sibling and
 * `:has` selectors walk the named children.
 * @throws Error for a selector that esquery cannot parse, or that can match no kind of the grammar.
 */
export function compileSelector(key: string, grammar: Grammar): CompiledSelector {
  const exit = key.trimEnd().endsWith(EXIT)
  const selector = exit ? key.trimEnd().slice(0, -EXIT.length) : key
  if (PLAIN_KINDS.test(selector)) {
    return { exit, kinds: selector.split(',').flatMap((name) => knownKinds(name.trim(), grammar, key)) }
  }
  const parsed = parseSelector(selector, key)
  return { exit, kinds: [...new Set(subjectKinds(parsed, grammar, key))], matches: selectorMatcher(parsed) }
}

function parseSelector(selector: string, key: string): esquery.Selector {
  try {
    return esquery.parse(selector)
  } catch (error) {
    throw new Error(`the listener '${key}' is not a valid selector: ${(error as Error).message}`, { cause: error })
  }
}

function knownKinds(name: string, grammar: Grammar, key: string): readonly number[] {
  const ids = grammar.kindIds(name)
  if (ids.length === 0) throw new Error(`the listener '${key}' names '${name}', which is no node kind of ${grammar.name}`)
  return ids
}

/** The kinds that the rightmost part of a selector can match: the table then runs the selector on these nodes only. */
function subjectKinds(selector: esquery.Selector, grammar: Grammar, key: string): readonly number[] {
  switch (selector.type) {
    case 'identifier':
      return knownKinds(selector.value, grammar, key)
    case 'child':
    case 'descendant':
    case 'sibling':
    case 'adjacent':
      return subjectKinds(selector.right, grammar, key)
    case 'matches':
      return selector.selectors.flatMap((part) => subjectKinds(part, grammar, key))
    case 'compound': {
      const narrowed = selector.selectors.filter((part) => part.type === 'identifier' || part.type === 'matches')
      return narrowed[0] ? subjectKinds(narrowed[0], grammar, key) : namedKinds(grammar)
    }
    default:
      return namedKinds(grammar)
  }
}

function namedKinds(grammar: Grammar): readonly number[] {
  return [...grammar.isNamed.keys()].filter((id) => grammar.isNamed[id] === 1)
}

/**
 * esquery walks `:has` with a traverser that knows ESTree nodes only, so each `:has` is handed back to us as a class of our own. As in CSS,
 * it looks below the node, not at the node itself.
 */
function selectorMatcher(selector: esquery.Selector): (node: SyntaxNode) => boolean {
  const conditions: esquery.Selector[][] = []
  const rewritten = withoutHas(selector, conditions)
  const options = {
    nodeTypeKey: 'kind',
    fallback: () => ['namedChildren'],
    matchClass: (name: string, node: EstreeNode) => hasDescendant(node as unknown as SyntaxNode, conditions[Number(name.slice(HAS_CLASS.length))] ?? []),
  } as unknown as esquery.ESQueryOptions
  return (node) => matches(node, rewritten, ancestors(node, null))

  function matches(node: SyntaxNode, part: esquery.Selector, ancestry: readonly SyntaxNode[]): boolean {
    return esquery.matches(asEstree(node), part, ancestry.map(asEstree), options)
  }

  function hasDescendant(node: SyntaxNode, parts: readonly esquery.Selector[]): boolean {
    for (const below of node.descendants()) {
      if (below.isNamed && parts.some((part) => matches(below, part, ancestors(below, node)))) return true
    }
    return false
  }
}

const HAS_CLASS = 'krait-has-'

/** Replaces every `:has(...)` by a class whose number leads to its selectors. Those may hold a `:has` again. */
function withoutHas(selector: esquery.Selector, conditions: esquery.Selector[][]): esquery.Selector {
  if (selector.type === 'has') {
    conditions.push(selector.selectors.map((part) => withoutHas(part, conditions)))
    return { type: 'class', name: `${HAS_CLASS}${conditions.length - 1}` } as unknown as esquery.Selector
  }
  if ('selectors' in selector) return { ...selector, selectors: selector.selectors.map((part) => withoutHas(part, conditions)) } as esquery.Selector
  if ('left' in selector) {
    return { ...selector, left: withoutHas(selector.left, conditions), right: withoutHas(selector.right, conditions) } as esquery.Selector
  }
  return selector
}

/** The nodes above, nearest first, up to `last` (included) or the root. */
function ancestors(node: SyntaxNode, last: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let up = node === last ? null : node.parent; up; up = up === last ? null : up.parent) found.push(up)
  return found
}

/** esquery only reads the properties that its options name; its type declarations know ESTree alone. */
function asEstree(node: SyntaxNode): EstreeNode {
  return node as unknown as EstreeNode
}
