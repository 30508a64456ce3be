import type { FlatTree } from '@krait/core'
import type { KindTable } from './kind-codes.ts'
import type { NameTable } from './name-table.ts'

/** The kinds of scopes; the position is the number in `ScopeTables.scopeKinds`. */
export const SCOPE_KINDS = ['module', 'class', 'function', 'lambda', 'comprehension', 'type-parameters'] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]
export const MODULE_SCOPE = 0
export const CLASS_SCOPE = 1
export const FUNCTION_SCOPE = 2
export const LAMBDA_SCOPE = 3
export const COMPREHENSION_SCOPE = 4
export const TYPE_PARAMETERS_SCOPE = 5

/** What binds a name; the position is the number in `ScopeTables.definitionKinds`. */
export const DEFINITION_KINDS = [
  'import',
  'function',
  'class',
  'parameter',
  'assignment',
  'augmented',
  'for',
  'with',
  'except',
  'match',
  'walrus',
  'delete',
  'type-parameter',
  'type-alias',
  'annotation',
] as const
export type DefinitionKind = (typeof DEFINITION_KINDS)[number]
export const IMPORT = 0
export const FUNCTION = 1
export const CLASS = 2
export const PARAMETER = 3
export const ASSIGNED = 4
export const AUGMENTED = 5
export const FOR = 6
export const WITH = 7
export const EXCEPT = 8
export const MATCH = 9
export const WALRUS = 10
export const DELETE = 11
export const TYPE_PARAMETER_NAME = 12
export const TYPE_ALIAS = 13
export const ANNOTATION = 14

/**
 * The scopes, definitions, references and bindings of one file as columns of numbers. Scope 0 is the module. A scope's number is larger than
 * that of its parent. Definitions and references stand in source order.
 */
export interface ScopeTables {
  readonly tree: FlatTree
  readonly kinds: KindTable
  readonly names: NameTable

  readonly scopeKinds: readonly number[]
  /** The node that makes the scope; for `type-parameters` the `type_parameter` node. */
  readonly scopeNodes: readonly number[]
  readonly scopeParents: readonly number[]
  /** For each scope: binding by name number. */
  readonly scopeBindings: readonly (ReadonlyMap<number, number> | undefined)[]

  readonly definitionKinds: readonly number[]
  /** The identifier that is bound. */
  readonly definitionIdentifiers: readonly number[]
  /** The construct that binds it. */
  readonly definitionNodes: readonly number[]
  /** The expression that is bound, or -1. */
  readonly definitionValues: readonly number[]
  /** The scope in which the definition is executed (not always the one that holds the name: `global`, walrus). */
  readonly definitionScopes: readonly number[]
  readonly definitionBindings: Int32Array

  readonly referenceNodes: readonly number[]
  readonly referenceScopes: readonly number[]
  /** The binding, or -1 for a name that nothing in the file binds. */
  readonly referenceBindings: Int32Array

  readonly bindingScopes: readonly number[]
  readonly bindingNames: readonly number[]
  /** The definitions of each binding, in source order. */
  readonly bindingDefinitions: readonly (readonly number[])[]

  /** The `from m import *` statements, in source order. */
  readonly starImports: readonly number[]
  /** Binding + 1 by node index for every identifier that is a definition or a reference; 0 for all others; -1 for an unbound name. */
  readonly bindingOfNode: Int32Array
  /** The scope whose code holds the node; for a node that makes a scope, the scope around it. */
  scopeAt(index: number): number
  /** The binding that a name means in a scope, or -1. `position` matters in class bodies only: a name is read there before its first binding from outside. */
  lookup(scope: number, name: number, position: number): number
}
