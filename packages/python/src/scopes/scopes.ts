import type { FlatTree, SyntaxNode } from '@krait/core'
import { BUILTIN_NAMES, MODULE_NAMES } from '../data/builtins.ts'
import type { ClassDefinitionNode, FunctionDefinitionNode, IdentifierNode, LambdaNode, TypeNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { conditionsOf } from './conditions.ts'
import type { Conditions } from './conditions.ts'
import { DEFINITION_KINDS, SCOPE_KINDS } from './scope-tables.ts'
import type { DefinitionKind, ScopeKind, ScopeTables } from './scope-tables.ts'
export type { DefinitionKind, ScopeKind } from './scope-tables.ts'

/**
 * The scopes of one file. Names inside string annotations are not references.
 */
export class Scopes {
  readonly #scopes: (Scope | undefined)[] = []
  readonly #bindings: (Binding | undefined)[] = []
  readonly #definitions: (Definition | undefined)[] = []
  #referencesByBinding: readonly (readonly number[] | undefined)[] | undefined

  constructor(
    /** The same as columns of numbers, for code that must be fast. */
    readonly tables: ScopeTables,
  ) {}

  /** The scope of the file itself. */
  get module(): Scope {
    return this.at(0)
  }

  /** All scopes; a scope comes after the one around it. */
  get all(): readonly Scope[] {
    return this.tables.scopeKinds.map((_, index) => this.at(index))
  }

  /**
   * The scope whose code the node belongs to. A function or class node belongs to the scope around it, and so do its decorators, default values
   * and annotations; its body belongs to its own scope (see `scopeMadeBy`).
   */
  scopeOf(node: SyntaxNode): Scope {
    return this.at(this.tables.scopeAt(node.index))
  }

  /** The scope that a module, class, function, lambda or comprehension node makes; `null` for any other node. */
  scopeMadeBy(node: SyntaxNode): Scope | null {
    const scope = this.#scopeByNode.get(node.index)
    return scope === undefined ? null : this.at(scope)
  }

  /** What an identifier binds or refers to; `null` if nothing in the file binds it (a builtin, a star import, an attribute's name). */
  bindingOf(identifier: SyntaxNode): Binding | null {
    const binding = this.tables.bindingOfNode[identifier.index]!
    return binding > 0 ? this.bindingAt(binding - 1) : null
  }

  /** Whether the identifier is read as a variable that nothing in the file binds. */
  isUnbound(identifier: SyntaxNode): boolean {
    return this.tables.bindingOfNode[identifier.index] === -1
  }

  /** Whether the identifier means one of Python's builtins: nothing in the file shadows it. A star import could. */
  isBuiltin(identifier: SyntaxNode): boolean {
    return this.isUnbound(identifier) && BUILTIN_NAMES.has(identifier.text)
  }

  /** Identifiers that are read but bound nowhere in the file, and are neither builtins nor names such as `__name__`. */
  get unresolved(): readonly IdentifierNode[] {
    const { tree, referenceNodes, referenceBindings } = this.tables
    return referenceNodes
      .filter((_, r) => referenceBindings[r] === -1)
      .map((index) => tree.node(index) as IdentifierNode)
      .filter((node) => !BUILTIN_NAMES.has(node.text) && !MODULE_NAMES.has(node.text))
  }

  /** The scope of this number in the tables. */
  at(index: number): Scope {
    return (this.#scopes[index] ??= new Scope(this, index))
  }

  /** The binding of this number in the tables. */
  bindingAt(index: number): Binding {
    return (this.#bindings[index] ??= new Binding(this, index))
  }

  /** The definition of this number in the tables. */
  definitionAt(index: number): Definition {
    return (this.#definitions[index] ??= new Definition(this, index))
  }

  /** The indexes of the identifiers that read a binding, in source order. */
  referencesOf(binding: number): readonly number[] {
    return (this.#referencesByBinding ??= groupReferences(this.tables))[binding] ?? []
  }

  get #scopeByNode(): ReadonlyMap<number, number> {
    return (this.#scopeByNodeMap ??= new Map(this.tables.scopeNodes.map((node, scope) => [node, scope])))
  }
  #scopeByNodeMap: ReadonlyMap<number, number> | undefined
}

/** A region of code with names of its own. */
export class Scope {
  readonly #scopes: Scopes
  readonly index: number
  #bindings: ReadonlyMap<string, Binding> | undefined

  constructor(scopes: Scopes, index: number) {
    this.#scopes = scopes
    this.index = index
  }

  get kind(): ScopeKind {
    return SCOPE_KINDS[this.#tables.scopeKinds[this.index]!]!
  }

  /** The node that makes the scope: module, class, function, lambda, comprehension, or list of type parameters. */
  get node(): PythonNode {
    return nodeAt(this.#tables.tree, this.#tables.scopeNodes[this.index]!)
  }

  /** The scope around; `null` for the module. */
  get parent(): Scope | null {
    const parent = this.#tables.scopeParents[this.index]!
    return parent < 0 ? null : this.#scopes.at(parent)
  }

  /** The names that this scope holds, in order of their first definition. */
  get bindings(): ReadonlyMap<string, Binding> {
    return (this.#bindings ??= this.#makeBindings())
  }

  /** What a name means in code of this scope, by Python's rules; `null` for builtins and unknown names. */
  lookup(name: string): Binding | null {
    const id = this.#tables.names.find(name)
    const binding = id < 0 ? -1 : this.#tables.lookup(this.index, id, Infinity)
    return binding < 0 ? null : this.#scopes.bindingAt(binding)
  }

  /** The nearest function or lambda scope, this one included; `null` at module or class level. Comprehensions are looked through. */
  get function(): Scope | null {
    return enclosing(this, ['function', 'lambda'], ['class'])
  }

  /** The nearest class scope, looking outward from this one (itself included). */
  get enclosingClass(): Scope | null {
    return enclosing(this, ['class'], [])
  }

  get #tables(): ScopeTables {
    return this.#scopes.tables
  }

  #makeBindings(): ReadonlyMap<string, Binding> {
    const { names, scopeBindings } = this.#tables
    const bindings = new Map<string, Binding>()
    for (const [name, binding] of scopeBindings[this.index] ?? []) bindings.set(names.string(name), this.#scopes.bindingAt(binding))
    return bindings
  }
}

/** A name in a scope with all that defines and reads it. */
export class Binding {
  readonly #scopes: Scopes
  readonly index: number
  #definitions: readonly Definition[] | undefined
  #onlyDefinition: Definition | null | undefined

  constructor(scopes: Scopes, index: number) {
    this.#scopes = scopes
    this.index = index
  }

  get name(): string {
    const { names, bindingNames } = this.#scopes.tables
    return names.string(bindingNames[this.index]!)
  }

  /** The scope that holds the name. */
  get scope(): Scope {
    return this.#scopes.at(this.#scopes.tables.bindingScopes[this.index]!)
  }

  /** In source order. */
  get definitions(): readonly Definition[] {
    return (this.#definitions ??= this.#scopes.tables.bindingDefinitions[this.index]!.map((definition) => this.#scopes.definitionAt(definition)))
  }

  /** The identifiers that read the name, in source order. `x += 1` reads `x` too. */
  get references(): readonly IdentifierNode[] {
    const { tree } = this.#scopes.tables
    return this.#scopes.referencesOf(this.index).map((index) => tree.node(index) as IdentifierNode)
  }

  /** The only definition that gives the name a value; `null` if there are several. `del x` and a bare `x: int` give none. */
  get onlyDefinition(): Definition | null {
    if (this.#onlyDefinition === undefined) {
      const definitions = this.definitions.filter(({ kind }) => kind !== 'delete' && kind !== 'annotation')
      this.#onlyDefinition = definitions.length === 1 ? definitions[0]! : null
    }
    return this.#onlyDefinition
  }
}

/** One place that binds a name. */
export class Definition {
  readonly #scopes: Scopes
  readonly index: number
  #conditions: Conditions | undefined

  constructor(scopes: Scopes, index: number) {
    this.#scopes = scopes
    this.index = index
  }

  get kind(): DefinitionKind {
    return DEFINITION_KINDS[this.#tables.definitionKinds[this.index]!]!
  }

  /** The identifier that is bound; of `import a.b` it is the `a`. */
  get name(): IdentifierNode {
    return nodeAt(this.#tables.tree, this.#tables.definitionIdentifiers[this.index]!) as IdentifierNode
  }

  /**
   * The construct that binds: the function or class; the `assignment`, `augmented_assignment`, `named_expression`, `for_statement`,
   * `for_in_clause`, `delete_statement` or `type_alias_statement`; for an import the `dotted_name` or `aliased_import` with the name; for a
   * parameter the parameter; for `with` and `except` the `as_pattern`; for a `match` capture the pattern.
   */
  get node(): PythonNode {
    return nodeAt(this.#tables.tree, this.#tables.definitionNodes[this.index]!)
  }

  /** The expression that a plain assignment, `:=` or `type` statement binds to the name; `null` for all else, also for unpacking. */
  get value(): PythonNode | null {
    const value = this.#tables.definitionValues[this.index]!
    return value < 0 ? null : nodeAt(this.#tables.tree, value)
  }

  /** The annotation that stands right at the definition. */
  get annotation(): TypeNode | null {
    return this.node.field('type') as TypeNode | null
  }

  /** The scope in which the definition is executed: for `global x` in a function, the function. */
  get scope(): Scope {
    return this.#scopes.at(this.#tables.definitionScopes[this.index]!)
  }

  /** Under `if TYPE_CHECKING:`. */
  get typeChecking(): boolean {
    return this.#when.typeChecking
  }

  /** In a branch, a loop, a `try`, a handler or a `case` of its scope: not executed in every run. */
  get conditional(): boolean {
    return this.#when.conditional
  }

  /** The second choice of two: in an `except`, or in the `else` of a test for `TYPE_CHECKING`, version or platform. */
  get fallback(): boolean {
    return this.#when.fallback
  }

  /** In a `try` that goes on after an `ImportError`. */
  get optional(): boolean {
    return this.#when.optional
  }

  get #when(): Conditions {
    const { tree, kinds, definitionNodes, definitionScopes, scopeNodes } = this.#tables
    return (this.#conditions ??= conditionsOf(tree, kinds, definitionNodes[this.index]!, scopeNodes[definitionScopes[this.index]!]!))
  }

  get #tables(): ScopeTables {
    return this.#scopes.tables
  }
}

/** A node that makes a function-like scope. */
export type FunctionNode = FunctionDefinitionNode | LambdaNode
export type ScopeNode = FunctionNode | ClassDefinitionNode

/** The nearest scope of one of the kinds, looking outward from `scope`, itself included; `null` if one of the `barriers` comes first. */
function enclosing(scope: Scope, kinds: readonly ScopeKind[], barriers: readonly ScopeKind[]): Scope | null {
  let current: Scope | null = scope
  while (current && !kinds.includes(current.kind)) current = barriers.includes(current.kind) ? null : current.parent
  return current
}

function nodeAt(tree: FlatTree, index: number): PythonNode {
  return tree.node(index) as PythonNode
}

function groupReferences({ referenceBindings, referenceNodes }: ScopeTables): readonly (readonly number[] | undefined)[] {
  const groups: (number[] | undefined)[] = []
  for (let r = 0; r < referenceNodes.length; r++) {
    const binding = referenceBindings[r]!
    if (binding >= 0) (groups[binding] ??= []).push(referenceNodes[r]!)
  }
  return groups
}
