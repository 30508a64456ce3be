import * as S from '../scopes/scope-tables.ts'
import type { FileNames } from './file-names.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { ownPoints, placesOf } from './place.ts'

/** Stands for a definition that takes the name away: `del`, and the end of `except ... as`. */
export const UNBINDS = -1

/** What happens to one name in a graph. At a point where it is read and bound, it is read first. */
export interface NameEvents {
  /** The definitions by their position in the scope tables, or `UNBINDS`, with the point of each. */
  readonly definitions: number[]
  readonly definingPoints: number[]
  /** The identifiers that read the name, with the point of each. */
  readonly readings: number[]
  readonly readingPoints: number[]
}

/** Collects what happens to each name, by binding. */
export function nameEvents(graph: FlowGraph, files: FileNames): ReadonlyMap<number, NameEvents> {
  const { tables } = files
  const names = new Map<number, NameEvents>()
  const eventsOf = (binding: number) => {
    let events = names.get(binding)
    if (!events) names.set(binding, (events = { definitions: [], definingPoints: [], readings: [], readingPoints: [] }))
    return events
  }
  /** The `as` names of handlers by clause. */
  const aliases = new Map<number, NameEvents[]>()
  for (const definition of files.definitionsIn(graph.root)) {
    const kind = tables.definitionKinds[definition]!
    if (kind === S.ANNOTATION) continue
    const events = eventsOf(tables.definitionBindings[definition]!)
    const points = definingPoints(graph, kind, tables.definitionIdentifiers[definition]!)
    for (const point of points) define(events, kind === S.DELETE ? UNBINDS : definition, point)
    if (kind !== S.EXCEPT || points.length === 0) continue
    const clause = graph.pointNodes[points[0]!]!
    aliases.set(clause, [...(aliases.get(clause) ?? []), events])
  }
  for (let point = 0; point < graph.pointCount; point++) {
    if (graph.pointRoles[point] !== G.UNBIND) continue
    for (const events of aliases.get(graph.pointNodes[point]!) ?? []) define(events, UNBINDS, point)
  }
  for (const reference of files.referencesIn(graph.root)) {
    const binding = tables.referenceBindings[reference]!
    if (binding < 0) continue
    const node = tables.referenceNodes[reference]!
    const events = eventsOf(binding)
    for (const point of placesOf(graph, node).points) {
      events.readings.push(node)
      events.readingPoints.push(point)
    }
  }
  return names
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

function define({ definitions, definingPoints: points }: NameEvents, definition: number, point: number): void {
  definitions.push(definition)
  points.push(point)
}
