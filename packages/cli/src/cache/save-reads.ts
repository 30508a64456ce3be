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
  /** How many segments stay as they are; what later ones hold is written anew, together with what is new. */
  #kept = 0
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
    this.#kept = this.#countKept(kept)
    const results = kept.flatMap(({ result, reads }): StoredResult[] => {
      if (reads && 'thread' in reads) return [{ ...result, reads: this.#add(reads.places, this.#threadImporter(reads.thread)) }]
      const place = reads?.reads
      if (!place) return [{ ...result, reads: null }]
      if (place.segment < this.#kept) return [{ ...result, reads: place }]
      const stored = this.#cache.reads(place.segment)?.stored
      return stored ? [{ ...result, reads: this.#add(stored.log(place), this.#segmentImporter(place.segment)) }] : []
    })
    const renewals = [...this.#keptRenewals(), ...this.#newRenewals()]
    const before = this.#names.slice(0, this.#kept)
    if (this.#builder.isEmpty) return { results, segments: before, renewals }
    const name = this.#cache.folder.writeSegment(this.#builder.pieces(), before)
    // Who edits one function again and again has the same reads each time.
    const known = renewals.some(([, , by]) => by === NEW_SEGMENT) ? -1 : before.indexOf(name)
    const place = known === -1 ? before.length : known
    return {
      results: results.map((result) => (result.reads?.segment === NEW_SEGMENT ? { ...result, reads: { ...result.reads, segment: place } } : result)),
      segments: known === -1 ? [...before, name] : before,
      renewals: renewals.map(([segment, read, by, byRead]) => [segment, read, by === NEW_SEGMENT ? place : by, byRead]),
    }
  }

  /**
   * None where one is gone or damaged, or most is old. Where there are too many, the last ones are put together, as many as together are less than half of the
   * one before.
   */
  #countKept(kept: readonly KeptResult[]): number {
    const count = this.#names.length
    if (this.#names.some((_, segment) => this.#cache.isGone(segment))) return 0
    if (!this.#cache.project && count < MOST_SEGMENTS) return count
    const stored = this.#names.flatMap((_, segment) => this.#cache.reads(segment)?.stored ?? [])
    if (stored.length < count || stored.some(({ isDamaged }) => isDamaged)) return 0
    const live = kept.reduce((sum, { reads }) => sum + (reads && 'path' in reads ? (reads.reads?.count ?? 0) : 0), 0)
    if (live < stored.reduce((sum, { logs }) => sum + logs.length, 0) / 2) return 0
    if (count < MOST_SEGMENTS) return count
    let first = count - 1
    let size = stored[first]!.size
    while (first > 0 && size >= stored[first - 1]!.size / 2) size += stored[--first]!.size
    return first
  }

  /** Of reads in segments that stay. */
  *#keptRenewals(): Generator<Renewal> {
    for (const [segment, read, by, byRead] of this.#cache.state?.renewals ?? []) {
      if (segment >= this.#kept) continue
      if (by < this.#kept) yield [segment, read, by, byRead]
      else if (this.#cache.reads(by)) yield [segment, read, NEW_SEGMENT, this.#segmentImporter(by)(byRead)]
    }
  }

  /** Of answers that were checked by asking their index. Their new reads stand in the segment that is being written. */
  *#newRenewals(): Generator<Renewal> {
    if (!this.#cache.project) return
    for (let segment = 0; segment < this.#kept; segment++) {
      for (const [read, renewed] of this.#cache.reads(segment)?.checker?.renewed ?? []) {
        yield [segment, read, NEW_SEGMENT, this.#projectImporter()(renewed)]
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
      this.#ofThreads.set(thread, (importer = this.#builder.importer(readsIn(table), (place) => texts.get(place), this.#earlierReads(this.#names.length))))
    }
    return importer
  }

  #segmentImporter(segment: number): Importer {
    let importer = this.#ofSegments.get(segment)
    if (!importer) {
      const { stored, checker } = this.#cache.reads(segment)!
      const earlierReads = this.#earlierReads(segment)
      const renew = (read: Read, place: number): number | readonly number[] | undefined => {
        const renewed = checker?.renewed.get(place)
        if (renewed !== undefined) return this.#projectImporter()(renewed)
        const by = this.#cache.renewal(segment, place)
        return by && this.#cache.reads(by[0]) ? this.#segmentImporter(by[0])(by[1]) : earlierReads(read)
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
      this.#ofProject = this.#builder.importer(readsIn(project.readTable()), (place) => texts.get(place), this.#earlierReads(this.#names.length))
    }
    return this.#ofProject
  }

  /**
   * Reads of a table that stand in earlier segments come along if these do not stay. One that has gone is named further on, so that nothing that rests
   * on it will hold.
   * @param segment in which the table stands
   */
  #earlierReads(segment: number): (read: Read) => readonly number[] | undefined {
    return (read) => {
      if (read[0] !== 'earlier') return undefined
      const [, earlier, build] = read
      if (earlier < this.#kept || earlier >= segment) return undefined
      return this.#cache.reads(earlier)?.stored.table.build(build)!.reads.map(this.#segmentImporter(earlier))
    }
  }
}

type Importer = (place: number) => number

/** Stands for the segment that is being written. */
const NEW_SEGMENT = -1
