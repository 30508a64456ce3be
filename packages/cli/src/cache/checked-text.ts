import { digestOf } from '@krait/core'

const DIGEST_LENGTH = 32

/** A text under a header that tells what it is and whether it is whole. @param kind one line */
export function writeChecked(kind: string, body: string): string {
  return `${kind} ${digestOf(body)}\n${body}`
}

/** The body of a text that `writeChecked` gave for the same kind; `undefined` for anything else. */
export function readChecked(kind: string, text: string): string | undefined {
  const start = kind.length + DIGEST_LENGTH + 2
  const body = text.slice(start)
  return text.startsWith(`${kind} ${digestOf(body)}\n`) ? body : undefined
}
