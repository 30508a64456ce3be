import type { AnyFact } from './fact.ts'
import type { AnyIndex } from './index-definition.ts'
import type { ProjectAnswers } from './project-answers.ts'
import type { Read, ReadTable } from './read-table.ts'

/** What one check, or one index, has read: places in the table of the recorder. */
export class ReadLog {
  readonly #places = new Set<number>()
  /** Logs that are finished. */
  readonly #included = new Set<ReadLog>()

  /** What was read, each place once. */
  get places(): readonly number[] {
    if (this.#included.size === 0) return [...this.#places]
    const places = new Set<number>()
    const seen = new Set<ReadLog>([this])
    for (const log of seen) {
      for (const place of log.#places) places.add(place)
      for (const included of log.#included) seen.add(included)
    }
    return [...places]
  }

  get isEmpty(): boolean {
    return this.#places.size === 0 && this.#included.size === 0
  }

  add(place: number): void {
    this.#places.add(place)
  }

  /** Adds all that another log holds. */
  include(log: ReadLog): void {
    this.#included.add(log)
  }
}

/** The log of the check or index that is at work. */
export class CurrentLog {
  #log: ReadLog | undefined

  /** From now on reads belong to another check. */
  begin(log: ReadLog): void {
    this.#log = log
  }

  /** Does work whose reads belong to another log. */
  within<Result>(log: ReadLog, work: () => Result): Result {
    const before = this.#log
    this.#log = log
    try {
      return work()
    } finally {
      this.#log = before
    }
  }

  add(place: number): void {
    this.#log!.add(place)
  }

  include(log: ReadLog): void {
    this.#log!.include(log)
  }
}

/** Gives each read of a project a place in one table: many checks read the same, and a log of numbers is small. */
export class ReadRecorder {
  readonly #answers: ProjectAnswers
  readonly #reads: Read[] = []
  readonly #builds: { readonly index: AnyIndex; readonly log: ReadLog }[] = []
  readonly #buildPlaces = new Map<AnyIndex, number>()
  readonly #files = new Map<string, number>()
  readonly #folders = new Map<string, number>()
  readonly #facts = new Map<AnyFact, Map<string, number>>()
  readonly #allFacts = new Map<AnyFact, number>()
  readonly #answered = new Map<AnyIndex, Map<string, number>>()
  readonly #wholeIndexes = new Map<AnyIndex, number>()
  readonly #texts = new Map<number, string>()
  #settings: number | undefined
  #changes: number | undefined
  #fileList: number | undefined

  constructor(answers: ProjectAnswers) {
    this.#answers = answers
  }

  /** All reads so far. Builds may still grow while their index is asked. */
  table(): ReadTable {
    const builds = this.#builds.map(({ index: { name, version }, log }) => ({ name, version, reads: log.places }))
    return { reads: [...this.#reads], builds }
  }

  /** The answers of indexes as JSON, by the places of their reads; without those that are none. */
  get texts(): ReadonlyMap<number, string> {
    return this.#texts
  }

  settings(): number {
    return (this.#settings ??= this.#add(['settings', this.#answers.settingsDigest()]))
  }

  changes(): number {
    return (this.#changes ??= this.#add(['changes', this.#answers.changesDigest()]))
  }

  files(): number {
    return (this.#fileList ??= this.#add(['files', this.#answers.filesDigest()]))
  }

  file(path: string): number {
    let place = this.#files.get(path)
    if (place === undefined) this.#files.set(path, (place = this.#add(['file', path, this.#answers.files.has(path)])))
    return place
  }

  folder(path: string): number {
    let place = this.#folders.get(path)
    if (place === undefined) this.#folders.set(path, (place = this.#add(['folder', path, this.#answers.files.hasFolder(path)])))
    return place
  }

  fact(fact: AnyFact, path: string): number {
    const places = placesOf(this.#facts, fact)
    let place = places.get(path)
    if (place === undefined) {
      place = this.#add(['fact', fact.name, fact.version, path, this.#answers.factDigest(fact, path)])
      places.set(path, place)
    }
    return place
  }

  allFacts(fact: AnyFact): number {
    let place = this.#allFacts.get(fact)
    if (place === undefined) {
      place = this.#add(['facts', fact.name, fact.version, this.#answers.allFactsDigest(fact)])
      this.#allFacts.set(fact, place)
    }
    return place
  }

  answer(index: AnyIndex, key: string): number {
    const places = placesOf(this.#answered, index)
    let place = places.get(key)
    if (place === undefined) {
      const { digest, json } = this.#answers.loggedAnswer(index, key)
      place = digest === undefined ? this.wholeIndex(index) : this.#add(['answer', this.#build(index).place, key, digest])
      if (json !== undefined) this.#texts.set(place, json)
      places.set(key, place)
    }
    return place
  }

  /** All that an index has read. */
  wholeIndex(index: AnyIndex): number {
    let place = this.#wholeIndexes.get(index)
    if (place === undefined) this.#wholeIndexes.set(index, (place = this.#add(['index', this.#build(index).place])))
    return place
  }

  /** The log of the index: what it reads in order to answer. */
  logOf(index: AnyIndex): ReadLog {
    return this.#build(index).log
  }

  #build(index: AnyIndex): { readonly place: number; readonly log: ReadLog } {
    let place = this.#buildPlaces.get(index)
    if (place === undefined) {
      place = this.#builds.push({ index, log: new ReadLog() }) - 1
      this.#buildPlaces.set(index, place)
    }
    return { place, log: this.#builds[place]!.log }
  }

  #add(read: Read): number {
    return this.#reads.push(read) - 1
  }
}

function placesOf<Key>(places: Map<Key, Map<string, number>>, key: Key): Map<string, number> {
  let found = places.get(key)
  if (!found) places.set(key, (found = new Map()))
  return found
}
