import type { Timing } from '@krait/core'

/** Adds the timings of one thread to those of others. */
export function addTimings(sum: Map<string, Timing>, timings: ReadonlyMap<string, Timing>): void {
  for (const [what, { ms, calls }] of timings) {
    const before = sum.get(what) ?? { ms: 0, calls: 0 }
    sum.set(what, { ms: before.ms + ms, calls: before.calls + calls })
  }
}
