import { functionId } from './call-graph.ts'
import type { CallGraph } from './call-graph.ts'
import type { CallSite, Callers } from './callers.ts'
import type { Catching } from './catching.ts'
import type { ExceptionFilter } from './exception-filters.ts'
import type { Summaries } from './summaries.ts'

/** More functions are not looked at on the way up. */
const MAX_FUNCTIONS = 200

/** What so many callers leave alone while they handle something else, and none handles, is left alone on purpose. */
const MIN_CALLERS_OF_CONVENTION = 10

/** Who counts on the exceptions that functions let out. */
export class Expectations {
  readonly #graph: CallGraph
  readonly #callers: Callers
  readonly #summaries: Summaries

  constructor(graph: CallGraph, callers: Callers, summaries: Summaries) {
    this.#graph = graph
    this.#callers = callers
    this.#summaries = summaries
  }

  /**
   * Whether someone counts on an exception that leaves a function: a handler around a call of it, or around a call of a function through which the
   * exception gets, that names the class or a base of it; or a decorator with such a handler. `Exception` and the like name nothing.
   * @param id see `functionId`
   */
  isExpected(id: string, exception: string): boolean {
    const seen = new Set([id])
    const waiting = [id]
    for (let at = 0; at < waiting.length && at < MAX_FUNCTIONS; at++) {
      const { decorators } = this.#graph.node(waiting[at]!)
      if (decorators.some((decorator) => decorator.catches(exception) === 'by-name')) return true
      if (decorators.some((decorator) => decorator.catches(exception) === 'broadly' && decorator.stops(exception))) continue
      for (const site of this.#callers.sites(waiting[at]!)) {
        const met = filtersMet(site, exception)
        // A handler whose types are not known may well be for it.
        if (met.some((filter) => EXPECTING.has(filter.catches(exception)))) return true
        const callerId = functionId(site.caller.path, site.caller.name)
        if (met.at(-1)?.stops(exception) || seen.has(callerId)) continue
        seen.add(callerId)
        waiting.push(callerId)
      }
    }
    return false
  }

  /** Whether many callers of a function handle others of its exceptions, and none handles this one. */
  isLeftAlone(id: string, exception: string): boolean {
    const others = this.#summaries.summaryOf(id).raises.map((raised) => raised.exception).filter((other) => other !== exception)
    let leaving = 0
    for (const site of this.#callers.sites(id)) {
      const filters = site.view.filters.around(site.caller, site.call.guard)
      if (filters.some((filter) => EXPECTING.has(filter.catches(exception)))) return false
      if (others.some((other) => filters.some((filter) => filter.catches(other) === 'by-name'))) leaving++
    }
    return leaving >= MIN_CALLERS_OF_CONVENTION
  }
}

const EXPECTING: ReadonlySet<Catching> = new Set(['by-name', 'perhaps'])

/** What an exception meets in the calling function, up to what stops it. */
function filtersMet({ view, caller, call }: CallSite, exception: string): readonly ExceptionFilter[] {
  const filters = view.filters.around(caller, call.guard)
  const stop = filters.findIndex((filter) => filter.stops(exception))
  return stop < 0 ? filters : filters.slice(0, stop + 1)
}
