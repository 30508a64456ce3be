import type { KeptReader, Reads } from '@krait/core'
import type { Effect } from '../data/effects.ts'
import type { CallGraph, CallNode } from './call-graph.ts'
import { isKindOf } from './catching.ts'
import { errorOfFailure } from './direct-effects.ts'
import type { Failure } from './direct-effects.ts'
import type { CallPath, EscapingException, FunctionSummary, PathStep } from './summary.ts'

/** More exceptions of one function are left out. */
const MAX_EXCEPTIONS = 100
/** Longer paths are cut at their end. */
const MAX_PATH = 20

interface Draft {
  readonly raises: Map<string, CallPath>
  readonly effects: Map<Effect, CallPath>
  readonly failures: Map<Failure, CallPath>
  unknownCalls: number
}

/**
 * The summaries of functions over the call graph. Each is made when it is first asked for, together with those of the functions it calls; functions
 * that call each other in a circle are brought to a fixed point together. A summary depends on what is reachable from the function alone.
 */
export class Summaries {
  readonly #reader: KeptReader
  readonly #graph: CallGraph
  readonly #done = new Map<string, Draft>()
  /** What was read for finished summaries. */
  readonly #reads = new Map<string, Reads | undefined>()

  constructor(reader: KeptReader, graph: CallGraph) {
    this.#reader = reader
    this.#graph = graph
  }

  /** @param id see `functionId`; an abstract method stands for its only implementation */
  summaryOf(id: string): FunctionSummary {
    const draft = this.#behind(id)
    const raises: EscapingException[] = [...draft.raises].map(([exception, path]) => ({ exception, path }))
    const { kind, fact } = this.#graph.node(id).function
    return {
      kind,
      raises: raises.sort((a, b) => (a.exception < b.exception ? -1 : 1)),
      effects: Object.fromEntries([...draft.effects].sort(([a], [b]) => (a < b ? -1 : 1))),
      mayFail: failureOf(draft),
      databaseFailure: draft.failures.get('database-failure') ?? null,
      isAsync: kind === 'coroutine' || fact?.async === true,
      unknownCalls: draft.unknownCalls,
    }
  }

  /** What is done by the body that a call runs; of several bodies that may be meant, no exceptions count. */
  #behind(id: string): Draft {
    const drafts = this.#graph.implementations(id).map((implementation) => this.#draft(implementation))
    if (drafts.length === 1) return drafts[0]!
    return {
      raises: new Map(),
      effects: new Map(drafts.flatMap(({ effects }) => [...effects]).reverse()),
      failures: new Map(drafts.flatMap(({ failures }) => [...failures]).reverse()),
      unknownCalls: drafts.reduce((sum, { unknownCalls }) => sum + unknownCalls, drafts.length === 0 ? 1 : 0),
    }
  }

  #draft(id: string): Draft {
    if (!this.#done.has(id)) this.#finish(id)
    this.#reader.include(this.#reads.get(id))
    return this.#done.get(id)!
  }

  /** Tarjan's algorithm with a stack of its own: components come out with all that they call before them. */
  #finish(start: string): void {
    const order = new Map<string, number>()
    const low = new Map<string, number>()
    const open: string[] = []
    const isOpen = new Set<string>()
    const work: { readonly id: string; next: number }[] = []
    enter(start)
    while (work.length > 0) {
      const frame = work[work.length - 1]!
      const edges = this.#graph.node(frame.id).edges
      const edge = edges[frame.next]
      if (edge) {
        frame.next++
        if (this.#done.has(edge.target)) continue
        if (!order.has(edge.target)) enter(edge.target)
        else if (isOpen.has(edge.target)) low.set(frame.id, Math.min(low.get(frame.id)!, order.get(edge.target)!))
        continue
      }
      work.pop()
      const caller = work[work.length - 1]
      if (caller) low.set(caller.id, Math.min(low.get(caller.id)!, low.get(frame.id)!))
      if (low.get(frame.id) !== order.get(frame.id)) continue
      const component = open.splice(open.indexOf(frame.id))
      for (const member of component) isOpen.delete(member)
      const { reads } = this.#reader.track(() => this.#summarise(component.sort()))
      for (const member of component) this.#reads.set(member, reads)
    }

    function enter(id: string): void {
      order.set(id, order.size)
      low.set(id, order.get(id)!)
      open.push(id)
      isOpen.add(id)
      work.push({ id, next: 0 })
    }
  }

  /** Brings the functions of one component to their fixed point, shortest paths first. */
  #summarise(component: readonly string[]): void {
    const nodes = component.map((id) => this.#graph.node(id))
    for (const target of new Set(nodes.flatMap(({ edges }) => edges.map((edge) => edge.target)))) this.#reader.include(this.#reads.get(target))
    for (const node of nodes) {
      this.#done.set(node.id, { raises: new Map(), effects: pathsOf(node.effects), failures: pathsOf(node.failures), unknownCalls: node.unknownCalls })
      this.#raise(node, node.raises.filter(({ again }) => !again))
    }
    this.#settle(nodes)
    // What is known to be raised further down says more than the handler that raises it again.
    for (const node of nodes) {
      const known = [...this.#done.get(node.id)!.raises.keys()]
      this.#raise(node, node.raises.filter(({ again, exception }) => again && !known.some((name) => isKindOf(node.project, name, exception))))
    }
    this.#settle(nodes)
    const members = new Set(component)
    for (const { id, edges } of nodes) {
      const draft = this.#done.get(id)!
      for (const { target } of edges) if (!members.has(target)) draft.unknownCalls += this.#done.get(target)?.unknownCalls ?? 0
    }
  }

  #raise({ id, decorators }: CallNode, raises: CallNode['raises']): void {
    const draft = this.#done.get(id)!
    for (const { exception, step } of raises) {
      if (draft.raises.size >= MAX_EXCEPTIONS || decorators.some((decorator) => decorator.stops(exception))) continue
      draft.raises.set(exception, [step])
    }
  }

  #settle(nodes: readonly CallNode[]): void {
    for (let hasChanged = true; hasChanged; ) {
      hasChanged = false
      for (const node of nodes) if (this.#takeOver(node)) hasChanged = true
    }
  }

  /** Adds what callees do to what the caller does; says whether anything is new or has a shorter path. */
  #takeOver({ id, edges, decorators }: CallNode): boolean {
    const draft = this.#done.get(id)!
    let hasChanged = false
    for (const { step, filters, target, isOnly } of edges) {
      const callee = this.#done.get(target)
      if (!callee) continue
      for (const [effect, path] of callee.effects) hasChanged = offer(draft.effects, effect, step, path) || hasChanged
      for (const [failure, path] of callee.failures) {
        if ([...filters, ...decorators].some((filter) => filter.stops(errorOfFailure(failure)))) continue
        hasChanged = offer(draft.failures, failure, step, path) || hasChanged
      }
      if (!isOnly) continue
      for (const [exception, path] of callee.raises) {
        const isNew = !draft.raises.has(exception)
        if (isNew && draft.raises.size >= MAX_EXCEPTIONS) continue
        if (filters.some((filter) => filter.stops(exception)) || (isNew && decorators.some((decorator) => decorator.stops(exception)))) continue
        hasChanged = offer(draft.raises, exception, step, path) || hasChanged
      }
    }
    return hasChanged
  }
}

function pathsOf<Key>(steps: ReadonlyMap<Key, PathStep>): Map<Key, CallPath> {
  return new Map([...steps].map(([key, step]) => [key, [step]]))
}

function failureOf({ failures }: Draft): FunctionSummary['mayFail'] {
  const external = failures.get('external-failure')
  const unknown = failures.get('unknown-failure')
  return external ? { by: 'external', path: external } : unknown ? { by: 'unknown', path: unknown } : null
}

/** Keeps the shorter of two paths, and of two of one length the one that is there. */
function offer<Key>(paths: Map<Key, CallPath>, key: Key, step: PathStep, rest: CallPath): boolean {
  const known = paths.get(key)
  if (known && known.length <= rest.length + 1) return false
  if (!known && rest.length >= MAX_PATH) {
    paths.set(key, [step, ...rest.slice(0, MAX_PATH - 1)])
    return true
  }
  if (known && rest.length >= MAX_PATH) return false
  paths.set(key, [step, ...rest])
  return true
}
