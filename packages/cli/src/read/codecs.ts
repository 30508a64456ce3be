/** How text is written in bytes. */
export interface Codec {
  readonly name: string
  /** The text, a byte order mark included, or `undefined` if the bytes are not valid. */
  decode(bytes: Uint8Array): string | undefined
  /** The bytes, or the first character that can not be written. */
  encode(text: string): Uint8Array | { readonly unencodable: string }
}

/**
 * Finds the codec for an encoding's Python name (see the list of standard encodings in Python's `codecs` module), or `undefined`.
 * Stateless encodings of the WHATWG Encoding Standard are known, and `ascii` and `latin-1` as Python means them.
 */
export function findCodec(pythonName: string): Codec | undefined {
  const name = pythonName.toLowerCase().replaceAll('_', '-')
  if (/^(?:utf-?8|u8|utf|cp65001|utf-8-.*)$/.test(name)) return utf8
  if (/^(?:ascii|us-ascii|646|ansi-x3\.4-1968)$/.test(name)) return byteCodec('ascii', 0x7f)
  if (/^(?:latin-?1|iso-?8859-1|8859|cp819|l1|iso-latin-1)(?:-.*)?$/.test(name)) return byteCodec('latin-1', 0xff)
  return tableCodec(WHATWG_NAMES[name] ?? name.replace(/^cp(?=125\d$|874$)/, 'windows-').replace(/^iso(?=8859)/, 'iso-'))
}

const WHATWG_NAMES: Readonly<Record<string, string>> = {
  'latin2': 'iso-8859-2',
  'latin9': 'iso-8859-15',
  'latin-9': 'iso-8859-15',
  'cp866': 'ibm866',
  'cp932': 'shift_jis',
  'ms932': 'shift_jis',
  'shift-jis': 'shift_jis',
  'sjis': 'shift_jis',
  's-jis': 'shift_jis',
  'cp936': 'gbk',
  'cp949': 'euc-kr',
  'uhc': 'euc-kr',
  'cp950': 'big5',
  'eucjp': 'euc-jp',
  'ujis': 'euc-jp',
  'euckr': 'euc-kr',
  'mac-roman': 'macintosh',
  'macroman': 'macintosh',
  'mac-cyrillic': 'x-mac-cyrillic',
}

const utf8: Codec = {
  name: 'utf-8',
  decode: (bytes) => decodeStrictly('utf-8', bytes),
  encode(text) {
    const surrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text)
    return surrogate ? { unencodable: surrogate[0] } : new TextEncoder().encode(text)
  },
}

/** One byte is one code point, up to the given one. */
function byteCodec(name: string, last: number): Codec {
  return {
    name,
    decode(bytes) {
      if (bytes.some((byte) => byte > last)) return undefined
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    },
    encode(text) {
      for (const character of text) if (character.codePointAt(0)! > last) return { unencodable: character }
      return Buffer.from(text, 'latin1')
    },
  }
}

/** What cp1252 has where Latin-1 has control codes; Python leaves five bytes undefined. */
const CP1252_FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ'

/** Written out, since `TextDecoder` of Node 20 and 22 takes windows-1252 for Latin-1. */
const cp1252: Codec = {
  name: 'cp1252',
  decode(bytes) {
    const text = byteCodec('latin-1', 0xff).decode(bytes)!
    if (/[\x81\x8D\x8F\x90\x9D]/.test(text)) return undefined
    return text.replace(/[\x80-\x9F]/g, (control) => CP1252_FROM_80[control.charCodeAt(0) - 0x80]!)
  },
  encode(text) {
    const bytes: number[] = []
    for (const character of text) {
      const code = character.codePointAt(0)!
      const high = code < 0x80 || code > 0x9f ? CP1252_FROM_80.indexOf(character) : -1
      if (high !== -1) bytes.push(0x80 + high)
      else if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) bytes.push(code)
      else return { unencodable: character }
    }
    return Uint8Array.from(bytes)
  },
}

/** A codec that only decodes comes with the platform; its inverse is found by decoding every sequence of one or two bytes. */
function tableCodec(label: string): Codec | undefined {
  let name: string
  try {
    name = new TextDecoder(label).encoding
  } catch {
    return undefined
  }
  if (name === 'windows-1252') return cp1252
  // UTF-16 is no encoding that Python source can declare, ISO-2022-JP keeps a state between characters, the rest decodes anything.
  if (/^(?:utf-16|iso-2022-jp$|replacement$|x-user-defined$)/.test(name)) return undefined
  let table: ReadonlyMap<string, readonly number[]> | undefined
  return {
    name,
    decode: (bytes) => decodeStrictly(name, bytes),
    encode(text) {
      table ??= invert(name)
      const bytes: number[] = []
      for (const character of text) {
        const written = table.get(character)
        if (!written) return { unencodable: character }
        for (const byte of written) bytes.push(byte)
      }
      return Uint8Array.from(bytes)
    },
  }
}

function invert(name: string): Map<string, readonly number[]> {
  const table = new Map<string, readonly number[]>()
  const leads: number[] = []
  for (let byte = 0; byte < 256; byte++) {
    const text = decodeStrictly(name, Uint8Array.of(byte))
    if (text === undefined) leads.push(byte)
    else if (!table.has(text)) table.set(text, [byte])
  }
  for (const lead of leads) {
    for (let trail = 0; trail < 256; trail++) {
      const text = decodeStrictly(name, Uint8Array.of(lead, trail))
      if (text !== undefined && !table.has(text)) table.set(text, [lead, trail])
    }
  }
  return table
}

function decodeStrictly(name: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
