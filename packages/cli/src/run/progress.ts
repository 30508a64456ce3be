import type { Output } from '../io.ts'

const INTERVAL = 100
const CLEAR_LINE = '\r\u001B[K'

/** A line on the terminal that says how far a run is. It is gone when the run ends. */
export class ProgressLine {
  readonly #output: Output | undefined
  readonly #total: number
  #shownAt = performance.now()
  #isShown = false

  /** @param output `undefined` shows nothing */
  constructor(output: Output | undefined, total: number) {
    this.#output = output
    this.#total = total
  }

  update(done: number): void {
    if (!this.#output) return
    const now = performance.now()
    if (now - this.#shownAt < INTERVAL) return
    this.#shownAt = now
    this.#isShown = true
    this.#output.write(`${CLEAR_LINE}Linting ${done} of ${this.#total} files`)
  }

  clear(): void {
    if (this.#isShown) this.#output?.write(CLEAR_LINE)
    this.#isShown = false
  }
}
