/** How long each rule took, in milliseconds, over all files. */
export class RuleTimings {
  readonly #byRule = new Map<string, { ms: number; calls: number }>()

  add(ruleId: string, ms: number): void {
    const timing = this.#byRule.get(ruleId)
    if (timing) {
      timing.ms += ms
      timing.calls++
    } else {
      this.#byRule.set(ruleId, { ms, calls: 1 })
    }
  }

  get byRule(): ReadonlyMap<string, { readonly ms: number; readonly calls: number }> {
    return this.#byRule
  }
}
