import { DominatorTree } from './dominators.ts'
import * as G from './graph.ts'
import type { FlowGraph } from './graph.ts'
import { UNBINDS } from './name-events.ts'
import type { NameEvents } from './name-events.ts'

/** What can be the value of a name at some place, as the ways there tell. */
export interface Reaching {
  /** The definitions, by their position in the scope tables, in order. */
  readonly definitions: readonly number[]
  /** Whether the name may have no value at all: never bound, deleted, or at the end of `except ... as`. */
  readonly unbound: boolean
  /** Whether the value may be that which the name had when the code began: for names of other code. */
  readonly initial: boolean
}

/** What a value can be: the one from before, one that a definition gives, none, or one of several values that meet. */
const INITIAL = 0
const DEFINED = 1
const UNBOUND = 2
const MEETING = 3

/**
 * The values that names can have, in static single assignment form: each definition gives a value, and where different values of a name meet,
 * there is a value of its own. Cytron, Ferrante, Rosen, Wegman and Zadeck, "Efficiently computing static single assignment form and the control
 * dependence graph" (1991). It stays small where sets of definitions by point would grow with the square of the code.
 */
export class NameValues {
  readonly #graph: FlowGraph
  readonly #tree: DominatorTree
  readonly #events: NameEvents
  readonly #kinds: number[] = []
  /** The definition of each defined value; the name of each meeting one. */
  readonly #subjects: number[] = []
  /** What meets: pairs of value and next position in chains that begin in `#partHeads`. */
  readonly #partHeads: number[] = []
  readonly #parts: number[] = []
  /** The meeting values of each point, as chains. */
  readonly #meetingHeads: Int32Array
  readonly #nextMeetings: number[] = []
  /** The value of each reading, or -1 where control never comes. */
  readonly #valueOfReading: Int32Array
  /** The value of each defining. */
  readonly #valueOfDefining: Int32Array
  readonly #initialValues: Int32Array
  readonly #reaching = new Map<number, Reaching>()
  #users: readonly Users[] | undefined

  /** @param isLocal whether the name is bound by nobody before the code begins */
  constructor(graph: FlowGraph, tree: DominatorTree, events: NameEvents, isLocal: (binding: number) => boolean) {
    this.#graph = graph
    this.#tree = tree
    this.#events = events
    this.#valueOfReading = new Int32Array(events.readings.subjects.length).fill(-1)
    this.#valueOfDefining = new Int32Array(events.definings.subjects.length).fill(-1)
    this.#initialValues = Int32Array.from(events.bindings, (binding) => this.#addValue(isLocal(binding) ? UNBOUND : INITIAL, -1))
    this.#meetingHeads = new Int32Array(graph.pointCount).fill(-1)
    this.#placeMeetings()
    this.#walk()
  }

  /** What an identifier that reads a name can see. */
  reachingReading(identifier: number, points: readonly number[]): Reaching {
    const { starts, subjects } = this.#events.readings
    const values: number[] = []
    for (const point of points) {
      for (let at = starts[point]!; at < starts[point + 1]!; at++) {
        if (subjects[at] === identifier && this.#valueOfReading[at]! >= 0) values.push(this.#valueOfReading[at]!)
      }
    }
    return this.#reachingAll(values)
  }

  /** What a binding can be right before some points are executed. */
  reachingPoints(binding: number, points: readonly number[]): Reaching {
    const name = this.#events.nameOfBinding.get(binding)
    const reached = points.filter((point) => this.#tree.isReached(point))
    if (name === undefined) return { definitions: [], unbound: false, initial: reached.length > 0 }
    return this.#reachingAll(reached.map((point) => this.#valueBefore(point, name)))
  }

  /** The identifiers that can read the value of a definition. */
  readingsOf(definition: number, points: readonly number[]): readonly number[] {
    const { starts, subjects } = this.#events.definings
    const values: number[] = []
    for (const point of points) {
      for (let at = starts[point]!; at < starts[point + 1]!; at++) {
        if (subjects[at] === definition && this.#valueOfDefining[at]! >= 0) values.push(this.#valueOfDefining[at]!)
      }
    }
    this.#users ??= this.#findUsers()
    const found = new Set<number>()
    const seen = new Set(values)
    for (const value of seen) {
      for (const reading of this.#users[value]!.readings) found.add(reading)
      for (const meeting of this.#users[value]!.meetings) seen.add(meeting)
    }
    return [...found].sort((a, b) => a - b)
  }

  #reachingAll(values: readonly number[]): Reaching {
    if (values.length === 1) return this.#reachingOf(values[0]!)
    const all = values.map((value) => this.#reachingOf(value))
    return {
      definitions: [...new Set(all.flatMap(({ definitions }) => definitions))].sort((a, b) => a - b),
      unbound: all.some(({ unbound }) => unbound),
      initial: all.some(({ initial }) => initial),
    }
  }

  #reachingOf(value: number): Reaching {
    let found = this.#reaching.get(value)
    if (!found) this.#reaching.set(value, (found = this.#collect(value)))
    return found
  }

  #collect(first: number): Reaching {
    const definitions = new Set<number>()
    let unbound = false
    let initial = false
    const seen = new Set([first])
    for (const value of seen) {
      switch (this.#kinds[value]) {
        case DEFINED:
          definitions.add(this.#subjects[value]!)
          break
        case UNBOUND:
          unbound = true
          break
        case INITIAL:
          initial = true
          break
        default:
          for (let at = this.#partHeads[value]!; at >= 0; at = this.#parts[at + 1]!) seen.add(this.#parts[at]!)
      }
    }
    return { definitions: [...definitions].sort((a, b) => a - b), unbound, initial }
  }

  #addValue(kind: number, subject: number): number {
    this.#subjects.push(subject)
    this.#partHeads.push(-1)
    this.#nextMeetings.push(-1)
    return this.#kinds.push(kind) - 1
  }

  /** Values of a name meet at the dominance frontier of its definitions, and at that of these meetings. */
  #placeMeetings(): void {
    const { starts, items } = dominanceFrontiers(this.#graph, this.#tree)
    const pointsOfName: number[][] = this.#events.bindings.map(() => [])
    const { definings } = this.#events
    for (let point = 0; point < this.#graph.pointCount; point++) {
      if (!this.#tree.isReached(point)) continue
      for (let at = definings.starts[point]!; at < definings.starts[point + 1]!; at++) pointsOfName[definings.names[at]!]!.push(point)
    }
    const lastName = new Int32Array(this.#graph.pointCount).fill(-1)
    for (const [name, queue] of pointsOfName.entries()) {
      for (let i = 0; i < queue.length; i++) {
        for (let at = starts[queue[i]!]!; at < starts[queue[i]! + 1]!; at++) {
          const point = items[at]!
          if (lastName[point] === name) continue
          lastName[point] = name
          queue.push(point)
          const value = this.#addValue(MEETING, name)
          this.#nextMeetings[value] = this.#meetingHeads[point]!
          this.#meetingHeads[point] = value
        }
      }
    }
  }

  /** Goes down the dominator tree with the values that names have there. */
  #walk(): void {
    const { order, sizes } = this.#tree
    const current = this.#initialValues.slice()
    /** What to restore on the way up: name and value. */
    const changes: number[] = []
    const set = (name: number, value: number) => {
      changes.push(name, current[name]!)
      current[name] = value
    }
    /** For each point on the way down: the position behind all that it dominates, and the changes before it. */
    const open: number[] = []
    for (let position = 0; position < order.length; position++) {
      while (open.length > 0 && open[open.length - 2]! <= position) {
        const before = open.pop()!
        open.pop()
        while (changes.length > before) {
          const value = changes.pop()!
          current[changes.pop()!] = value
        }
      }
      const point = order[position]!
      open.push(position + sizes[point]!, changes.length)
      this.#visit(point, current, set)
    }
  }

  #visit(point: number, current: Int32Array, set: (name: number, value: number) => void): void {
    const { edgeStarts, edgeTargets } = this.#graph
    const { readings, definings } = this.#events
    for (let value = this.#meetingHeads[point]!; value >= 0; value = this.#nextMeetings[value]!) set(this.#subjects[value]!, value)
    for (let at = readings.starts[point]!; at < readings.starts[point + 1]!; at++) this.#valueOfReading[at] = current[readings.names[at]!]!
    for (let at = definings.starts[point]!; at < definings.starts[point + 1]!; at++) {
      const subject = definings.subjects[at]!
      const value = subject === UNBINDS ? this.#addValue(UNBOUND, -1) : this.#addValue(DEFINED, subject)
      this.#valueOfDefining[at] = value
      set(definings.names[at]!, value)
    }
    for (let edge = edgeStarts[point]!; edge < edgeStarts[point + 1]!; edge++) {
      for (let value = this.#meetingHeads[edgeTargets[edge]!]!; value >= 0; value = this.#nextMeetings[value]!) {
        const part = this.#parts.push(current[this.#subjects[value]!]!, this.#partHeads[value]!) - 2
        this.#partHeads[value] = part
      }
    }
  }

  /** The value of a name when control comes to a point: that of the nearest point on every way there that gives it one. */
  #valueBefore(point: number, name: number): number {
    const { definings } = this.#events
    for (let at = point, isAfter = false; at >= 0; at = this.#tree.parents[at]!, isAfter = true) {
      for (let i = definings.starts[at + 1]! - 1; isAfter && i >= definings.starts[at]!; i--) {
        if (definings.names[i] === name) return this.#valueOfDefining[i]!
      }
      for (let value = this.#meetingHeads[at]!; value >= 0; value = this.#nextMeetings[value]!) if (this.#subjects[value] === name) return value
    }
    return this.#initialValues[name]!
  }

  #findUsers(): readonly Users[] {
    const users: Users[] = this.#kinds.map(() => ({ readings: [], meetings: [] }))
    const { subjects } = this.#events.readings
    for (const [at, value] of this.#valueOfReading.entries()) if (value >= 0) users[value]!.readings.push(subjects[at]!)
    for (let value = 0; value < this.#kinds.length; value++) {
      for (let at = this.#partHeads[value]!; at >= 0; at = this.#parts[at + 1]!) users[this.#parts[at]!]!.meetings.push(value)
    }
    return users
  }
}

/** Who takes over a value: identifiers that read it, and values that meet. */
interface Users {
  readonly readings: number[]
  readonly meetings: number[]
}

/**
 * The dominance frontier of each point: where ways that come through it meet others. The exits are left out, as nothing is read there. Cooper, Harvey
 * and Kennedy, "A simple, fast dominance algorithm" (2001), figure 5; a walk ends where an earlier one for the same point has been.
 */
function dominanceFrontiers(graph: FlowGraph, tree: DominatorTree): { readonly starts: Int32Array; readonly items: Int32Array } {
  const { pointCount, incomingStarts, incoming, edgeSources } = graph
  const owners: number[] = []
  const members: number[] = []
  const lastMember = new Int32Array(pointCount).fill(-1)
  for (let point = G.RAISE_EXIT + 1; point < pointCount; point++) {
    if (!tree.isReached(point) || incomingStarts[point + 1]! - incomingStarts[point]! < 2) continue
    for (let at = incomingStarts[point]!; at < incomingStarts[point + 1]!; at++) {
      let runner = edgeSources[incoming[at]!]!
      if (!tree.isReached(runner)) continue
      while (runner !== tree.parents[point] && lastMember[runner] !== point) {
        lastMember[runner] = point
        owners.push(runner)
        members.push(point)
        runner = tree.parents[runner]!
      }
    }
  }
  const starts = new Int32Array(pointCount + 1)
  for (const owner of owners) starts[owner + 1]!++
  for (let point = 0; point < pointCount; point++) starts[point + 1]! += starts[point]!
  const free = starts.slice()
  const items = new Int32Array(members.length)
  for (const [i, owner] of owners.entries()) items[free[owner]!++] = members[i]!
  return { starts, items }
}
