import type { AnyFact } from './fact.ts'
import type { AnyIndex } from './index-definition.ts'
import type { ProjectAnswers } from './project-answers.ts'
import { KEY_SEPARATOR, type Read, type ReadTable } from './read-table.ts'

/** What was read for something that is finished: places in the table of the recorder, and what was read for things that it rests on. */
export interface Reads {
  readonly places: readonly number[]
  readonly included: readonly Reads[]
  /** How deep reads stand in one another. */
  readonly depth: number
}

/** So few places are copied: that is less than a place of their own. */
const FEW_PLACES = 8
/** Deeper ones are put into one, so that whatever follows them need not mind the depth. */
const MAX_DEPTH = 20

/** What one check, one index, or one answer reads. */
export class ReadLog {
  readonly #places = new Set<number>()
  readonly #included = new Set<Reads>()

  add(place: number): void {
    this.#places.add(place)
  }

  /** Adds what was read for something else. */
  include(reads: Reads): void {
    if (reads.included.length > 0 || reads.places.length > FEW_PLACES) this.#included.add(reads)
    else for (const place of reads.places) this.#places.add(place)
  }

  /** What has been read so far; `undefined` for nothing. */
  reads(): Reads | undefined {
    const included = [...this.#included]
    if (this.#places.size === 0 && included.length < 2) return included[0]
    const depth = included.reduce((deepest, inner) => Math.max(deepest, inner.depth + 1), 0)
    const reads = { places: [...this.#places], included, depth }
    return depth > MAX_DEPTH ? { places: allPlaces(reads), included: [], depth: 0 } : reads
  }
}

function allPlaces(reads: Reads): readonly number[] {
  const places = new Set<number>()
  const seen = new Set<Reads>([reads])
  for (const { places: own, included } of seen) {
    for (const place of own) places.add(place)
    for (const inner of included) seen.add(inner)
  }
  return [...places]
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

  include(reads: Reads): void {
    this.#log!.include(reads)
  }
}

/** Gives each read of a project a place in one table: many checks read the same, and a log of numbers is small. */
export class ReadRecorder {
  readonly #answers: ProjectAnswers
  readonly #reads: Read[] = []
  readonly #builds: { readonly index: AnyIndex; readonly log: ReadLog }[] = []
  /** Of indexes, and of answers by their key. */
  readonly #buildPlaces = new Map<AnyIndex, Map<string | null, number>>()
  readonly #logs: (readonly number[])[] = []
  readonly #logPlaces = new Map<Reads, number>()
  readonly #files = new Map<string, number>()
  readonly #folders = new Map<string, number>()
  readonly #facts = new Map<AnyFact, Map<string, number>>()
  /** By the place of the fact. */
  readonly #parts = new Map<number, Map<string, number>>()
  readonly #allFacts = new Map<AnyFact, number>()
  readonly #answered = new Map<AnyIndex, Map<string, number>>()
  readonly #wholeIndexes = new Map<AnyIndex, number>()
  readonly #earlier = new Map<string, number>()
  readonly #texts = new Map<number, string>()
  #settings: number | undefined
  #changes: number | undefined
  #fileList: number | undefined

  constructor(answers: ProjectAnswers) {
    this.#answers = answers
  }

  /** All reads so far. Builds may still grow while their index is asked. */
  table(): ReadTable {
    const builds = this.#builds.map(({ index: { name, version }, log }) => ({ name, version, reads: this.numbersOf(log) }))
    return { reads: [...this.#reads], builds, logs: [...this.#logs] }
  }

  /** A log as it is written: see `ReadTable`. */
  numbersOf(log: ReadLog): readonly number[] {
    const reads = log.reads()
    return reads ? this.#numbers(reads) : []
  }

  #numbers({ places, included }: Reads): readonly number[] {
    return [...places, ...included.map((inner) => ~this.#logPlace(inner))]
  }

  #logPlace(reads: Reads): number {
    let place = this.#logPlaces.get(reads)
    if (place === undefined) {
      place = this.#logs.push(this.#numbers(reads)) - 1
      this.#logPlaces.set(reads, place)
    }
    return place
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

  /** @param keys of properties, the outermost first */
  part(fact: AnyFact, path: string, keys: readonly string[]): number {
    const whole = this.fact(fact, path)
    const places = placesOf(this.#parts, whole)
    const key = keys.join(KEY_SEPARATOR)
    let place = places.get(key)
    if (place === undefined) {
      place = this.#add(['part', whole, key, this.#answers.partDigest(fact, path, keys)])
      places.set(key, place)
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
      place = digest === undefined ? this.wholeIndex(index) : this.#add(['answer', this.#build(index, key).place, key, digest])
      if (json !== undefined) this.#texts.set(place, json)
      places.set(key, place)
    }
    return place
  }

  /** All that an index has read. Of an index whose answers have logs of their own, that is what it was built from. */
  wholeIndex(index: AnyIndex): number {
    let place = this.#wholeIndexes.get(index)
    if (place === undefined) this.#wholeIndexes.set(index, (place = this.#add(['index', this.#build(index, null).place])))
    return place
  }

  /** All that a build in a table of an earlier run has read. */
  earlier(table: number, build: number): number {
    const key = `${table} ${build}`
    let place = this.#earlier.get(key)
    if (place === undefined) this.#earlier.set(key, (place = this.#add(['earlier', table, build])))
    return place
  }

  /** What an index reads in order to answer, or for one answer if its answers have logs of their own. @param key that of the answer, `null` while the index is built */
  logOf(index: AnyIndex, key: string | null): ReadLog {
    return this.#build(index, key).log
  }

  #build(index: AnyIndex, key: string | null): { readonly place: number; readonly log: ReadLog } {
    const places = placesOf<AnyIndex, string | null>(this.#buildPlaces, index)
    const own = index.logsAnswers ? key : null
    let place = places.get(own)
    if (place === undefined) {
      place = this.#builds.push({ index, log: new ReadLog() }) - 1
      places.set(own, place)
    }
    return { place, log: this.#builds[place]!.log }
  }

  #add(read: Read): number {
    return this.#reads.push(read) - 1
  }
}

function placesOf<Key, Inner = string>(places: Map<Key, Map<Inner, number>>, key: Key): Map<Inner, number> {
  let found = places.get(key)
  if (!found) places.set(key, (found = new Map()))
  return found
}
