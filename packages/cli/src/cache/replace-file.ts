import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

let temporaryFiles = 0
/** Small pieces are written together: a call to the system takes longer than a copy. */
const CHUNK_SIZE = 1024 * 1024

/** A name beside a file that nobody else uses. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${temporaryFiles++}.tmp`
}

/** Writes a file so that it is either the old or the new one, for everyone and at any time; its folder exists. @throws the system's error */
export function replaceFile(path: string, pieces: readonly Uint8Array[]): void {
  const temporary = temporaryName(path)
  try {
    const handle = openSync(temporary, 'wx')
    try {
      for (const chunk of chunksOf(pieces)) writeFileSync(handle, chunk)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function* chunksOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let chunk: Uint8Array[] = []
  let size = 0
  for (const piece of pieces) {
    chunk.push(piece)
    size += piece.length
    if (size < CHUNK_SIZE) continue
    yield Buffer.concat(chunk)
    chunk = []
    size = 0
  }
  yield Buffer.concat(chunk)
}
