import { statSync, type Stats } from 'node:fs'
import { sha256 } from './digest.ts'
import { readRaw, type RawFile } from './read-source.ts'

/** Which content a file has. */
export interface FileVersion {
  /** The same for the same content: a digest of the bytes, or `!` and why the file can not be read. */
  readonly identity: string
  /** By which the content is known without being read; `null` if it can not be. */
  readonly stamp: FileStamp | null
}

/** What the system said of a file before it was read: while it says the same, the content is most likely the same. Times are milliseconds since 1970. */
export type FileStamp = readonly [size: number, modified: number, changed: number, inode: number]

/** The version of a file that was read. */
export function versionOf(raw: RawFile): FileVersion {
  if ('reason' in raw) return { identity: `!${raw.reason}`, stamp: null }
  return { identity: sha256(raw.bytes, 'base64url'), stamp: stampOf(raw.stats) }
}

/** Reads a file for its version alone. */
export function readVersionOf(path: string): FileVersion {
  return versionOf(readRaw(path))
}

/** Whether the system still says the same of a file. */
export function hasStamp(path: string, [size, modified, changed, inode]: FileStamp): boolean {
  try {
    const stats = statSync(path)
    return stats.size === size && stats.mtimeMs === modified && stats.ctimeMs === changed && stats.ino === inode
  } catch {
    // Reading the file will tell what is wrong.
    return false
  }
}

/** The moment at which a file with this stamp was last changed in any way. */
export function changeTimeOf([, modified, changed]: FileStamp): number {
  return Math.max(modified, changed)
}

function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): FileStamp {
  return [size, mtimeMs, ctimeMs, ino]
}
