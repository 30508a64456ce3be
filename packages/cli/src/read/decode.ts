import { findCodec, type Codec } from './codecs.ts'

/** A text, byte order mark included, and the codec that turns it back into bytes. */
export interface Decoded {
  readonly text: string
  readonly codec: Codec
}

/**
 * Turns the bytes of a Python file into text, as Python does (PEP 263): UTF-8 unless a byte order mark or a comment in one of the first two
 * lines says otherwise.
 */
export function decodeSource(bytes: Uint8Array): Decoded | { readonly reason: string } {
  const wide = describeWideEncoding(bytes)
  if (wide !== undefined) return { reason: wide }
  const nul = bytes.indexOf(0)
  if (nul !== -1) return { reason: `it holds a NUL byte at offset ${nul}, so it is binary or not UTF-8` }

  const declared = declaredEncoding(bytes)
  const hasBom = startsWith(bytes, [0xef, 0xbb, 0xbf])
  const codec = findCodec(declared ?? 'utf-8')
  if (!codec) return { reason: `it declares the encoding '${declared}', which is not known` }
  if (hasBom && codec.name !== 'utf-8') return { reason: `it has a UTF-8 byte order mark but declares the encoding '${declared}'` }
  const text = codec.decode(bytes)
  if (text !== undefined) return { text, codec }
  if (declared !== undefined) return { reason: `it is not valid ${declared}, the encoding that it declares` }
  return { reason: 'it is not valid UTF-8 and declares no other encoding; save it as UTF-8' }
}

/** From PEP 263. */
const DECLARATION = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#|$)/
/** No declaration stands further back than this; long first lines are not searched whole. */
const HEAD_SIZE = 2000

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(startsWith(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0, HEAD_SIZE)
  // In Node 24 the first `TextDecoder` for it takes as long as linting a file.
  const head = Buffer.from(start.buffer, start.byteOffset, start.length).toString('latin1')
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/, 2)
  const found = DECLARATION.exec(first)
  if (found) return found[1]
  return BLANK_OR_COMMENT.test(first) ? DECLARATION.exec(second)?.[1] : undefined
}

function describeWideEncoding(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) return 'it is UTF-32; save it as UTF-8'
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return 'it is UTF-16; save it as UTF-8'
  return undefined
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte)
}
