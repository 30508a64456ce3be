import { readsIn, type Read } from '@krait/core'
import type { ProjectTrace } from '../run/job.ts'
import type { ProjectCache } from './project-cache.ts'
import { MOST_SEGMENTS } from './save-facts.ts'
import type { KeptResult } from './save-project.ts'
import { ReadsBuilder } from './stored-reads.ts'
import type { ReadsPlace, Renewal, StoredResult } from './stored-state.ts'

/** Results with the place of their reads, and the segments in which these stand. */
export interface SavedReads {
  readonly results: readonly StoredResult[]
  readonly segments: readonly string[]
  readonly renewals: readonly Renewal[]
}

/** Writes what the kept results rest on. Of a result whose reads are gone nothing is kept. @throws {CacheError} */
export function saveReads(cache: ProjectCache, kept: readonly KeptResult[], traces: ReadonlyMap<number, ProjectTrace>): SavedReads {
  return new ReadsWriter(cache, traces).write(kept)
}

class ReadsWriter {
  readonly #cache: ProjectCache
  readonly #traces: ReadonlyMap<number, ProjectTrace>
  readonly #names: readonly string[]
  readonly #builder = new ReadsBuilder()
  #isRewritten = false
  /** By thread, and by stored segment. */
  readonly #ofThreads = new Map<number, Importer>()
  readonly #ofSegments = new Map<number, Importer>()
  #ofProject: Importer | undefined

  constructor(cache: ProjectCache, traces: ReadonlyMap<number, ProjectTrace>) {
    this.#cache = cache
    this.#traces = traces
    this.#names = cache.state?.reads ?? []
  }

  write(kept: readonly KeptResult[]): SavedReads {
    this.#isRewritten = this.#mustRewrite(kept)
    const results = kept.flatMap(({ result, reads }): StoredResult[] => {
      if (reads && 'thread' in reads) return [{ ...result, reads: this.#add(reads.places, this.#threadImporter(reads.thread)) }]
      const place = reads?.reads
      if (!place) return [{ ...result, reads: null }]
      if (!this.#isRewritten) return [{ ...result, reads: place }]
      const stored = this.#cache.reads(place.segment)?.stored
      return stored ? [{ ...result, reads: this.#add(stored.log(place), this.#segmentImporter(place.segment)) }] : []
    })
    const renewals = this.#isRewritten ? [] : [...(this.#cache.state?.renewals ?? []), ...this.#newRenewals()]
    const before = this.#isRewritten ? [] : this.#names
    const added = this.#builder.isEmpty ? [] : [this.#cache.folder.writeSegment(...this.#builder.pieces())]
    return { results: results.map((result) => inSegment(result, before.length)), segments: [...before, ...added], renewals }
  }

  /** All is put into one segment where there are too many, one is gone or damaged, or most is old. */
  #mustRewrite(kept: readonly KeptResult[]): boolean {
    if (this.#names.length >= MOST_SEGMENTS || this.#names.some((_, segment) => this.#cache.isGone(segment))) return true
    if (!this.#cache.project) return false
    const checked = this.#names.flatMap((_, segment) => this.#cache.reads(segment) ?? [])
    if (checked.some(({ stored }) => stored.isDamaged)) return true
    const stored = checked.reduce((sum, { stored: { logs } }) => sum + logs.length, 0)
    const live = kept.reduce((sum, { reads }) => sum + (reads && 'path' in reads ? (reads.reads?.count ?? 0) : 0), 0)
    return live < stored / 2
  }

  /** Of answers that were checked by asking their index. Their new reads stand in the segment that is being written. */
  *#newRenewals(): Generator<Renewal> {
    if (!this.#cache.project) return
    for (const segment of this.#names.keys()) {
      for (const [read, renewed] of this.#cache.reads(segment)?.checker?.renewed ?? []) {
        yield [segment, read, this.#names.length, this.#projectImporter()(renewed)]
      }
    }
  }

  #add(places: Iterable<number>, importer: Importer): ReadsPlace | null {
    const log = Array.from(places, importer)
    return log.length === 0 ? null : { segment: NEW_SEGMENT, ...this.#builder.add(log) }
  }

  #threadImporter(thread: number): Importer {
    let importer = this.#ofThreads.get(thread)
    if (!importer) {
      const { table, answers } = this.#traces.get(thread)!
      const texts = new Map(answers)
      this.#ofThreads.set(thread, (importer = this.#builder.importer(readsIn(table), (place) => texts.get(place), this.#importEarlier)))
    }
    return importer
  }

  #segmentImporter(segment: number): Importer {
    let importer = this.#ofSegments.get(segment)
    if (!importer) {
      const { stored, checker } = this.#cache.reads(segment)!
      const renew = (read: Read, place: number): number | readonly number[] | undefined => {
        const renewed = checker?.renewed.get(place)
        if (renewed !== undefined) return this.#projectImporter()(renewed)
        const by = this.#cache.renewal(segment, place)
        return by && this.#cache.reads(by[0]) ? this.#segmentImporter(by[0])(by[1]) : this.#importEarlier(read)
      }
      this.#ofSegments.set(segment, (importer = this.#builder.importer(stored.table, stored.answer, renew)))
    }
    return importer
  }

  /** What the project in which reads were checked has read itself. */
  #projectImporter(): Importer {
    if (!this.#ofProject) {
      const project = this.#cache.project!
      const texts = project.answerTexts()
      this.#ofProject = this.#builder.importer(readsIn(project.readTable()), (place) => texts.get(place), this.#importEarlier)
    }
    return this.#ofProject
  }

  /**
   * Where all is written anew, reads of a table that stand in earlier segments come along. One that has gone is named further on, so that nothing that
   * rests on it will hold.
   */
  readonly #importEarlier = (read: Read): readonly number[] | undefined => {
    if (!this.#isRewritten || read[0] !== 'earlier') return undefined
    const [, segment, build] = read
    return this.#cache.reads(segment)?.stored.table.build(build)!.reads.map(this.#segmentImporter(segment))
  }
}

type Importer = (place: number) => number

/** Stands for the segment that is being written. */
const NEW_SEGMENT = -1

function inSegment(result: StoredResult, newSegment: number): StoredResult {
  return result.reads?.segment === NEW_SEGMENT ? { ...result, reads: { ...result.reads, segment: newSegment } } : result
}
