import type { AnyFact } from './fact.ts'
import type { AnyIndex } from './index-definition.ts'
import { hasDigestAt, DIGEST_WORDS } from './digest.ts'
import type { RecalledAnswer } from './index-store.ts'
import type { PackedReads } from './packed-reads.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { ReadRecorder } from './read-recorder.ts'
import { KEY_SEPARATOR } from './read-table.ts'

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
  readonly #table: PackedReads
  /** By the heads and the indexes of the table; without those that nobody declares. */
  readonly #facts: readonly (AnyFact | undefined)[]
  readonly #indexes: readonly (AnyIndex | undefined)[]
  readonly #reads: Uint8Array
  readonly #builds: Uint8Array
  readonly #logs: Uint8Array
  readonly #earlier: EarlierReads
  readonly #renewed = new Map<number, number>()

  constructor(answers: ProjectAnswers, recorder: ReadRecorder, indexes: readonly AnyIndex[], table: PackedReads, earlier: EarlierReads) {
    this.#answers = answers
    this.#recorder = recorder
    this.#table = table
    this.#earlier = earlier
    const facts = byIdentity(answers.facts.facts)
    this.#facts = table.heads.map(([, name, version]) => (name === undefined ? undefined : facts.get(identity(name, version!))))
    const known = byIdentity(indexes)
    this.#indexes = table.indexes.map((index) => known.get(index))
    this.#reads = new Uint8Array(table.readCount)
    this.#builds = new Uint8Array(table.buildCount)
    this.#logs = new Uint8Array(table.logCount)
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
    for (const number of log) if (!this.#numberHolds(number)) return false
    return true
  }

  /** The answer that an index gave in the other run, if it still stands and was kept. The index need not be built for that. */
  answer(index: AnyIndex, key: string): RecalledAnswer | undefined {
    for (const place of this.#table.answersTo(identity(index.name, index.version), key)) {
      const build = this.#table.numberOf(place)
      if (this.#table.hasFailed(place) || !this.buildHolds(build)) continue
      const digest = this.#table.digestOf(place)
      const json = digest === null ? undefined : this.#earlier.textOf?.(place)
      if (digest !== null && json === undefined) continue
      this.#recorder.logOf(index, key).add(this.#recorder.earlier(this.#earlier.number ?? 0, build))
      return { value: json === undefined ? undefined : JSON.parse(json), logged: { digest, json } }
    }
    return undefined
  }

  /** Whether all holds that a build of the table has read: an index that would read the same would also answer the same. */
  buildHolds(place: number): boolean {
    if (this.#builds[place] === UNKNOWN) {
      // No index rests on itself; a table that says so is not to be trusted.
      this.#builds[place] = FAILS
      if (this.#indexOf(place) && this.#listHolds(this.#table.listStart(place), this.#table.listStart(place + 1))) this.#builds[place] = HOLDS
    }
    return this.#builds[place] === HOLDS
  }

  #listHolds(start: number, end: number): boolean {
    const { lists } = this.#table
    for (let at = start; at < end; at++) if (!this.#numberHolds(lists[at]!)) return false
    return true
  }

  #numberHolds(number: number): boolean {
    const known = number < 0 ? this.#logs[~number] : this.#reads[number]
    if (known === UNKNOWN) return number < 0 ? this.#logHolds(~number) : this.#readHolds(number)
    return known === HOLDS
  }

  #logHolds(place: number): boolean {
    // No log holds itself; a table that says so is not to be trusted.
    this.#logs[place] = FAILS
    if (this.#listHolds(this.#table.logStart(place), this.#table.logStart(place + 1))) this.#logs[place] = HOLDS
    return this.#logs[place] === HOLDS
  }

  #readHolds(place: number): boolean {
    this.#reads[place] = FAILS
    if (this.#check(place)) this.#reads[place] = HOLDS
    return this.#reads[place] === HOLDS
  }

  #check(place: number): boolean {
    const answers = this.#answers
    const table = this.#table
    // Of an error only its being there was kept.
    if (table.hasFailed(place)) return false
    const head = table.headOf(place)
    switch (table.heads[head]?.[0]) {
      case 'settings':
        return table.digestOf(place) === answers.settingsDigest()
      case 'changes':
        return table.digestOf(place) === answers.changesDigest()
      case 'files':
        return table.digestOf(place) === answers.filesDigest()
      case 'file':
        return table.numberOf(place) === (answers.files.has(table.textOf(place)) ? 1 : 0)
      case 'folder':
        return table.numberOf(place) === (answers.files.hasFolder(table.textOf(place)) ? 1 : 0)
      case 'fact': {
        const fact = this.#facts[head]
        return fact !== undefined && this.#factIsSame(fact, place)
      }
      case 'part':
        return this.#numberHolds(table.numberOf(place)) || this.#partIsSame(place)
      case 'facts': {
        const fact = this.#facts[head]
        return fact !== undefined && table.digestOf(place) === answers.allFactsDigest(fact)
      }
      case 'answer':
        return this.buildHolds(table.numberOf(place)) || this.#earlier.isRenewed?.(place) === true || this.#asksTheSame(place)
      case 'index':
        return this.buildHolds(table.numberOf(place))
      case 'earlier':
        return this.#earlier.buildHolds?.(table.numberOf(place), table.earlierBuildOf(place)) === true
      case undefined:
        return false
    }
  }

  #factIsSame(fact: AnyFact, place: number): boolean {
    const { facts, files } = this.#answers
    const path = this.#table.textOf(place)
    const at = files.numberOf(path) * DIGEST_WORDS
    const stored = at < 0 ? undefined : facts.storedDigests(fact)
    if (stored && hasDigestAt(stored, at)) return this.#table.hasDigest(place, stored, at)
    return this.#table.digestOf(place) === this.#answers.factDigest(fact, path)
  }

  #partIsSame(place: number): boolean {
    const whole = this.#table.numberOf(place)
    const fact = this.#facts[this.#table.headOf(whole)]
    if (!fact) return false
    const keys = this.#table.textOf(place).split(KEY_SEPARATOR)
    return this.#table.digestOf(place) === this.#answers.partDigest(fact, this.#table.textOf(whole), keys)
  }

  #asksTheSame(place: number): boolean {
    const index = this.#indexOf(this.#table.numberOf(place))
    if (!index) return false
    const key = this.#table.textOf(place)
    if (this.#table.digestOf(place) !== this.#answers.loggedAnswer(index, key).digest) return false
    this.#renewed.set(place, this.#recorder.answer(index, key))
    return true
  }

  #indexOf(build: number): AnyIndex | undefined {
    return this.#indexes[this.#table.indexOf(build)]
  }
}

function byIdentity<Definition extends { readonly name: string; readonly version: number }>(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(definitions.map((definition) => [identity(definition.name, definition.version), definition]))
}

function identity(name: string, version: number): string {
  return `${name}@${version}`
}
