import type { ProjectJob } from '../run/job.ts'
import { hasStamp, readVersionOf, type FileVersion } from '../read/file-version.ts'
import type { StoredFile, StoredState } from './stored-state.ts'

/** The files of a project as they are now, as far as an earlier run has read them. */
export class KnownFiles {
  readonly #versions = new Map<string, FileVersion>()
  readonly #same = new Set<string>()
  /** Whether these are the same files as then, and all that were read have the same content. */
  readonly areSame: boolean
  /** How many files have the same content, but had to be read to see that. */
  readonly readAgain: number

  /** @param beforeReading called before the first file is read */
  constructor(job: ProjectJob, state: StoredState | undefined, beforeReading: () => void) {
    const present = new Set(job.files)
    let readAgain = 0
    for (const [path, version] of state?.files ?? []) {
      // What stands in place of a file is not kept, nor compared with what is.
      if (!version || !present.has(path) || isReplaced(job, path)) continue
      const absolute = `${job.root}/${path}`
      if (version.stamp && hasStamp(absolute, version.stamp)) {
        this.#versions.set(path, version)
        this.#same.add(path)
        continue
      }
      if (readAgain === 0) beforeReading()
      readAgain++
      const now = readVersionOf(absolute)
      this.#versions.set(path, now)
      if (now.identity === version.identity) this.#same.add(path)
    }
    this.readAgain = readAgain
    this.areSame = state !== undefined && haveSamePaths(state.files, job.files) && state.files.every(([path, version]) => !version || this.#same.has(path))
  }

  /** The versions now, by path. */
  get versions(): ReadonlyMap<string, FileVersion> {
    return this.#versions
  }

  /** Whether the file has the content that it had then. */
  isSame(path: string): boolean {
    return this.#same.has(path)
  }
}

export function isReplaced({ overlay, refused }: ProjectJob, path: string): boolean {
  return Object.hasOwn(overlay, path) || Object.hasOwn(refused, path)
}

function haveSamePaths(stored: readonly StoredFile[], paths: readonly string[]): boolean {
  return stored.length === paths.length && stored.every(([path], i) => path === paths[i])
}
