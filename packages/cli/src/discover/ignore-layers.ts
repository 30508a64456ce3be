import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { findGitRoot, readGitExclude } from './git-root.ts'
import { relativePath } from './relative-path.ts'

/** One `.gitignore` (or `.git/info/exclude`) and the folder to which its patterns are relative. */
export interface IgnoreLayer {
  readonly base: string
  readonly patterns: Ignore
}

export type IgnoreDecision = 'ignored' | 'kept' | 'taken-back'

/** What the layers say of a path whose folder is not ignored. The deepest file that has a word on it decides, as in git. */
export function decide(layers: readonly IgnoreLayer[], path: string, isFolder: boolean): IgnoreDecision {
  for (let i = layers.length - 1; i >= 0; i--) {
    const { ignored, unignored } = test(layers[i]!, path, isFolder)
    if (ignored) return 'ignored'
    if (unignored) return 'taken-back'
  }
  return 'kept'
}

/**
 * The layers that speak inside a folder, its own `.gitignore` included; none outside a git work tree.
 * A folder that is ignored but was named by the user, or was taken back by a deeper file, is entered; layers that ignore it are dropped,
 * since they would ignore all that is in it.
 */
export function layersOf(folder: string): readonly IgnoreLayer[] {
  const gitRoot = findGitRoot(folder)
  if (gitRoot === undefined) return []
  const chain: string[] = []
  for (let current = folder; current !== gitRoot; current = dirname(current)) chain.push(current)
  let layers = layersOfGitRoot(gitRoot)
  for (const current of chain.reverse()) layers = layersBelow(dropIgnoring(layers, current), current)
  return layers
}

/** The layers inside a folder, from those that speak around it. */
export function layersBelow(layers: readonly IgnoreLayer[], folder: string): readonly IgnoreLayer[] {
  const own = readIgnoreFile(join(folder, '.gitignore'))
  return own === '' ? layers : [...layers, { base: folder, patterns: ignore().add(own) }]
}

export function layersOfGitRoot(gitRoot: string): readonly IgnoreLayer[] {
  const exclude = readGitExclude(gitRoot)
  return layersBelow(exclude === '' ? [] : [{ base: gitRoot, patterns: ignore().add(exclude) }], gitRoot)
}

/** The layers that do not ignore the folder. */
export function dropIgnoring(layers: readonly IgnoreLayer[], folder: string): readonly IgnoreLayer[] {
  return layers.filter((layer) => !test(layer, folder, true).ignored)
}

function test(layer: IgnoreLayer, path: string, isFolder: boolean): { ignored: boolean; unignored: boolean } {
  const relative = relativePath(layer.base, path)
  return layer.patterns.test(isFolder ? `${relative}/` : relative)
}

function readIgnoreFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Git, too, goes on without an ignore file that is missing, a folder, or out of reach.
    return ''
  }
}
