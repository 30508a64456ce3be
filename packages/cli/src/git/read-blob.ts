import { environmentFor, type GitPlace } from './git-place.ts'

/** Reads the content of a file version, now: rules can not wait. `undefined` if the repository does not have it. */
export function readBlob(place: GitPlace, id: string): Buffer | undefined {
  // What runs processes takes a while to load, and few rules ask.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { status, stdout } = spawnSync('git', ['cat-file', 'blob', id], {
    cwd: place.folder, env: environmentFor(place), windowsHide: true, maxBuffer: Infinity, stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 ? stdout : undefined
}
