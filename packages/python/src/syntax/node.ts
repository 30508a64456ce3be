import type { FlatTree, SyntaxNode } from '@krait/core'
import type { PythonNodeMap, PythonTokenKind } from '../generated/nodes.ts'

/** The name of a node kind: `call`, `function_definition`, `ERROR` ... */
export type PythonKind = keyof PythonNodeMap

/** Any node; `node.kind === 'call'` narrows it to `CallNode`. */
export type PythonNode = PythonNodeMap[PythonKind]

/**
 * What can stand among `children`: a node or a token. A few keywords share their name with a node kind (`lambda`, `await`, `yield`, ...): ask
 * for `isNamed` too where that matters.
 */
export type AnyPythonNode = PythonNode | PythonToken

/**
 * What all Python nodes share, typed for Python.
 *
 * The types of the fields hold for files without syntax errors: below or beside an ERROR node a required field can be `null`, and a MISSING
 * node is a node without text. The host reports such files and still runs rules on what was understood; a rule that throws on such a
 * field is caught and named, so handle it only where a broken file is worth a finding.
 */
interface PythonSyntaxNode extends SyntaxNode {
  readonly tree: PythonTree
  readonly parent: PythonNode | null
  readonly children: readonly AnyPythonNode[]
  readonly namedChildren: readonly PythonNode[]
  readonly nextSibling: AnyPythonNode | null
  readonly previousSibling: AnyPythonNode | null
  readonly nextNamedSibling: PythonNode | null
  readonly previousNamedSibling: PythonNode | null
  field(name: string): AnyPythonNode | null
  fieldAll(name: string): readonly AnyPythonNode[]
  descendants(): Generator<AnyPythonNode>
  descendants<Kind extends PythonKind>(...kinds: [Kind, ...Kind[]]): Generator<PythonNodeMap[Kind]>
  closest<Kind extends PythonKind>(...kinds: [Kind, ...Kind[]]): PythonNodeMap[Kind] | null
}

export interface PythonNodeBase extends PythonSyntaxNode {
  readonly isNamed: true
}

/** A keyword, an operator or punctuation; `kind` is its text. */
export interface PythonToken<Kind extends PythonTokenKind = PythonTokenKind> extends PythonSyntaxNode {
  readonly kind: Kind
  readonly isNamed: false
}

/** The tree of a Python file. */
export interface PythonTree extends FlatTree {
  node(index: number): AnyPythonNode
}
