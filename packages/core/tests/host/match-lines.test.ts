import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchLines } from '../../src/fix/match-lines.ts'

it.each([
  ['', '', []],
  ['ab', 'ab', [0, 1]],
  ['ab', 'xaby', [-1, 0, 1, -1]],
  ['abc', '', []],
  ['', 'abc', [-1, -1, -1]],
  ['xay', 'zaw', [-1, 1, -1]],
])('%j and %j', (before, after, matches) => {
  expect(matchLines([...before], [...after])).toEqual(matches)
})

it('gives a longest common subsequence', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const matches = matchLines(before, after)
      const pairs = [...matches.entries()].filter(([, match]) => match !== -1)
      for (const [i, match] of pairs) expect(after[i]).toBe(before[match])
      expect(pairs.every(([, match], i) => i === 0 || match > pairs[i - 1]![1])).toBe(true)
      expect(pairs).toHaveLength(longest(before, after))
    }),
  )
})

it('takes texts that have little in common for different', () => {
  const before = Array.from({ length: 2000 }, (_, i) => `old ${i}`)
  expect(matchLines(before, before.map((line) => `${line}!`)).every((match) => match === -1)).toBe(true)
})

/** The length of a longest common subsequence, by definition. */
function longest(a: readonly string[], b: readonly string[]): number {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (const [i, line] of a.entries()) {
    for (const [j, other] of b.entries()) {
      lengths[i + 1]![j + 1] = line === other ? lengths[i]![j]! + 1 : Math.max(lengths[i]![j + 1]!, lengths[i + 1]![j]!)
    }
  }
  return lengths[a.length]![b.length]!
}
