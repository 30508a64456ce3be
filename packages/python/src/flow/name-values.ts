import type { DominanceFrontiers } from './dominance-frontiers.ts'
import type { DominatorTree } from './dominators.ts'
import type { FlowGraph } from './graph.ts'
import { UNBINDS } from './name-events.ts'
import type { NameEvents } from './name-events.ts'

/** What can be the value of a name at some place, as the ways there tell. */
interface Reaching {
  /** The definitions, by their position in the scope tables, in order. */
  readonly definitions: readonly number[]
  /** Whether the name may have no value at all: never bound, deleted, or at the end of `except ... as`. */
  readonly unbound: boolean
  /** Whether the value may be that which the name had when the code began. */
  readonly initial: boolean
}

/** What the names of a graph share. */
export interface NameContext {
  readonly graph: FlowGraph
  readonly tree: DominatorTree
  /** Made when the first name needs it. */
  readonly frontiers: DominanceFrontiers
}

/** Something that gives the name a value: a definition, `UNBINDS`, or the meeting of several values. */
interface Source {
  readonly point: number
  /** Where the part of the dominator tree begins and ends in which the value holds, as far as no other source inside takes over. */
  readonly start: number
  readonly end: number
  readonly definition: number
  /** The sources whose values may meet here; `null` for a definition. */
  readonly candidates: Source[] | null
  /** The nearest source around, or `null`. */
  outer: Source | null
}

/**
 * The values that one name can have, in static single assignment form: each definition gives a value, and where different values meet, there is a
 * value of its own. Cytron, Ferrante, Rosen, Wegman and Zadeck, "Efficiently computing static single assignment form and the control dependence
 * graph" (1991). It stays small where sets of definitions by point would grow with the square of the code.
 */
export class NameValues {
  readonly #context: NameContext
  readonly #events: NameEvents
  readonly #beginsUnbound: boolean
  /** In the order of the dominator tree. */
  #sources: readonly Source[]
  #hasMeetings: boolean
  readonly #reaching = new Map<Source | null, Reaching>()
  #users: ReadonlyMap<Source, Users> | undefined
  #sourcesByDefinition: ReadonlyMap<number, readonly Source[]> | undefined

  /** @param beginsUnbound whether nobody has bound the name before the code begins */
  constructor(context: NameContext, events: NameEvents, beginsUnbound: boolean) {
    this.#context = context
    this.#events = events
    this.#beginsUnbound = beginsUnbound
    this.#sources = nest(this.#definingSources())
    this.#hasMeetings = this.#sources.length === 0
  }

  /** What the name can be right before some points are executed. */
  before(points: readonly number[]): Reaching {
    const { tree } = this.#context
    const all = points.filter((point) => tree.isReached(point)).map((point) => this.#reachingOf(this.#sourceBefore(point)))
    if (all.length === 1) return all[0]!
    return {
      definitions: sorted(new Set(all.flatMap(({ definitions }) => definitions))),
      unbound: all.some(({ unbound }) => unbound),
      initial: all.some(({ initial }) => initial),
    }
  }

  /** The identifiers that can read the value which a definition gives, in order. */
  readingsOf(definition: number): readonly number[] {
    this.#users ??= this.#findUsers()
    this.#sourcesByDefinition ??= byDefinition(this.#sources)
    const reached = new Set(this.#sourcesByDefinition.get(definition))
    const found = new Set<number>()
    // What is added to a set while it is gone through is gone through too.
    for (const source of reached) {
      for (const reading of this.#users.get(source)?.readings ?? []) found.add(reading)
      for (const meeting of this.#users.get(source)?.meetings ?? []) reached.add(meeting)
    }
    return sorted(found)
  }

  /** The source of the value that holds when control comes to a point; `null` for the value from before the code. */
  #sourceBefore(point: number): Source | null {
    const { tree } = this.#context
    const position = tree.positionOf(point)
    if (!this.#hasMeetings) {
      // Where every way leads through the only definition, nothing can meet.
      const [only, ...others] = this.#sources
      if (others.length === 0 && only!.definition !== UNBINDS && position > only!.start && position < only!.end) return only!
      this.#sources = nest([...this.#sources, ...this.#findMeetings()])
      this.#hasMeetings = true
    }
    const sources = this.#sources
    let low = 0
    let high = sources.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const { start, candidates } = sources[middle]!
      // Values meet before the point is executed, and definitions count behind it.
      if (start < position || (start === position && candidates !== null)) low = middle + 1
      else high = middle
    }
    let source = low > 0 ? sources[low - 1]! : null
    while (source && source.end <= position) source = source.outer
    return source
  }

  #reachingOf(first: Source | null): Reaching {
    const known = this.#reaching.get(first)
    if (known) return known
    const definitions = new Set<number>()
    let unbound = false
    let begins = false
    const seen = new Set([first])
    for (const source of seen) {
      if (source === null) begins = true
      else if (source.candidates) for (const part of this.#partsOf(source, source.candidates)) seen.add(part)
      else if (source.definition === UNBINDS) unbound = true
      else definitions.add(source.definition)
    }
    const found = {
      definitions: sorted(definitions),
      unbound: unbound || (begins && this.#beginsUnbound),
      initial: begins && !this.#beginsUnbound,
    }
    this.#reaching.set(first, found)
    return found
  }

  /**
   * The values that meet in one.
   *
   * They are not noted edge by edge: the handler of a long `try` body has an edge from each point of it, for each name that the body assigns. Instead,
   * a source comes to the meeting if one of the edges there begins at a point that it dominates, and that no source further down dominates.
   */
  #partsOf(meeting: Source, candidates: Source[]): readonly (Source | null)[] {
    const arrivals = this.#arrivalsAt(meeting.point)
    const parts: (Source | null)[] = []
    /** The sources around the current one, with the number of arrivals that no other source takes. */
    const open: { readonly source: Source | null; left: number }[] = [{ source: meeting.outer, left: arrivals.length }]
    const close = () => {
      const { source, left } = open.pop()!
      if (left > 0) parts.push(source)
    }
    for (const source of candidates.sort(byPlace)) {
      while (open.length > 1 && open.at(-1)!.source!.end <= source.start) close()
      const count = lowerBound(arrivals, source.end) - lowerBound(arrivals, source.start)
      open.at(-1)!.left -= count
      open.push({ source, left: count })
    }
    while (open.length > 0) close()
    return parts
  }

  /** The places that define the name; of several definitions at one point the last. */
  #definingSources(): Source[] {
    const { tree } = this.#context
    const { definitions, definingPoints } = this.#events
    const byPoint = new Map<number, Source>()
    for (const [i, point] of definingPoints.entries()) {
      if (tree.isReached(point)) byPoint.set(point, this.#source(point, definitions[i]!, null))
    }
    return [...byPoint.values()]
  }

  /** Values meet at the dominance frontier of the definitions, and at that of these meetings. */
  #findMeetings(): readonly Source[] {
    const { starts, items } = this.#context.frontiers
    const meetings = new Map<number, Source>()
    const queue = [...this.#sources]
    for (const source of queue) {
      for (let at = starts[source.point]!; at < starts[source.point + 1]!; at++) {
        const point = items[at]!
        let meeting = meetings.get(point)
        if (!meeting) {
          meeting = this.#source(point, UNBINDS, [])
          meetings.set(point, meeting)
          queue.push(meeting)
        }
        meeting.candidates!.push(source)
      }
    }
    return [...meetings.values()]
  }

  #source(point: number, definition: number, candidates: Source[] | null): Source {
    const { tree } = this.#context
    const start = tree.positionOf(point)
    return { point, start, end: start + tree.sizes[point]!, definition, candidates, outer: null }
  }

  /** The positions in the dominator tree of the points from which edges lead to a point, sorted. */
  #arrivalsAt(point: number): Int32Array {
    const { graph, tree } = this.#context
    const edges = graph.incoming.subarray(graph.incomingStarts[point], graph.incomingStarts[point + 1])
    return edges.map((edge) => tree.positionOf(graph.edgeSources[edge]!)).filter((position) => position >= 0).sort()
  }

  #findUsers(): ReadonlyMap<Source, Users> {
    const users = new Map<Source, Users>()
    const usersOf = (source: Source) => {
      let found = users.get(source)
      if (!found) users.set(source, (found = { readings: [], meetings: [] }))
      return found
    }
    const { readings, readingPoints } = this.#events
    for (const [i, point] of readingPoints.entries()) {
      const source = this.#context.tree.isReached(point) ? this.#sourceBefore(point) : null
      if (source) usersOf(source).readings.push(readings[i]!)
    }
    for (const meeting of this.#sources) {
      if (!meeting.candidates) continue
      for (const part of this.#partsOf(meeting, meeting.candidates)) if (part) usersOf(part).meetings.push(meeting)
    }
    return users
  }
}

/** Who takes over a value: identifiers that read it, and meetings. */
interface Users {
  readonly readings: number[]
  readonly meetings: Source[]
}

function byDefinition(sources: readonly Source[]): ReadonlyMap<number, readonly Source[]> {
  const found = new Map<number, Source[]>()
  for (const source of sources) {
    if (source.candidates) continue
    const known = found.get(source.definition)
    if (known) known.push(source)
    else found.set(source.definition, [source])
  }
  return found
}

/** Sorts sources, and tells each which one is around it. */
function nest(sources: Source[]): readonly Source[] {
  const open: Source[] = []
  for (const source of sources.sort(byPlace)) {
    while (open.length > 0 && open.at(-1)!.end <= source.start) open.pop()
    source.outer = open.at(-1) ?? null
    open.push(source)
  }
  return sources
}

/** From outside; values meet before a definition at the same point. */
function byPlace(a: Source, b: Source): number {
  return a.start - b.start || Number(a.candidates === null) - Number(b.candidates === null)
}

function sorted(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((a, b) => a - b)
}

/** How many of the sorted numbers are smaller than `limit`. */
function lowerBound(numbers: Int32Array, limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
