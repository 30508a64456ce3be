import type { Codec } from '../read/codecs.ts'
import { describeSystemError, readSource } from '../read/read-source.ts'
import { replaceFile } from './write-file.ts'

/** A file's text before and after its fixes. Both hold the byte order mark if there is one. */
export interface FixedText {
  /** Absolute. */
  readonly path: string
  readonly before: string
  readonly after: string
}

/**
 * Writes a fixed text in the encoding of the file.
 * @returns why the file was left as it is, or `undefined` if it was written
 */
export function writeFixedText({ path, before, after }: FixedText): string | undefined {
  const current = readSource(path)
  if ('reason' in current) return current.reason
  if (current.text !== before) return 'it was changed while krait ran; run krait again'
  const bytes = current.codec.encode(after)
  if (!(bytes instanceof Uint8Array)) return describeUnencodable(current.codec, after)
  try {
    replaceFile(path, bytes)
    return undefined
  } catch (error) {
    return describeSystemError(error)
  }
}

/** Says that a text can not be written in an encoding, or `undefined` if it can. */
export function describeUnencodable(codec: Codec, text: string): string | undefined {
  const bytes = codec.encode(text)
  return bytes instanceof Uint8Array ? undefined : `a fix needs the character '${bytes.unencodable}', which ${codec.name} can not write`
}
