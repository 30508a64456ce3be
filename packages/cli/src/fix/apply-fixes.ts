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
  if ('unencodable' in bytes) return `a fix needs the character '${bytes.unencodable}', which ${current.codec.name} can not write`
  try {
    replaceFile(path, bytes)
    return undefined
  } catch (error) {
    return describeSystemError(error)
  }
}
