/** How long something took over all files, in milliseconds, and how often it was done. */
export interface Timing {
  readonly ms: number
  readonly calls: number
}

/**
 * Where the time goes: to the rules, and to the work that is done once for all of them (parsing, facts, indexes), whichever rule happens to ask first.
 * Each span of time is counted once.
 */
export class WorkTimings {
  readonly #rules = new Map<string, { ms: number; calls: number }>()
  readonly #shared = new Map<string, { ms: number; calls: number }>()
  #sharedMs = 0

  /** By rule id. */
  get rules(): ReadonlyMap<string, Timing> {
    return this.#rules
  }

  /** By what was done, such as `parse` or `fact python/module`. */
  get shared(): ReadonlyMap<string, Timing> {
    return this.#shared
  }

  /** The clock of rules: it stands still during shared work. */
  now(): number {
    return performance.now() - this.#sharedMs
  }

  /** @param ms by `now` */
  addRule(ruleId: string, ms: number): void {
    add(this.#rules, ruleId, ms)
  }

  /** Does work that all rules share. */
  share<Result>(what: string, work: () => Result): Result {
    const started = performance.now()
    const sharedBefore = this.#sharedMs
    try {
      return work()
    } finally {
      const elapsed = performance.now() - started
      add(this.#shared, what, elapsed - (this.#sharedMs - sharedBefore))
      this.#sharedMs = sharedBefore + elapsed
    }
  }
}

function add(timings: Map<string, { ms: number; calls: number }>, key: string, ms: number): void {
  const timing = timings.get(key)
  if (timing) {
    timing.ms += ms
    timing.calls++
  } else {
    timings.set(key, { ms, calls: 1 })
  }
}
