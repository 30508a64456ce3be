import type { FlatTree } from '@krait/core'
import { kindTableOf } from './kind-codes.ts'
import { ScopeScan } from './scan.ts'
import * as S from './scope-tables.ts'
import type { ScopeTables } from './scope-tables.ts'

/** Finds the scopes of a tree and connects every reference with the binding it means. */
export function analyseScopes(tree: FlatTree): ScopeTables {
  const kinds = kindTableOf(tree.grammar)
  const scan = new ScopeScan(tree, kinds)
  return new LinkedTables(tree, kinds, scan)
}

class LinkedTables implements ScopeTables {
  readonly tree: FlatTree
  readonly kinds: ScopeTables['kinds']
  readonly names: ScopeTables['names']
  readonly scopeKinds: readonly number[]
  readonly scopeNodes: readonly number[]
  readonly scopeParents: readonly number[]
  readonly scopeBindings: (Map<number, number> | undefined)[]
  readonly definitionKinds: readonly number[]
  readonly definitionIdentifiers: readonly number[]
  readonly definitionNodes: readonly number[]
  readonly definitionValues: readonly number[]
  readonly definitionScopes: readonly number[]
  readonly definitionBindings: Int32Array
  readonly referenceNodes: readonly number[]
  readonly referenceScopes: readonly number[]
  readonly referenceBindings: Int32Array
  readonly bindingScopes: number[] = []
  readonly bindingNames: number[] = []
  readonly bindingDefinitions: number[][] = []
  readonly starImports: readonly number[]
  readonly bindingOfNode: Int32Array
  /** Scope + 1 by node index. */
  readonly #scopeOfNode: Int32Array
  readonly #scan: ScopeScan

  constructor(tree: FlatTree, kinds: ScopeTables['kinds'], scan: ScopeScan) {
    this.tree = tree
    this.kinds = kinds
    this.names = scan.names
    this.scopeKinds = scan.scopeKinds
    this.scopeNodes = scan.scopeNodes
    this.scopeParents = scan.scopeParents
    this.scopeBindings = new Array<Map<number, number> | undefined>(scan.scopeKinds.length)
    this.definitionKinds = scan.definitionKinds
    this.definitionIdentifiers = scan.definitionIdentifiers
    this.definitionNodes = scan.definitionNodes
    this.definitionValues = scan.definitionValues
    this.definitionScopes = scan.definitionScopes
    this.definitionBindings = new Int32Array(scan.definitionKinds.length)
    this.referenceNodes = scan.referenceNodes
    this.referenceScopes = scan.referenceScopes
    this.referenceBindings = new Int32Array(scan.referenceNodes.length)
    this.starImports = scan.starImports
    this.bindingOfNode = new Int32Array(tree.size)
    this.#scan = scan
    this.#scopeOfNode = scopesOfNodes(tree, scan)
    this.#bindDefinitions()
    this.#bindReferences()
  }

  scopeAt(index: number): number {
    return index < 0 ? 0 : this.#scopeOfNode[index]! - 1
  }

  lookup(scope: number, name: number, position: number): number {
    const { scopeKinds, scopeParents, scopeBindings } = this
    const scan = this.#scan
    // A class body is seen from itself and from type parameters and annotations right inside it, not from functions in it.
    let seesClass = true
    for (let s = scope; s >= 0; s = scopeParents[s]!) {
      if (scopeKinds[s] === S.CLASS_SCOPE && !seesClass) continue
      if (scan.globals[s]?.has(name)) return this.#own(0, name)
      const binding = scan.nonlocals[s]?.has(name) ? undefined : scopeBindings[s]?.get(name)
      if (binding !== undefined) {
        if (scopeKinds[s] === S.CLASS_SCOPE && s === scope && !this.#isBoundBefore(binding, position)) return this.#own(0, name)
        return binding
      }
      if (scopeKinds[s] !== S.TYPE_PARAMETERS_SCOPE) seesClass = false
    }
    return -1
  }

  #bindDefinitions(): void {
    const { definitionTargets, definitionNames } = this.#scan
    const count = definitionTargets.length
    const nonlocal: number[] = []
    for (let d = 0; d < count; d++) {
      const scope = definitionTargets[d]!
      const name = definitionNames[d]!
      if (this.#scan.nonlocals[scope]?.has(name)) nonlocal.push(d)
      else this.#bindDefinition(d, this.#scan.globals[scope]?.has(name) ? 0 : scope, name)
    }
    for (const d of nonlocal) this.#bindDefinition(d, this.#functionScopeOf(definitionTargets[d]!, definitionNames[d]!), definitionNames[d]!)
    if (nonlocal.length > 0) for (const definitions of this.bindingDefinitions) definitions.sort((a, b) => a - b)
  }

  #bindDefinition(definition: number, scope: number, name: number): void {
    const bindings = (this.scopeBindings[scope] ??= new Map<number, number>())
    let binding = bindings.get(name)
    if (binding === undefined) {
      binding = this.bindingScopes.length
      bindings.set(name, binding)
      this.bindingScopes.push(scope)
      this.bindingNames.push(name)
      this.bindingDefinitions.push([definition])
    } else {
      this.bindingDefinitions[binding]!.push(definition)
    }
    this.definitionBindings[definition] = binding
    this.bindingOfNode[this.definitionIdentifiers[definition]!] = binding + 1
  }

  /** The enclosing function scope that `nonlocal name` in `scope` means; where there is none, `scope` itself. */
  #functionScopeOf(scope: number, name: number): number {
    for (let s = this.scopeParents[scope]!; s > 0; s = this.scopeParents[s]!) {
      if (this.scopeKinds[s] === S.CLASS_SCOPE || this.#scan.nonlocals[s]?.has(name)) continue
      if (this.scopeBindings[s]?.has(name)) return s
    }
    return scope
  }

  #bindReferences(): void {
    const { referenceNames, referenceNodes, referenceScopes } = this.#scan
    for (let r = 0; r < referenceNodes.length; r++) {
      const node = referenceNodes[r]!
      const binding = this.lookup(referenceScopes[r]!, referenceNames[r]!, this.tree.start[node]!)
      this.referenceBindings[r] = binding
      this.bindingOfNode[node] = binding < 0 ? -1 : binding + 1
    }
  }

  #own(scope: number, name: number): number {
    return this.scopeBindings[scope]?.get(name) ?? -1
  }

  /**
   * In a class body, `text = text("x")` reads the `text` of the module: a name is looked up in the class first and then among the globals,
   * while the program runs. Going by position is exact for straight-line bodies.
   */
  #isBoundBefore(binding: number, position: number): boolean {
    const { end } = this.tree
    return this.bindingDefinitions[binding]!.some((d) => end[this.#definitionEnd(d)]! <= position)
  }

  #definitionEnd(definition: number): number {
    const kind = this.definitionKinds[definition]!
    const isBoundAtOnce = kind === S.FOR || kind === S.WITH || kind === S.EXCEPT || kind === S.MATCH || kind === S.IMPORT
    return isBoundAtOnce ? this.definitionIdentifiers[definition]! : this.definitionNodes[definition]!
  }
}

/** Where nodes enter another scope, all below them do: a parent comes before its children. */
function scopesOfNodes({ parent, size }: FlatTree, { entered }: ScopeScan): Int32Array {
  if (entered[0] === 0) entered[0] = S.MODULE_SCOPE + 1
  for (let index = 1; index < size; index++) if (entered[index] === 0) entered[index] = entered[parent[index]!]!
  return entered
}
