import type { Project, ReadChecker } from '@krait/core'
import { sha256 } from '../read/digest.ts'
import type { ProjectJob } from '../run/job.ts'
import { KnownFiles } from './known-files.ts'
import { CacheError, DAMAGED, type ProjectFolder } from './project-folder.ts'
import type { Segment } from './segment-file.ts'
import { contentOf, StoredFacts, type FactsHeader } from './stored-facts.ts'
import { StoredReads, type ReadsHeader } from './stored-reads.ts'
import { parseState, type ReadPlace, type StoredResult, type StoredState } from './stored-state.ts'

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
  #facts: readonly StoredFacts[] | undefined
  #areFactsDamaged = false
  readonly #reads = new Map<number, CheckedReads | undefined>()
  #renewals: ReadonlyMap<string, ReadPlace> | undefined
  #project: Project | undefined

  constructor({ folder, job, code, isUsable, beforeReading, onDamage }: ProjectCacheOptions) {
    this.#onDamage = onDamage
    this.folder = folder
    this.job = job
    this.code = code
    this.configs = job.configs.map((config) => sha256(JSON.stringify(config), 'base64url'))
    this.context = sha256(JSON.stringify([job.settings, job.changes && [job.changes.base, job.changes.files]]), 'base64url')
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

  /** The segments of stored facts. Of segments that are gone, or damaged, there is nothing. */
  facts(): readonly StoredFacts[] {
    this.#facts ??= this.factNames.flatMap((name) => {
      const segment = this.#openSegment<FactsHeader>(name)
      return segment ? [new StoredFacts(name, segment)] : []
    })
    return this.#facts
  }

  /** The content of each file of the job, as far as it is known. */
  contents(): (string | undefined)[] {
    return this.job.files.map((path) => {
      const version = this.files.versions.get(path)
      return version && contentOf(path, version.identity)
    })
  }

  /** The names of the segments of facts. */
  get factNames(): readonly string[] {
    return this.#areFactsDamaged ? [] : (this.state?.facts ?? [])
  }

  /** Whether `facts` has been asked for. */
  get hasReadFacts(): boolean {
    return this.#facts !== undefined
  }

  /** Closes what is open: nothing more is read. */
  close(): void {
    this.#closeFacts()
    this.#closeReads()
  }

  /** Forgets all stored facts: some are not what they should be. */
  dropFacts(): void {
    this.#closeFacts()
    this.#areFactsDamaged = true
    this.#facts = []
    this.#onDamage(new CacheError(DAMAGED))
  }

  /** @param segment place in the state @returns `undefined` if the segment is gone */
  reads(segment: number): CheckedReads | undefined {
    if (!this.#reads.has(segment)) {
      const opened = this.#openSegment<ReadsHeader>(this.state!.reads[segment]!)
      const stored = opened && new StoredReads(opened, () => this.#onDamage(new CacheError(DAMAGED)))
      const isRenewed = (read: number): boolean => {
        const by = this.renewal(segment, read)
        return by !== undefined && this.reads(by[0])?.checker?.allHold([by[1]]) === true
      }
      const buildHolds = (table: number, build: number): boolean => table < segment && this.reads(table)?.checker?.buildHolds(build) === true
      const checker = stored && this.#project?.checker(stored.table, { number: segment, textOf: stored.answer, isRenewed, buildHolds })
      this.#reads.set(segment, stored && { stored, checker })
    }
    return this.#reads.get(segment)
  }

  /** What stands in for an answer of a segment, see `Renewal`. */
  renewal(segment: number, read: number): ReadPlace | undefined {
    this.#renewals ??= new Map(this.state!.renewals.map(([oldSegment, oldRead, ...by]) => [`${oldSegment} ${oldRead}`, by]))
    const by = this.#renewals.get(`${segment} ${read}`)
    // A state that says otherwise is not to be trusted: it could go in a circle.
    return by && by[0] > segment ? by : undefined
  }

  /** Whether a segment of reads is gone. */
  isGone(segment: number): boolean {
    if (this.#reads.has(segment)) return this.#reads.get(segment) === undefined
    return !this.folder.hasSegment(this.state!.reads[segment]!)
  }

  /** Checks the doubtful results. @returns those that stand */
  recall(project: Project): Map<number, StoredResult> {
    this.#closeReads()
    this.#project = project
    // All of them: what was asked for a file that has changed may be asked again.
    for (const segment of this.state?.reads.keys() ?? []) this.reads(segment)
    const standing = new Map<number, StoredResult>()
    for (const [target, result] of this.doubtful) {
      const reads = this.reads(result.reads!.segment)
      if (reads?.checker!.allHold(reads.stored.log(result.reads!))) standing.set(target, result)
    }
    return standing
  }

  #closeFacts(): void {
    for (const segment of this.#facts ?? []) segment.close()
  }

  #closeReads(): void {
    for (const reads of this.#reads.values()) reads?.stored.close()
    this.#reads.clear()
  }

  #openSegment<Header>(name: string): Segment<Header> | undefined {
    return this.#unlessDamaged(() => this.folder.openSegment<Header>(name))
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
