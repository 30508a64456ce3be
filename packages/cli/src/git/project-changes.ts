import { hasNewContent, keepChanged, type ChangedFile, type ProjectChanges } from '@krait/core'
import { decodeSource } from '../read/decode.ts'
import type { TargetOutcome } from '../run/job.ts'
import type { GitPlace } from './git-place.ts'
import { readBlob } from './read-blob.ts'

/** What was changed in a project. Plain JSON: it travels to workers. */
export interface ProjectChangesData {
  readonly base: string | null
  /** Sorted by path. */
  readonly files: readonly ChangedFile[]
  /** The ids of the contents at the base, by path. */
  readonly baseIds: Readonly<Record<string, string>>
  readonly place: GitPlace
}

/** Tells rules what was changed. Texts of the base are read from git's store, each once, when a rule asks. */
export class GitChanges implements ProjectChanges {
  readonly base: string | null
  readonly files: readonly ChangedFile[]
  readonly #byPath: ReadonlyMap<string, ChangedFile>
  readonly #data: ProjectChangesData
  readonly #texts = new Map<string, string | undefined>()

  constructor(data: ProjectChangesData) {
    this.base = data.base
    this.files = data.files
    this.#byPath = new Map(data.files.map((file) => [file.path, file]))
    this.#data = data
  }

  file(path: string): ChangedFile | undefined {
    return this.#byPath.get(path)
  }

  baseText(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#readBase(path))
    return this.#texts.get(path)
  }

  #readBase(path: string): string | undefined {
    const { baseIds, place } = this.#data
    const bytes = Object.hasOwn(baseIds, path) ? readBlob(place, baseIds[path]!) : undefined
    const decoded = bytes && decodeSource(bytes)
    return decoded && 'text' in decoded ? decoded.text.replace(/^\uFEFF/, '') : undefined
  }
}

/** Leaves the outcomes that a report on changes shows: changed files, and the findings elsewhere that a change caused. */
export function keepChangedOutcomes(outcomes: readonly TargetOutcome[], data: ProjectChangesData): TargetOutcome[] {
  const changes = new GitChanges(data)
  return outcomes.flatMap((outcome) => {
    // In a fixed file the changed lines have moved: its findings were chosen while it was fixed.
    if (outcome.fixed) return [outcome]
    const result = keepChanged(outcome.result, changes)
    const file = changes.file(result.path)
    return result.findings.length > 0 || (file && hasNewContent(file)) ? [{ ...outcome, result }] : []
  })
}
