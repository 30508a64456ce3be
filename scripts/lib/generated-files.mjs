import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './workspace.mjs'

/** Writes the files whose content differs. `files` are `{ path, content }`. */
export function writeFiles(files) {
  for (const { path, content } of files.filter(differs)) writeFileSync(path, content)
}

/** The files whose content on disk differs, as paths relative to the repository. */
export function staleFiles(files) {
  return files.filter(differs).map(({ path }) => relative(root, path))
}

function differs({ path, content }) {
  return !existsSync(path) || readFileSync(path, 'utf8') !== content
}
