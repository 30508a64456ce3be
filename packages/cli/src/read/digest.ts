import { createRequire } from 'node:module'

/** The digest of facts and answers in all threads and runs: 32 hexadecimal digits. */
export function digestText(text: string): string {
  return sha256(text, 'hex').slice(0, 32)
}

let crypto: typeof import('node:crypto') | undefined

export function sha256(content: Uint8Array | string, encoding: 'hex' | 'base64url'): string {
  // A static import takes three times as long, and krait starts more often than it hashes much.
  crypto ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto')
  return crypto.createHash('sha256').update(content).digest(encoding)
}
