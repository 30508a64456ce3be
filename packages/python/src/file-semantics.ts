import type { FlatTree, SyntaxNode } from '@krait/core'
import { functionKey } from './facts/function-keys.ts'
import { Guards } from './facts/guards.ts'
import { instanceAttributesOf } from './facts/instance-attributes.ts'
import type { InstanceAttributes } from './facts/instance-attributes.ts'
import { moduleMembers } from './facts/module-fact.ts'
import type { MemberFact } from './facts/module-fact-types.ts'
import { FileFlows } from './flow/file-flows.ts'
import type { Flow } from './flow/flow.ts'
import { importedModules } from './names/imported-modules.ts'
import { LocalNames } from './names/local-names.ts'
import { analyseScopes } from './scopes/link.ts'
import type { ScopeTables } from './scopes/scope-tables.ts'
import { FUNCTION_SCOPE } from './scopes/scope-tables.ts'
import { Scopes } from './scopes/scopes.ts'
import type { PythonNode } from './syntax/node.ts'
import { NodesByCode } from './syntax/nodes-by-code.ts'
import { Summariser } from './values/summarise.ts'

/** What one file alone tells: its scopes, its names relative to itself, its values. Fact collectors get this as `services`. */
export class FileSemantics {
  #scopes: Scopes | undefined
  #names: LocalNames | undefined
  #summariser: Summariser | undefined
  #tables: ScopeTables | undefined
  #imported: ReadonlySet<string> | undefined
  #scopeByNode: ReadonlyMap<number, number> | undefined
  #flows: FileFlows | undefined
  #guards: Guards | undefined
  #instanceAttributes: InstanceAttributes | undefined
  #members: Readonly<Record<string, MemberFact>> | undefined

  #nodes: NodesByCode | undefined
  /** By scope, as far as known; see `functionKey`. */
  readonly functionKeys: (string | undefined)[] = []

  constructor(readonly tree: FlatTree) {}

  /** The nodes of some of the kinds that facts look for, by their codes, in source order. */
  nodesOf(...codes: readonly number[]): readonly number[] {
    return (this.#nodes ??= new NodesByCode(this.tree, this.tables.kinds)).of(...codes)
  }

  /** The scopes as columns of numbers. */
  get tables(): ScopeTables {
    return (this.#tables ??= analyseScopes(this.tree))
  }

  get scopes(): Scopes {
    return (this.#scopes ??= new Scopes(this.tables))
  }

  /** Qualified names relative to the file. */
  get names(): LocalNames {
    return (this.#names ??= new LocalNames(this.tables))
  }

  /** Values with names relative to the file. */
  get values(): Summariser {
    return (this.#summariser ??= new Summariser(this.tables, this.names))
  }

  /** What the module defines, see `ModuleFact`: several facts tell some of it. */
  get members(): Readonly<Record<string, MemberFact>> {
    return (this.#members ??= moduleMembers(this))
  }

  /** The attributes that methods give to their instances. */
  get instanceAttributes(): InstanceAttributes {
    return (this.#instanceAttributes ??= instanceAttributesOf(this))
  }

  /** What stops exceptions, function by function. */
  get guards(): Guards {
    return (this.#guards ??= new Guards(this))
  }

  /** The control flow of a piece of code, as far as the file alone tells; see `FileFlows.flow`. Rules have `context.flow`, which knows more. */
  flow(node: SyntaxNode): Flow {
    return (this.#flows ??= new FileFlows(this)).flow(node)
  }

  /** The functions and methods by their keys, see `functionKey`: `load`, `Order.cancel`. Of several with one key the last one. */
  get functions(): ReadonlyMap<string, PythonNode> {
    const { scopeKinds, scopeNodes } = this.tables
    const found = new Map<string, PythonNode>()
    for (const [scope, kind] of scopeKinds.entries()) {
      if (kind === FUNCTION_SCOPE) found.set(functionKey(this, scope), this.tree.node(scopeNodes[scope]!) as PythonNode)
    }
    return found
  }

  /** Whether the file imports a module, something from it, or a submodule, by its own name. */
  imports(module: string): boolean {
    return (this.#imported ??= importedModules(this.tree)).has(module)
  }

  /** The number of the scope that a node makes, or -1. */
  scopeMadeBy(node: number): number {
    this.#scopeByNode ??= new Map(this.tables.scopeNodes.map((index, scope) => [index, scope]))
    return this.#scopeByNode.get(node) ?? -1
  }
}

const semantics = new WeakMap<FlatTree, FileSemantics>()

/** The semantics of a tree: the same object for fact collectors and rules. */
export function semanticsOf(tree: FlatTree): FileSemantics {
  let found = semantics.get(tree)
  if (!found) semantics.set(tree, (found = new FileSemantics(tree)))
  return found
}
