import type { IdentifierNode } from '../generated/nodes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Binding, Definition, Scopes } from '../scopes/scopes.ts'
import { dominanceFrontiers } from './dominance-frontiers.ts'
import type { DominanceFrontiers } from './dominance-frontiers.ts'
import type { DominatorTree } from './dominators.ts'
import type { FileNames } from './file-names.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { nameEvents, UNBINDS } from './name-events.ts'
import type { NameEvents } from './name-events.ts'
import { NameValues } from './name-values.ts'
import type { NameContext } from './name-values.ts'
import { beginning, pointTest, searchPath } from './paths.ts'
import type { FlowPath, PathContext, PathOptions, Where } from './paths.ts'
import { placesOf } from './place.ts'
import { FOUND, GO_ON, STOP } from './search.ts'

/** What a name may mean at some place. */
export interface ReachingDefinitions {
  /** The definitions of this code whose value may be there, in the order of the source. Parameters are among them; `del x` and a bare `x: int` are not. */
  readonly definitions: readonly Definition[]
  /** Whether the name may have no value there: not yet assigned, or deleted by `del` or at the end of `except ... as`. */
  readonly unbound: boolean
  /** Whether the value may come from other code: a name of the code around, or one that other code assigns through `global` or `nonlocal`. */
  readonly elsewhere: boolean
}

/** Who may read the value of a definition. */
export interface ReachedReads {
  /** The identifiers of this code, in the order of the source. */
  readonly reads: readonly IdentifierNode[]
  /** Whether other code may read it: functions inside, or anyone if it is a name of a module or class. */
  readonly elsewhere: boolean
}

/** The names of one flow. */
export class FlowNames {
  readonly #graph: FlowGraph
  readonly #context: NameContext
  readonly #files: FileNames
  readonly #scopes: Scopes
  readonly #events: ReadonlyMap<number, NameEvents>
  readonly #values = new Map<number, NameValues>()

  constructor(graph: FlowGraph, tree: DominatorTree, files: FileNames, scopes: Scopes) {
    this.#graph = graph
    this.#context = new LazyContext(graph, tree)
    this.#files = files
    this.#scopes = scopes
    this.#events = nameEvents(graph, files)
  }

  definitionsOf(name: IdentifierNode): ReachingDefinitions {
    const binding = this.#files.tables.bindingOfNode[name.index]! - 1
    if (binding < 0) return { definitions: [], unbound: false, elsewhere: true }
    return this.#describe(binding, placesOf(this.#graph, name.index).points)
  }

  definitionsAt(binding: Binding, points: readonly number[]): ReachingDefinitions {
    return this.#describe(binding.index, points)
  }

  readsOf(definition: Definition): ReachedReads {
    const { tables } = this.#files
    const binding = tables.definitionBindings[definition.index]!
    const reads = this.#valuesOf(binding)?.readingsOf(definition.index) ?? []
    return { reads: reads.map((index) => tables.tree.node(index) as IdentifierNode), elsewhere: this.#isReadElsewhere(binding) }
  }

  isReadAfter(context: PathContext, place: Where, binding: Binding, options: PathOptions): boolean {
    if (this.#isReadElsewhere(binding.index)) return true
    const events = this.#events.get(binding.index)
    if (!events) return false
    const reading = new Set(events.readingPoints)
    const defining = new Set(events.definingPoints)
    const isAvoided = options.avoiding === undefined ? () => false : pointTest(context.views, options.avoiding)
    const visit = (point: number) => {
      if (isAvoided(point)) return STOP
      if (reading.has(point)) return FOUND
      return defining.has(point) ? STOP : GO_ON
    }
    return searchPath(context, visit, beginning(this.#graph, place, options.outcome), options) !== null
  }

  findUnboundPath(context: PathContext, name: IdentifierNode, options: PathOptions): FlowPath | null {
    const binding = this.#files.tables.bindingOfNode[name.index]! - 1
    const events = this.#events.get(binding)
    if (!events) return null
    const places = new Set(placesOf(this.#graph, name.index).points)
    const defining = new Set<number>()
    const unbinding: number[] = []
    for (const [i, point] of events.definingPoints.entries()) {
      if (events.definitions[i] === UNBINDS) unbinding.push(point)
      else defining.add(point)
    }
    const isAvoided = options.avoiding === undefined ? () => false : pointTest(context.views, options.avoiding)
    const visit = (point: number) => {
      if (isAvoided(point)) return STOP
      if (places.has(point)) return FOUND
      return defining.has(point) ? STOP : GO_ON
    }
    const beginsUnbound = this.#files.isLocal(binding, this.#graph.root) && !defining.has(G.ENTRY)
    const fromEntry = beginsUnbound ? searchPath(context, visit, { starts: [G.ENTRY], edges: [] }, options) : null
    if (fromEntry) return fromEntry
    const reached = unbinding.filter((point) => this.#context.tree.isReached(point)).map((point) => context.views.point(point))
    return searchPath(context, visit, beginning(this.#graph, reached, 'completed'), options)
  }

  /** The names that are bound or unbound at each point. */
  boundAt(): ReadonlyMap<number, readonly string[]> {
    const { names, bindingNames } = this.#files.tables
    const found = new Map<number, string[]>()
    for (const [binding, { definingPoints }] of this.#events) {
      const name = names.string(bindingNames[binding]!)
      for (const point of definingPoints) {
        const known = found.get(point)
        if (known) known.push(name)
        else found.set(point, [name])
      }
    }
    return found
  }

  #describe(binding: number, points: readonly number[]): ReachingDefinitions {
    const values = this.#valuesOf(binding)
    // What this code neither binds nor reads is what it was before.
    if (!values) return { definitions: [], unbound: false, elsewhere: true }
    const { definitions, unbound, initial } = values.before(points)
    const isReached = definitions.length > 0 || unbound || initial
    return {
      definitions: definitions.map((definition) => this.#scopes.definitionAt(definition)),
      unbound,
      elsewhere: initial || (isReached && this.#files.isBoundElsewhere(binding)),
    }
  }

  #valuesOf(binding: number): NameValues | undefined {
    let values = this.#values.get(binding)
    const events = this.#events.get(binding)
    if (!values && events) {
      values = new NameValues(this.#context, events, this.#files.isLocal(binding, this.#graph.root))
      this.#values.set(binding, values)
    }
    return values
  }

  #isReadElsewhere(binding: number): boolean {
    const { bindingScopes, scopeKinds } = this.#files.tables
    const kind = scopeKinds[bindingScopes[binding]!]
    if (kind === S.MODULE_SCOPE || kind === S.CLASS_SCOPE) return true
    return !this.#files.isLocal(binding, this.#graph.root) || this.#files.isReadElsewhere(binding)
  }
}

class LazyContext implements NameContext {
  readonly graph: FlowGraph
  readonly tree: DominatorTree
  #frontiers: DominanceFrontiers | undefined

  constructor(graph: FlowGraph, tree: DominatorTree) {
    this.graph = graph
    this.tree = tree
  }

  get frontiers(): DominanceFrontiers {
    return (this.#frontiers ??= dominanceFrontiers(this.graph, this.tree))
  }
}
