/** A string token taken apart: prefix letters, quote, and what stands between the quotes as written. */
interface StringParts {
  readonly prefix: string
  readonly body: string
}

/** The value of escape sequences with one letter: https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences */
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * The value of one string literal as written, quotes and prefix included; bytes as one code unit per byte. `null` for f-strings and t-strings, for
 * `\N{...}` (the names are not at hand), and for text that is no complete string.
 */
export function decodeStringLiteral(source: string): string | null {
  const parts = splitString(source)
  if (!parts || /[ft]/i.test(parts.prefix)) return null
  return decodeStringBody(parts.body, parts.prefix)
}

/** The value of a part between the quotes of a string with this prefix; `null` if it holds `\N{...}` or a broken escape. */
export function decodeStringBody(body: string, prefix: string): string | null {
  const text = body.includes('\r') ? body.replace(/\r\n?/g, '\n') : body
  if (!text.includes('\\') || /r/i.test(prefix)) return text
  return unescape(text, /b/i.test(prefix))
}

/** Whether the literal is of type `bytes`. */
export function isBytesPrefix(prefix: string): boolean {
  return /b/i.test(prefix)
}

/** The letters before the opening quote. */
export function stringPrefix(source: string): string {
  return /^[a-z]*/i.exec(source)![0]
}

function splitString(source: string): StringParts | null {
  const prefix = stringPrefix(source)
  const rest = source.slice(prefix.length)
  const quote = /^("""|'''|"|')/.exec(rest)?.[0]
  if (!quote || rest.length < quote.length * 2 || !rest.endsWith(quote)) return null
  return { prefix, body: rest.slice(quote.length, -quote.length) }
}

function unescape(text: string, isBytes: boolean): string | null {
  let out = ''
  let from = 0
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', from)) {
    out += text.slice(from, at)
    const escape = readEscape(text, at + 1, isBytes)
    if (!escape) return null
    out += escape.value
    from = escape.end
  }
  return out + text.slice(from)
}

function readEscape(text: string, at: number, isBytes: boolean): { readonly value: string; readonly end: number } | null {
  const letter = text[at]
  if (letter === undefined) return null
  if (letter === '\n') return { value: '', end: at + 1 }
  const simple = SIMPLE_ESCAPES[letter]
  if (simple !== undefined) return { value: simple, end: at + 1 }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))
  if (octal) return { value: String.fromCharCode(parseInt(octal[0], 8)), end: at + octal[0].length }
  const digits = letter === 'x' ? 2 : isBytes ? 0 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  if (digits > 0) {
    const hex = text.slice(at + 1, at + 1 + digits)
    const code = parseInt(hex, 16)
    if (hex.length < digits || !/^[\da-f]+$/i.test(hex) || code > 0x10ffff) return null
    return { value: String.fromCodePoint(code), end: at + 1 + digits }
  }
  if (letter === 'N' && !isBytes) return null
  // Python keeps the backslash of an escape that it does not know.
  return { value: `\\${letter}`, end: at + 1 }
}
