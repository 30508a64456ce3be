import { sha256 } from '../read/digest.ts'

const DIGEST_LENGTH = 64

/** The pieces of a text under a header that tells what it is and whether it is whole. @param kind one line of ASCII */
export function writeChecked(kind: string, body: string): readonly Uint8Array[] {
  const bytes = Buffer.from(body)
  return [Buffer.from(`${kind} ${sha256(bytes, 'hex')}\n`), bytes]
}

/** The body of a text that `writeChecked` gave for the same kind; `undefined` for anything else. */
export function readChecked(kind: string, bytes: Buffer): string | undefined {
  const start = kind.length + DIGEST_LENGTH + 2
  const header = `${kind} ${sha256(bytes.subarray(start), 'hex')}\n`
  return bytes.toString('latin1', 0, start) === header ? bytes.toString('utf8', start) : undefined
}
