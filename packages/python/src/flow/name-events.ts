import * as S from '../scopes/scope-tables.ts'
import type { FileNames } from './file-names.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { ownPoints, placesOf } from './place.ts'

/** Stands for a definition that takes the name away: `del`, and the end of `except ... as`. */
export const UNBINDS = -1

/** Where the names of a graph are read, bound and unbound. */
export interface NameEvents {
  /** The bindings that occur; their positions are what the other columns call names. */
  readonly bindings: readonly number[]
  readonly nameOfBinding: ReadonlyMap<number, number>
  /** Each reading: identifier and name, by point. Reading comes before binding at the same point. */
  readonly readings: EventColumns
  /** Each binding: definition (or `UNBINDS`) and name, by point. */
  readonly definings: EventColumns
}

/** Events grouped by point: those of point `p` are `starts[p]` up to, not including, `starts[p + 1]`. */
export interface EventColumns {
  readonly starts: Int32Array
  readonly subjects: Int32Array
  readonly names: Int32Array
}

/** Collects what happens to names in a graph. */
export function nameEvents(graph: FlowGraph, files: FileNames): NameEvents {
  const { tables } = files
  const bindings: number[] = []
  const nameOfBinding = new Map<number, number>()
  const nameOf = (binding: number) => {
    let name = nameOfBinding.get(binding)
    if (name === undefined) nameOfBinding.set(binding, (name = bindings.push(binding) - 1))
    return name
  }
  const definings = new Events()
  /** The `as` names of handlers by clause. */
  const aliases = new Map<number, number[]>()
  for (const definition of files.definitionsIn(graph.root)) {
    const kind = tables.definitionKinds[definition]!
    if (kind === S.ANNOTATION) continue
    const name = nameOf(tables.definitionBindings[definition]!)
    const subject = kind === S.DELETE ? UNBINDS : definition
    const points = definingPoints(graph, kind, tables.definitionIdentifiers[definition]!)
    for (const point of points) definings.add(point, subject, name)
    if (kind !== S.EXCEPT || points.length === 0) continue
    const clause = graph.pointNodes[points[0]!]!
    aliases.set(clause, [...(aliases.get(clause) ?? []), name])
  }
  for (let point = 0; point < graph.pointCount; point++) {
    if (graph.pointRoles[point] !== G.UNBIND) continue
    for (const name of aliases.get(graph.pointNodes[point]!) ?? []) definings.add(point, UNBINDS, name)
  }
  const readings = new Events()
  for (const reference of files.referencesIn(graph.root)) {
    const binding = tables.referenceBindings[reference]!
    if (binding < 0) continue
    const node = tables.referenceNodes[reference]!
    const name = nameOf(binding)
    for (const point of placesOf(graph, node).points) readings.add(point, node, name)
  }
  return { bindings, nameOfBinding, readings: readings.byPoint(graph.pointCount), definings: definings.byPoint(graph.pointCount) }
}

/** The points at which the name of a definition is bound: those of the nearest node that has any, from the identifier outwards. */
export function definingPoints(graph: FlowGraph, kind: number, identifier: number): readonly number[] {
  const { tree, root } = graph
  if (kind === S.PARAMETER) return [G.ENTRY]
  for (let up = identifier; up > root; up = tree.parent[up]!) {
    const points = ownPoints(graph, up)
    if (points.length > 0) return points
  }
  return []
}

class Events {
  readonly #points: number[] = []
  readonly #subjects: number[] = []
  readonly #names: number[] = []

  add(point: number, subject: number, name: number): void {
    this.#points.push(point)
    this.#subjects.push(subject)
    this.#names.push(name)
  }

  byPoint(pointCount: number): EventColumns {
    const starts = new Int32Array(pointCount + 1)
    for (const point of this.#points) starts[point + 1]!++
    for (let point = 0; point < pointCount; point++) starts[point + 1]! += starts[point]!
    const free = starts.slice()
    const subjects = new Int32Array(this.#points.length)
    const names = new Int32Array(this.#points.length)
    for (const [event, point] of this.#points.entries()) {
      const at = free[point]!++
      subjects[at] = this.#subjects[event]!
      names[at] = this.#names[event]!
    }
    return { starts, subjects, names }
  }
}
