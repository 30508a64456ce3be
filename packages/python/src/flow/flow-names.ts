import type { IdentifierNode } from '../generated/nodes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { Binding, Definition, Scopes } from '../scopes/scopes.ts'
import type { DominatorTree } from './dominators.ts'
import type { FileNames } from './file-names.ts'
import type { FlowGraph } from './graph.ts'
import { definingPoints, nameEvents } from './name-events.ts'
import type { EventColumns, NameEvents } from './name-events.ts'
import { NameValues } from './name-values.ts'
import type { Reaching } from './name-values.ts'
import { beginning, edgeTest } from './paths.ts'
import type { PathOptions, Where } from './paths.ts'
import { placesOf } from './place.ts'
import { FOUND, GO_ON, STOP, search } from './search.ts'
import type { FlowViews } from './views.ts'

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
  readonly #files: FileNames
  readonly #scopes: Scopes
  readonly #events: NameEvents
  readonly #values: NameValues

  constructor(graph: FlowGraph, tree: DominatorTree, files: FileNames, scopes: Scopes) {
    this.#graph = graph
    this.#files = files
    this.#scopes = scopes
    this.#events = nameEvents(graph, files)
    this.#values = new NameValues(graph, tree, this.#events, (binding) => files.isLocal(binding, graph.root))
  }

  definitionsOf(name: IdentifierNode): ReachingDefinitions {
    const { bindingOfNode } = this.#files.tables
    const binding = bindingOfNode[name.index]! - 1
    if (binding < 0) return { definitions: [], unbound: false, elsewhere: true }
    const { points } = placesOf(this.#graph, name.index)
    const isReading = this.#files.isReference(name.index)
    return this.#describe(
      binding,
      isReading ? this.#values.reachingReading(name.index, points) : this.#values.reachingPoints(binding, points),
    )
  }

  definitionsAt(binding: Binding, points: readonly number[]): ReachingDefinitions {
    return this.#describe(binding.index, this.#values.reachingPoints(binding.index, points))
  }

  readsOf(definition: Definition): ReachedReads {
    const { tables } = this.#files
    const binding = tables.definitionBindings[definition.index]!
    const points = definingPoints(this.#graph, tables.definitionKinds[definition.index]!, tables.definitionIdentifiers[definition.index]!)
    const reads = this.#values.readingsOf(definition.index, points)
    return { reads: reads.map((index) => tables.tree.node(index) as IdentifierNode), elsewhere: this.#isReadElsewhere(binding) }
  }

  isReadAfter(views: FlowViews, place: Where, binding: Binding, options: PathOptions): boolean {
    if (this.#isReadElsewhere(binding.index)) return true
    const name = this.#events.nameOfBinding.get(binding.index)
    if (name === undefined) return false
    const { readings, definings } = this.#events
    const visit = (point: number) => {
      if (hasName(readings, point, name)) return FOUND
      return hasName(definings, point, name) ? STOP : GO_ON
    }
    const allows = edgeTest(views, options)
    const { starts, edges } = beginning(this.#graph, place, options.outcome)
    return search({ graph: this.#graph, visit, allows }, starts, edges.filter(allows)) !== null
  }

  #describe(binding: number, { definitions, unbound, initial }: Reaching): ReachingDefinitions {
    const isReached = definitions.length > 0 || unbound || initial
    return {
      definitions: definitions.map((definition) => this.#scopes.definitionAt(definition)),
      unbound,
      elsewhere: initial || (isReached && this.#files.isBoundElsewhere(binding)),
    }
  }

  #isReadElsewhere(binding: number): boolean {
    const { bindingScopes, scopeKinds } = this.#files.tables
    const kind = scopeKinds[bindingScopes[binding]!]
    if (kind === S.MODULE_SCOPE || kind === S.CLASS_SCOPE) return true
    return !this.#files.isLocal(binding, this.#graph.root) || this.#files.isReadElsewhere(binding)
  }
}

function hasName({ starts, names }: EventColumns, point: number, name: number): boolean {
  for (let at = starts[point]!; at < starts[point + 1]!; at++) if (names[at] === name) return true
  return false
}
