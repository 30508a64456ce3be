import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './workspace.mjs'

/**
 * A SHA-256 over the names and contents of files. Contents rather than times: a checkout changes times without changing anything.
 * @param {string[]} paths absolute; those that do not exist count as absent
 * @param {string} salt anything else that the result depends on
 */
export function fingerprint(paths, salt = '') {
  const hash = createHash('sha256').update(salt)
  for (const path of paths) {
    hash.update(`\0${relative(root, path)}\0`)
    if (existsSync(path)) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** All files below a folder, sorted; an absent folder has none. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
