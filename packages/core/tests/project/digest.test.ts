import { digestFromWords, digestOf, digestOfWords, wordsOfDigest } from '@krait/core'
import { expect, test } from 'vitest'

test('gives what the reference implementation of MurmurHash3_x86_128 gives for the UTF-16LE bytes', () => {
  expect(digestOf('')).toBe('00000000000000000000000000000000')
  expect(digestOf('a')).toBe('033bb196ccef4fe1ccef4fe1ccef4fe1')
  expect(digestOf('abcdefg')).toBe('851fde5ef81a9aab2a351f32fa8e8ca7')
  expect(digestOf('The quick brown fox jumps over the lazy dog')).toBe('15beb6860f94f6cafed4894d28be6d5b')
  expect(digestOf('äö€😀 and more text')).toBe('fb7b8272b16a7edd9d91836b4d5813ca')
  expect(digestOf('x'.repeat(1000))).toBe('d6f261ee010a59b611dba10894295556')
})

test('tells apart texts that differ in one code unit, wherever it stands', () => {
  const texts = Array.from({ length: 40 }, (_, at) => `${'a'.repeat(at)}b${'a'.repeat(39 - at)}`)
  texts.push('a'.repeat(39), 'a'.repeat(40), 'a'.repeat(41), `${'a'.repeat(40)}\0`)
  expect(new Set(texts.map(digestOf)).size).toBe(texts.length)
})

test('a digest as numbers is the same digest', () => {
  const digests = ['', 'a', 'abcdefg'].map(digestOf)
  const words = Int32Array.from(digests.flatMap((digest) => [...wordsOfDigest(digest)]))
  expect(digests.map((_, i) => digestFromWords(words, i * 4))).toEqual(digests)
  expect(wordsOfDigest('')).toEqual(new Int32Array(4))
})

test('digests in a row have a digest of the row', () => {
  const [a, b] = [wordsOfDigest(digestOf('a')), wordsOfDigest(digestOf('b'))]
  const rows = [[], [...a], [...b], [...a, ...b], [...b, ...a], [...a, ...a]]
  expect(new Set(rows.map((row) => digestOfWords(Int32Array.from(row)))).size).toBe(rows.length)
})
