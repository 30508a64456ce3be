// Beside the control characters: invisible marks, marks that reorder text or end lines in some programs, and broken surrogate pairs.
// A file could use them to make a report say something else than it says.
const unsafe = /[\p{Cc}\p{Surrogate}\u{061c}\u{200b}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{fffe}\u{ffff}]/gu

/** Writes control characters, line breaks among them, as visible escapes such as `\n`, `\x1b` or `\u202e`. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, escapeCharacter)
}

function escapeCharacter(character: string): string {
  const short = shortEscapes[character]
  if (short) return short
  const hex = character.charCodeAt(0).toString(16)
  return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f', '\v': '\\v', '\0': '\\0' }
