/** Gives texts that differ different digests: 32 hexadecimal digits. */
export type DigestText = (text: string) => string

/**
 * A digest of a text, 32 hexadecimal digits: MurmurHash3_x86_128 (Austin Appleby, seed 0) of its UTF-16LE bytes. It tells texts apart that differ
 * by chance, not those that somebody chose to look alike.
 */
export function digestOf(text: string): string {
  const bytes = text.length * 2
  const whole = text.length - (text.length % 8)
  let h1 = 0
  let h2 = 0
  let h3 = 0
  let h4 = 0
  for (let at = 0; at < whole; at += 8) {
    h1 ^= scramble(pair(text, at), 0x239b961b, 15, 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= scramble(pair(text, at + 2), 0xab0e9789, 16, 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= scramble(pair(text, at + 4), 0x38b34ae5, 17, 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= scramble(pair(text, at + 6), 0xa1e38b93, 18, 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  // Scrambled zeros change nothing, and reading past the end of a string would make every other read slower.
  const rest = (text.slice(whole) + ZEROS).slice(0, 8)
  h1 ^= scramble(pair(rest, 0), 0x239b961b, 15, 0xab0e9789)
  h2 ^= scramble(pair(rest, 2), 0xab0e9789, 16, 0x38b34ae5)
  h3 ^= scramble(pair(rest, 4), 0x38b34ae5, 17, 0xa1e38b93)
  h4 ^= scramble(pair(rest, 6), 0xa1e38b93, 18, 0x239b961b)
  return finish(h1 ^ bytes, h2 ^ bytes, h3 ^ bytes, h4 ^ bytes)
}

const ZEROS = '\0'.repeat(8)

/** Two code units as 32 bits. */
function pair(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
}

function scramble(block: number, first: number, turn: number, second: number): number {
  return Math.imul(rotate(Math.imul(block, first), turn), second)
}

function rotate(bits: number, turn: number): number {
  return (bits << turn) | (bits >>> (32 - turn))
}

function finish(h1: number, h2: number, h3: number, h4: number): string {
  const [a, b, c, d] = mixTogether(h1, h2, h3, h4)
  return mixTogether(avalanche(a), avalanche(b), avalanche(c), avalanche(d)).map(hexadecimal).join('')
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
