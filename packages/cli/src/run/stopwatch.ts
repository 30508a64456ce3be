/** Measures stages that follow one another, in milliseconds. */
export class Stopwatch {
  readonly #laps = new Map<string, number>()
  #since = performance.now()

  get laps(): ReadonlyMap<string, number> {
    return this.#laps
  }

  /** Ends the stage that ran since the last call. */
  lap(stage: string): void {
    const now = performance.now()
    this.#laps.set(stage, now - this.#since)
    this.#since = now
  }
}
