import * as S from '../scopes/scope-tables.ts'
import type { ScopeTables } from '../scopes/scope-tables.ts'

/** Which code executes each definition and each reading of a name of a file. */
export class FileNames {
  readonly tables: ScopeTables
  /** The node whose graph executes the code of each scope. */
  readonly #rootOfScope: readonly number[]
  #definitionsByRoot: ReadonlyMap<number, readonly number[]> | undefined
  #referencesByRoot: ReadonlyMap<number, readonly number[]> | undefined
  #sharing: Uint8Array | undefined
  #references: ReadonlySet<number> | undefined

  constructor(tables: ScopeTables) {
    this.tables = tables
    this.#rootOfScope = rootsOfScopes(tables)
  }

  /** The module, function, class or lambda that executes the code at a node; for one of those, the code around it. */
  rootAround(node: number): number {
    return this.#rootOfScope[this.tables.scopeAt(node)]!
  }

  /** Whether an identifier reads a name. */
  isReference(identifier: number): boolean {
    return (this.#references ??= new Set(this.tables.referenceNodes)).has(identifier)
  }

  /** Whether the name lives in the code of this node, and nowhere outside. */
  isLocal(binding: number, root: number): boolean {
    return this.#rootOfScope[this.tables.bindingScopes[binding]!] === root
  }

  /** The definitions that the code of this node executes. */
  definitionsIn(root: number): readonly number[] {
    const { definitionScopes } = this.tables
    this.#definitionsByRoot ??= group(definitionScopes.length, (definition) => this.#rootOfScope[definitionScopes[definition]!]!)
    return this.#definitionsByRoot.get(root) ?? []
  }

  /** The positions in the tables of the references that the code of this node reads. */
  referencesIn(root: number): readonly number[] {
    const { referenceScopes } = this.tables
    this.#referencesByRoot ??= group(referenceScopes.length, (reference) => this.#rootOfScope[referenceScopes[reference]!]!)
    return this.#referencesByRoot.get(root) ?? []
  }

  /** Whether other code than that which holds the name binds it: by `global` or `nonlocal`, or a walrus in the code around. */
  isBoundElsewhere(binding: number): boolean {
    return (this.#sharingOf(binding) & BOUND_ELSEWHERE) !== 0
  }

  /** Whether other code than that which holds the name reads it. */
  isReadElsewhere(binding: number): boolean {
    return (this.#sharingOf(binding) & READ_ELSEWHERE) !== 0
  }

  #sharingOf(binding: number): number {
    return (this.#sharing ??= this.#findSharing())[binding]!
  }

  #findSharing(): Uint8Array {
    const { bindingScopes, definitionBindings, definitionScopes, definitionKinds, referenceBindings, referenceScopes } = this.tables
    const roots = this.#rootOfScope
    const sharing = new Uint8Array(bindingScopes.length)
    for (let d = 0; d < definitionScopes.length; d++) {
      const binding = definitionBindings[d]!
      const isElsewhere = roots[definitionScopes[d]!] !== roots[bindingScopes[binding]!]
      if (isElsewhere && definitionKinds[d] !== S.ANNOTATION) sharing[binding]! |= BOUND_ELSEWHERE
    }
    for (let r = 0; r < referenceScopes.length; r++) {
      const binding = referenceBindings[r]!
      if (binding >= 0 && roots[referenceScopes[r]!] !== roots[bindingScopes[binding]!]) sharing[binding]! |= READ_ELSEWHERE
    }
    return sharing
  }
}

const BOUND_ELSEWHERE = 1
const READ_ELSEWHERE = 2

/** Comprehensions run in the code around them, and type parameters belong to it. */
function rootsOfScopes({ scopeKinds, scopeNodes, scopeParents }: ScopeTables): readonly number[] {
  const roots: number[] = []
  for (let scope = 0; scope < scopeKinds.length; scope++) {
    const kind = scopeKinds[scope]!
    const runsAround = kind === S.COMPREHENSION_SCOPE || kind === S.TYPE_PARAMETERS_SCOPE
    roots.push(runsAround ? roots[scopeParents[scope]!]! : scopeNodes[scope]!)
  }
  return roots
}

function group(count: number, keyOf: (item: number) => number): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>()
  for (let item = 0; item < count; item++) {
    const key = keyOf(item)
    const found = groups.get(key)
    if (found) found.push(item)
    else groups.set(key, [item])
  }
  return groups
}
