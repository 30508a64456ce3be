/** More edits make another name of it. */
const MAX_EDITS = 2

/** The name that was meant: with two edits at most, or with the same words in another order; `null` if there is none. The first of equally near ones. */
export function closeName(name: string, candidates: Iterable<string>): string | null {
  let nearest: string | null = null
  let distance = MAX_EDITS + 1
  const words = wordsOf(name)
  const letters = lettersOf(name)
  for (const candidate of candidates) {
    // An edit changes two letters at most: spares most candidates the look at their edits.
    if (candidate === name || bitCount(letters ^ lettersOf(candidate)) > 2 * MAX_EDITS) continue
    if (candidate.length === name.length && wordsOf(candidate) === words) return candidate
    if (Math.abs(candidate.length - name.length) >= distance) continue
    const edits = editsBetween(name, candidate)
    // A short name is not two edits away from everything.
    if (edits >= distance || edits * 2 >= Math.max(name.length, candidate.length)) continue
    nearest = candidate
    distance = edits
  }
  return nearest
}

/** One bit for each letter that occurs; other characters share the rest. */
function lettersOf(name: string): number {
  let letters = 0
  for (let i = 0; i < name.length; i++) letters |= 1 << (name.charCodeAt(i) & 31)
  return letters
}

function bitCount(bits: number): number {
  let left = bits
  let count = 0
  for (; left !== 0; left &= left - 1) count++
  return count
}

function wordsOf(name: string): string {
  return name.toLowerCase().split('_').sort().join('_')
}

/** Insertions, deletions, replacements, and swaps of neighbours. */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[to.length]!
}
