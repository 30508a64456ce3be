import type { AnyFact } from './fact.ts'
import type { AnyIndex } from './index-definition.ts'
import { FAILED } from './fact-store.ts'
import type { RecalledAnswer } from './index-store.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ReadRecorder } from './read-recorder.ts'
import type { Read, ReadTable } from './read-table.ts'

const UNKNOWN = 0
const HOLDS = 1
const FAILS = 2

/** A table of reads among those that earlier runs left. All but the table may be left out. */
export interface EarlierReads {
  /** By which reads of later tables name this one, see `Read`. */
  readonly number?: number
  /** Gives the JSON text of an answer, by the place of its read, if it was kept. */
  textOf?(place: number): string | undefined
  /** Tells whether an answer holds that a later run has renewed, by the place of its read: see `ReadChecker.renewed`. */
  isRenewed?(place: number): boolean
  /** Tells whether what a build of another table has read holds. */
  buildHolds?(table: number, build: number): boolean
}

/** Tells whether reads of another run would have the same answers in the project as it is now. Each read is checked once. */
export class ReadChecker {
  readonly #answers: ProjectAnswers
  readonly #recorder: ReadRecorder
  readonly #table: ReadTable
  readonly #facts: ReadonlyMap<string, AnyFact>
  readonly #indexes: ReadonlyMap<string, AnyIndex>
  readonly #reads: Uint8Array
  readonly #builds: Uint8Array
  readonly #logs: Uint8Array
  readonly #earlier: EarlierReads
  readonly #renewed = new Map<number, number>()
  /** By index and key. */
  #answerPlaces: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, indexes: readonly AnyIndex[], table: ReadTable, earlier: EarlierReads) {
    this.#answers = answers
    this.#recorder = recorder
    this.#table = table
    this.#earlier = earlier
    this.#facts = byIdentity(answers.facts.facts)
    this.#indexes = byIdentity(indexes)
    this.#reads = new Uint8Array(table.reads.length)
    this.#builds = new Uint8Array(table.builds.length)
    this.#logs = new Uint8Array(table.logs.length)
  }

  /**
   * Answers that hold although their index reads something else by now: by their place, the place that the same answer has in the project's
   * own table. Only with that can they be checked next time without asking the index.
   */
  get renewed(): ReadonlyMap<number, number> {
    return this.#renewed
  }

  /** Whether all reads of a log hold. @param log see `ReadTable` */
  allHold(log: Iterable<number>): boolean {
    for (const number of log) if (!(number < 0 ? this.#logHolds(~number) : this.#holds(number))) return false
    return true
  }

  /** The answer that an index gave in the other run, if it still stands and was kept. The index need not be built for that. */
  answer(index: AnyIndex, key: string): RecalledAnswer | undefined {
    this.#answerPlaces ??= answerPlaces(this.#table)
    const place = this.#answerPlaces.get(identity(index.name, index.version))?.get(key)
    const read = place === undefined ? undefined : this.#table.reads[place]
    if (read?.[0] !== 'answer' || read[3] === FAILED || !this.buildHolds(read[1])) return undefined
    const digest = read[3]
    const json = digest === null ? undefined : this.#earlier.textOf?.(place!)
    if (digest !== null && json === undefined) return undefined
    this.#recorder.logOf(index, key).add(this.#recorder.earlier(this.#earlier.number ?? 0, read[1]))
    return { value: json === undefined ? undefined : JSON.parse(json), logged: { digest, json } }
  }

  #holds(place: number): boolean {
    if (this.#reads[place] === UNKNOWN) {
      const read = this.#table.reads[place]
      this.#reads[place] = read && this.#check(read, place) ? HOLDS : FAILS
    }
    return this.#reads[place] === HOLDS
  }

  #logHolds(place: number): boolean {
    if (this.#logs[place] === UNKNOWN) {
      const log = this.#table.logs[place]
      // No log holds itself; a table that says so is not to be trusted.
      this.#logs[place] = FAILS
      if (log && this.allHold(log)) this.#logs[place] = HOLDS
    }
    return this.#logs[place] === HOLDS
  }

  #check(read: Read, place: number): boolean {
    // Of an error only its being there was kept.
    if (read.at(-1) === FAILED) return false
    const answers = this.#answers
    switch (read[0]) {
      case 'settings':
        return read[1] === answers.settingsDigest()
      case 'changes':
        return read[1] === answers.changesDigest()
      case 'files':
        return read[1] === answers.filesDigest()
      case 'file':
        return read[2] === answers.files.has(read[1])
      case 'folder':
        return read[2] === answers.files.hasFolder(read[1])
      case 'fact': {
        const fact = this.#facts.get(identity(read[1], read[2]))
        return fact !== undefined && read[4] === answers.factDigest(fact, read[3])
      }
      case 'facts': {
        const fact = this.#facts.get(identity(read[1], read[2]))
        return fact !== undefined && read[3] === answers.allFactsDigest(fact)
      }
      case 'answer':
        return this.buildHolds(read[1]) || this.#earlier.isRenewed?.(place) === true || this.#asksTheSame(read, place)
      case 'index':
        return this.buildHolds(read[1])
      case 'earlier':
        return this.#earlier.buildHolds?.(read[1], read[2]) === true
    }
  }

  /** Whether all holds that a build of the table has read: an index that would read the same would also answer the same. */
  buildHolds(place: number): boolean {
    if (this.#builds[place] === UNKNOWN) {
      // No index rests on itself; a table that says so is not to be trusted.
      this.#builds[place] = FAILS
      if (this.#indexOf(place) && this.allHold(this.#table.builds[place]!.reads)) this.#builds[place] = HOLDS
    }
    return this.#builds[place] === HOLDS
  }

  #asksTheSame([, build, key, digest]: Read & { readonly 0: 'answer' }, place: number): boolean {
    const index = this.#indexOf(build)
    if (!index || digest !== this.#answers.loggedAnswer(index, key).digest) return false
    this.#renewed.set(place, this.#recorder.answer(index, key))
    return true
  }

  #indexOf(place: number): AnyIndex | undefined {
    const build = this.#table.builds[place]
    return build && this.#indexes.get(identity(build.name, build.version))
  }
}

function answerPlaces({ reads, builds }: ReadTable): Map<string, Map<string, number>> {
  const places = new Map<string, Map<string, number>>()
  const ofBuilds = builds.map(({ name, version }) => {
    const key = identity(name, version)
    const known = places.get(key) ?? new Map<string, number>()
    places.set(key, known)
    return known
  })
  for (const [place, read] of reads.entries()) if (read[0] === 'answer') ofBuilds[read[1]]?.set(read[2], place)
  return places
}

function byIdentity<Definition extends { readonly name: string; readonly version: number }>(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(definitions.map((definition) => [identity(definition.name, definition.version), definition]))
}

function identity(name: string, version: number): string {
  return `${name}@${version}`
}
