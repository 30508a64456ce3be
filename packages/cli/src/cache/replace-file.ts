import { renameSync, rmSync, writeFileSync } from 'node:fs'

let temporaryFiles = 0

/** A name beside a file that nobody else uses. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${temporaryFiles++}.tmp`
}

/** Writes a file so that it is either the old or the new one, for everyone and at any time; its folder exists. @throws the system's error */
export function replaceFile(path: string, content: Uint8Array | string): void {
  const temporary = temporaryName(path)
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
