import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { decodeSource, type Decoded } from './decode.ts'

/** The largest file that is linted, in bytes. */
export const MAXIMUM_FILE_SIZE = 2 * 1024 * 1024

// Without O_NONBLOCK, opening a FIFO would wait for ever. Windows has no such flag.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** A file's text with how it is written in bytes, or why it can not be read: half a sentence that follows "cannot be read:". */
export type ReadResult = Decoded | { readonly reason: string }

/** A file's bytes with what the system says of it, or why it can not be read. */
export type RawFile = { readonly bytes: Uint8Array; readonly stats: Stats } | { readonly reason: string }

/** Reads a source file. Never throws, and never waits on a pipe or socket. */
export function readSource(path: string): ReadResult {
  const raw = readRaw(path)
  return 'reason' in raw ? raw : decodeSource(raw.bytes)
}

/** Reads the bytes of a source file, as `readSource` does. */
export function readRaw(path: string): RawFile {
  try {
    return readBytes(path)
  } catch (error) {
    return { reason: describeSystemError(error) }
  }
}

/** Says that some bytes are too many to be linted, or `undefined`. */
export function tooLarge(size: number): string | undefined {
  if (size <= MAXIMUM_FILE_SIZE) return undefined
  return `it is ${(size / 1024 / 1024).toFixed(1)} MB large, and the limit is 2 MB`
}

function readBytes(path: string): RawFile {
  const handle = openSync(path, OPEN_FLAGS)
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile()) return { reason: stats.isDirectory() ? 'it is a folder' : 'it is not a regular file' }
    const reason = tooLarge(stats.size)
    return reason === undefined ? { bytes: readFileSync(handle), stats } : { reason }
  } finally {
    closeSync(handle)
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it does not exist any more',
  ELOOP: 'it is a symbolic link that leads to itself',
  ENAMETOOLONG: 'its path is too long',
  EMFILE: 'too many files are open',
  ENXIO: 'it is not a regular file',
  EIO: 'the disk reports an error',
}

/** A system error in a few words, with its code. */
export function describeSystemError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return message
  return `${SYSTEM_ERRORS[code] ?? 'the system reports an error'} (${code})`
}
