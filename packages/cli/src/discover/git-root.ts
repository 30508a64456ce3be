import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The nearest folder, this one or above it, that holds a git work tree (or a submodule or linked work tree); `undefined` outside git. */
export function findGitRoot(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current
    if (dirname(current) === current) return undefined
  }
}

/**
 * The text of `.git/info/exclude` of a work tree, or the empty string. In a linked work tree and in a submodule `.git` is a file that
 * names the real folder (see gitrepository-layout(5)).
 */
export function readGitExclude(gitRoot: string): string {
  try {
    return readFileSync(join(commonGitFolder(join(gitRoot, '.git')), 'info', 'exclude'), 'utf8')
  } catch {
    // Without such a file, or without the right to read it, git excludes nothing either.
    return ''
  }
}

function commonGitFolder(dotGit: string): string {
  if (statSync(dotGit).isDirectory()) return dotGit
  const gitFolder = resolve(dirname(dotGit), readFileSync(dotGit, 'utf8').replace(/^gitdir:\s*/u, '').trim())
  const commonFile = join(gitFolder, 'commondir')
  return existsSync(commonFile) ? resolve(gitFolder, readFileSync(commonFile, 'utf8').trim()) : gitFolder
}
