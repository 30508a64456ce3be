import { accessSync, chmodSync, closeSync, constants, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

let counter = 0

/**
 * Replaces a file's content so that it is either old or new, never half: the bytes go to a temporary file in the same folder, which then
 * takes the file's name. The mode is kept; of a symbolic link, the target is written.
 * @throws the system's error; the file is then unchanged
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const target = realpathSync(path)
  // Renaming would replace a file that is write-protected.
  accessSync(target, constants.W_OK)
  const mode = statSync(target).mode & 0o7777
  const temporary = join(dirname(target), `.krait-${process.pid}-${counter++}.tmp`)
  try {
    const handle = openSync(temporary, 'wx', mode)
    try {
      writeFileSync(handle, bytes)
    } finally {
      closeSync(handle)
    }
    // The process's umask took bits off the mode when the file was made.
    chmodSync(temporary, mode)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
