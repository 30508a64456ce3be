import { childByField } from '@krait/core'
import { semanticsOf } from '../file-semantics.ts'
import type { CallNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import type { Scopes } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { lastPart } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'

/** What a file calls: the names that stand there, and those of which they are other names. */
interface CalledNames {
  readonly names: ReadonlySet<string>
  /** An import gave something that is called another name: it may be anything. */
  readonly hasRenamed: boolean
}

const ofTree = new WeakMap<object, CalledNames>()

/**
 * Whether a file may call a function or method of one of these names. Most files do not, so that a rule for such calls need not look at all the others.
 * Looked up once per file.
 */
export function mayCallAny({ scopes }: { readonly scopes: Scopes }, wanted: ReadonlySet<string>): boolean {
  const { tree } = scopes.tables
  let called = ofTree.get(tree)
  if (!called) ofTree.set(tree, (called = namesCalled(scopes)))
  if (called.hasRenamed) return true
  for (const name of wanted) if (called.names.has(name)) return true
  return false
}

function namesCalled(scopes: Scopes): CalledNames {
  const { tree, kinds, bindingOfNode } = scopes.tables
  const { codes, fields } = kinds
  const names = new Set<string>()
  const seen = new Set<number>()
  let hasRenamed = false
  for (const index of semanticsOf(tree).nodesOf(K.CALL)) {
    let called = childByField(tree, index, fields.function)
    if (called < 0) continue
    if (codes[tree.kind[called]!] === K.PARENTHESIZED_EXPRESSION) called = withoutParentheses(tree.node(called) as PythonNode).index
    const isAttribute = codes[tree.kind[called]!] === K.ATTRIBUTE
    const named = isAttribute ? childByField(tree, called, fields.attribute) : called
    if (named < 0 || codes[tree.kind[named]!] !== K.IDENTIFIER) continue
    names.add(tree.text.slice(tree.start[named], tree.end[named]))
    const binding = isAttribute ? 0 : bindingOfNode[named]!
    if (binding <= 0 || seen.has(binding)) continue
    seen.add(binding)
    for (const { node, value } of scopes.bindingOf(tree.node(named))?.definitions ?? []) {
      if (node.kind === 'aliased_import') hasRenamed = true
      else if (value) names.add(lastPart(value.text))
    }
  }
  return { names, hasRenamed }
}

/** Whether a call is written with one of these names, whatever it stands for there. */
export function isCalledBy({ function: called }: CallNode, names: ReadonlySet<string>): boolean {
  const named = called.kind === 'attribute' ? called.attribute : called
  return named.kind === 'identifier' && names.has(named.text)
}
