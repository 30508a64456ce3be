/** Texts that differ in more lines than this are not compared: they count as different throughout. */
const MAX_DIFFERENCES = 500

/**
 * Finds the lines that two texts have in common, as a diff does.
 * @returns for each line of `after`, the index of the same line in `before`, or -1 if it is new
 */
export function matchLines(before: readonly string[], after: readonly string[]): number[] {
  const matches = after.map(() => -1)
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) matches[start] = start++
  let beforeEnd = before.length
  let afterEnd = after.length
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) matches[--afterEnd] = --beforeEnd
  for (const [x, y] of commonLines(before.slice(start, beforeEnd), after.slice(start, afterEnd))) matches[start + y] = start + x
  return matches
}

/** The pairs of a longest common subsequence: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), figure 2. */
function commonLines(a: readonly string[], b: readonly string[]): [x: number, y: number][] {
  const limit = Math.min(a.length + b.length, MAX_DIFFERENCES)
  const offset = limit + 1
  /** By diagonal: how far one gets in `a`. */
  const furthest = new Int32Array(2 * limit + 3)
  const history: Int32Array[] = []
  for (let d = 0; d <= limit; d++) {
    history.push(furthest.slice())
    for (let k = -d; k <= d; k += 2) {
      let x = stepDown(furthest, k, d) ? furthest[offset + k + 1]! : furthest[offset + k - 1]! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest[offset + k] = x
      if (x >= a.length && x - k >= b.length) return trace(d)
    }
  }
  return []

  /** Whether the step to diagonal `k` takes a line of `b`; else it leaves a line of `a` out. */
  function stepDown(reached: Int32Array, k: number, d: number): boolean {
    return k === -d || (k !== d && reached[offset + k - 1]! < reached[offset + k + 1]!)
  }

  function trace(differences: number): [number, number][] {
    const pairs: [number, number][] = []
    let x = a.length
    let y = b.length
    for (let d = differences; d >= 0; d--) {
      const reached = history[d]!
      const k = x - y
      const from = stepDown(reached, k, d) ? k + 1 : k - 1
      const fromX = d === 0 ? 0 : reached[offset + from]!
      const fromY = d === 0 ? 0 : fromX - from
      while (x > fromX && y > fromY) pairs.push([--x, --y])
      x = fromX
      y = fromY
    }
    return pairs
  }
}
