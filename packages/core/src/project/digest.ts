/** Gives texts that differ different digests: 32 hexadecimal digits. */
export type DigestText = (text: string) => string

/**
 * A digest of a text, 32 hexadecimal digits: MurmurHash3_x86_128 (Austin Appleby, seed 0) of its UTF-16LE bytes. It tells texts apart that differ
 * by chance, not those that somebody chose to look alike.
 */
export function digestOf(text: string): string {
  return digestFromWords(digestWordsOf(text), 0)
}

/** The same digest as numbers. */
export function digestWordsOf(text: string): Int32Array {
  const words = new Int32Array(Math.ceil(text.length / BLOCK_UNITS) * BLOCK_WORDS)
  for (let at = 0; at < text.length; at++) words[at >> 1]! |= text.charCodeAt(at) << ((at & 1) * 16)
  return digestOfBlocks(words, text.length * 2)
}

/** The words of digests, of one or of several in a row, as one digest. */
export function digestOfWords(words: Int32Array): string {
  return digestFromWords(digestOfBlocks(words, words.byteLength), 0)
}

/** A digest as `DIGEST_WORDS` numbers of 32 bits; zeros for an empty one. */
export function wordsOfDigest(digest: string): Int32Array {
  return Int32Array.from({ length: DIGEST_WORDS }, (_, i) => Number.parseInt(digest.slice(i * 8, i * 8 + 8) || '0', 16))
}

/** The digest whose words stand at a place. */
export function digestFromWords(words: Int32Array, at: number): string {
  let digest = ''
  for (let i = at; i < at + DIGEST_WORDS; i++) digest += hexadecimal(words[i]!)
  return digest
}

/** Whether a digest stands at a place: words that are all zero are none. */
export function hasDigestAt(words: Int32Array, at: number): boolean {
  return (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) !== 0
}

export const DIGEST_WORDS = 4
/** Of text, in UTF-16 code units. */
const BLOCK_UNITS = 8
const BLOCK_WORDS = 4
/** From bytes to blocks. */
const BLOCK_SHIFT = 4

/** @param words whole blocks, the last one filled with zeros @param bytes how many there are without these */
function digestOfBlocks(words: Int32Array, bytes: number): Int32Array {
  let h1 = 0
  let h2 = 0
  let h3 = 0
  let h4 = 0
  const whole = (bytes >> BLOCK_SHIFT) * BLOCK_WORDS
  for (let at = 0; at < whole; at += BLOCK_WORDS) {
    h1 ^= scramble(words[at]!, 0x239b961b, 15, 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= scramble(words[at + 1]!, 0xab0e9789, 16, 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= scramble(words[at + 2]!, 0x38b34ae5, 17, 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= scramble(words[at + 3]!, 0xa1e38b93, 18, 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  if (whole < words.length) {
    h1 ^= scramble(words[whole]!, 0x239b961b, 15, 0xab0e9789)
    h2 ^= scramble(words[whole + 1]!, 0xab0e9789, 16, 0x38b34ae5)
    h3 ^= scramble(words[whole + 2]!, 0x38b34ae5, 17, 0xa1e38b93)
    h4 ^= scramble(words[whole + 3]!, 0xa1e38b93, 18, 0x239b961b)
  }
  return finish(h1 ^ bytes, h2 ^ bytes, h3 ^ bytes, h4 ^ bytes)
}

function scramble(block: number, first: number, turn: number, second: number): number {
  return Math.imul(rotate(Math.imul(block, first), turn), second)
}

function rotate(bits: number, turn: number): number {
  return (bits << turn) | (bits >>> (32 - turn))
}

function finish(h1: number, h2: number, h3: number, h4: number): Int32Array {
  const [a, b, c, d] = mixTogether(h1, h2, h3, h4)
  return Int32Array.of(...mixTogether(avalanche(a), avalanche(b), avalanche(c), avalanche(d)))
}

function mixTogether(h1: number, h2: number, h3: number, h4: number): readonly [number, number, number, number] {
  const sum = (h1 + h2 + h3 + h4) | 0
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0]
}

function avalanche(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hexadecimal(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0')
}
