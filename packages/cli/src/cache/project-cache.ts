import { digestOf, type Project, type ReadChecker } from '@krait/core'
import type { ProjectJob } from '../run/job.ts'
import type { FactSegment } from '../run/shared-facts.ts'
import { KnownFiles } from './known-files.ts'
import { CacheError, type ProjectFolder } from './project-folder.ts'
import { contentOf, StoredFacts } from './stored-facts.ts'
import { logAt, readsIn, type StoredReads } from './stored-reads.ts'
import { parseState, type StoredResult, type StoredState } from './stored-state.ts'

export interface ProjectCacheOptions {
  readonly folder: ProjectFolder
  readonly job: ProjectJob
  /** See `codeDigest`. */
  readonly code: string
  /** Whether a result can be used as it is: not one with something to fix, if fixes are applied. */
  isUsable(result: StoredResult): boolean
  /** Called before the first file is read. */
  beforeReading(): void
  /** Told what is damaged; it counts as gone. */
  onDamage(error: CacheError): void
}

/** Reads of earlier runs, and how they compare with the project now. */
export interface CheckedReads {
  readonly stored: StoredReads
  readonly checker: ReadChecker | undefined
}

/** What earlier runs left of one project, held against the project as it is now. */
export class ProjectCache {
  readonly folder: ProjectFolder
  readonly job: ProjectJob
  readonly code: string
  /** Digests of the configs of the job. */
  readonly configs: readonly string[]
  readonly context: string
  /** What was stored, unless other code stored it. */
  readonly state: StoredState | undefined
  readonly files: KnownFiles
  /** Whether the project is what it was when the state was written. */
  readonly isSame: boolean
  /** The results that stand, by place among the targets. */
  readonly certain: ReadonlyMap<number, StoredResult>
  /** The results that stand if their reads hold. */
  readonly doubtful: ReadonlyMap<number, StoredResult>
  readonly #onDamage: (error: CacheError) => void
  #facts: StoredFacts | undefined
  readonly #reads = new Map<number, CheckedReads | undefined>()
  #project: Project | undefined

  constructor({ folder, job, code, isUsable, beforeReading, onDamage }: ProjectCacheOptions) {
    this.#onDamage = onDamage
    this.folder = folder
    this.job = job
    this.code = code
    this.configs = job.configs.map((config) => digestOf(JSON.stringify(config)))
    this.context = digestOf(JSON.stringify([job.settings, job.changes && [job.changes.base, job.changes.files]]))
    const stored = this.#unlessDamaged(() => folder.readState())
    const state = stored === undefined ? undefined : parseState(stored)
    this.state = state?.code === code ? state : undefined
    this.files = new KnownFiles(job, this.state, beforeReading)
    this.isSame = this.files.areSame && this.state?.context === this.context
    const { certain, doubtful } = this.#sortResults(isUsable)
    this.certain = certain
    this.doubtful = doubtful
  }

  /** The project in which reads were checked, if they were. */
  get project(): Project | undefined {
    return this.#project
  }

  /** The stored facts of files as they are now. @param firstFile the number of the project's first file */
  facts(firstFile: number): FactSegment[] {
    const files = new Map<string, number[]>()
    for (const [index, path] of this.job.files.entries()) {
      const version = this.files.versions.get(path)
      if (!version) continue
      const content = contentOf(path, version.identity)
      const sharing = files.get(content)
      if (sharing) sharing.push(firstFile + index)
      else files.set(content, [firstFile + index])
    }
    return this.storedFacts().forFiles(files)
  }

  /** Of segments that are gone, nothing. */
  storedFacts(): StoredFacts {
    return (this.#facts ??= new StoredFacts((name) => this.#readSegment(name), this.state?.facts ?? []))
  }

  /** Whether `storedFacts` has been asked for. */
  get hasReadFacts(): boolean {
    return this.#facts !== undefined
  }

  /** @param segment place in the state @returns `undefined` if the segment is gone */
  reads(segment: number): CheckedReads | undefined {
    if (!this.#reads.has(segment)) {
      const name = this.state!.reads[segment]!
      const piece = this.#readSegment(name)
      const stored = piece && readsIn(piece)
      this.#reads.set(segment, stored && { stored, checker: this.#project?.checker(stored.table) })
    }
    return this.#reads.get(segment)
  }

  /** Whether a segment of reads is gone. */
  isGone(segment: number): boolean {
    if (this.#reads.has(segment)) return this.#reads.get(segment) === undefined
    return !this.folder.hasSegment(this.state!.reads[segment]!)
  }

  /** Checks the doubtful results. @returns those that stand */
  recall(project: Project): Map<number, StoredResult> {
    this.#project = project
    this.#reads.clear()
    const standing = new Map<number, StoredResult>()
    for (const [target, result] of this.doubtful) {
      const reads = this.reads(result.reads!.segment)
      if (reads?.checker!.allHold(logAt(reads.stored, result.reads!))) standing.set(target, result)
    }
    return standing
  }

  #readSegment(name: string): Buffer<SharedArrayBuffer> | undefined {
    return this.#unlessDamaged(() => this.folder.readSegment(name))
  }

  #unlessDamaged<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof CacheError)) throw error
      this.#onDamage(error)
      return undefined
    }
  }

  #sortResults(isUsable: (result: StoredResult) => boolean): { certain: Map<number, StoredResult>; doubtful: Map<number, StoredResult> } {
    const certain = new Map<number, StoredResult>()
    const doubtful = new Map<number, StoredResult>()
    const results = new Map(this.state?.results.map((result) => [result.path, result]))
    for (const [number, { path, config }] of this.job.targets.entries()) {
      const result = results.get(path)
      if (!result || !this.files.isSame(path) || this.state!.configs[result.config] !== this.configs[config] || !isUsable(result)) continue
      const isCertain = result.reads === null || (this.isSame && result.isCurrent)
      ;(isCertain ? certain : doubtful).set(number, result)
    }
    return { certain, doubtful }
  }
}
