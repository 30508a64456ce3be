import { DIGEST_WORDS, digestFromWords, hasDigestAt, wordsOfDigest, type AnyFact, type CollectedFact, type FactSource, type StoredFact } from '@krait/core'
import { digestText } from '../read/digest.ts'
import type { LintJob } from './job.ts'

/** Facts of a job's files as one thread collected them, or an earlier run: UTF-8 JSON texts, and where each stands. */
export interface FactSegment {
  /** Names of facts, see `factNameOf`. */
  readonly facts: readonly string[]
  /** Of each text: owner, place in `facts`, offset, length, and the four words of the digest. */
  readonly entries: Int32Array
  /** The owner of each file's facts by the number of the file, -1 if there is none. Left out, each file is its own. */
  readonly owners?: Int32Array | undefined
  readonly texts: FactTexts
}

/** Where texts are: in memory that every thread can read, or on a disk whose bytes are checked before they are used. */
export type FactTexts = SharedArrayBuffer | StoredTexts

export interface StoredTexts {
  /** `undefined` if they can not be read. */
  read(offset: number, length: number): Buffer | undefined
  /** All texts in memory. */
  readAll(): SharedArrayBuffer | undefined
}

/** One text of a segment. */
export interface FactEntry {
  readonly owner: number
  readonly fact: string
  readonly bytes: Uint8Array
  /** The digest as numbers. */
  readonly digest: Int32Array
}

const ENTRY_SIZE = 8
const DIGEST_AT = ENTRY_SIZE - DIGEST_WORDS
const CHUNK_SIZE = 1024 * 1024

/** A fact of one version has one name in all threads and runs. */
export function factNameOf({ name, version }: AnyFact): string {
  return `${name}@${version}`
}

/** Gathers facts. */
export class FactWriter {
  readonly #facts = new Map<string, number>()
  readonly #entries: number[] = []
  readonly #chunks: Uint8Array[] = []
  /** How much of the last chunk is used. */
  #used = 0
  #size = 0

  /** The size of all texts so far, in bytes. */
  get size(): number {
    return this.#size
  }

  add(file: number, { fact, json, digest }: CollectedFact): void {
    this.addEntry({ owner: file, fact: factNameOf(fact), bytes: Buffer.from(json), digest: wordsOfDigest(digest) })
  }

  addEntry({ owner, fact, bytes, digest }: FactEntry): void {
    let number = this.#facts.get(fact)
    if (number === undefined) this.#facts.set(fact, (number = this.#facts.size))
    this.#entries.push(owner, number, this.#size, bytes.length, digest[0]!, digest[1]!, digest[2]!, digest[3]!)
    this.#write(bytes)
  }

  /** One buffer for each of a million small texts would take several times what the texts take. */
  #write(bytes: Uint8Array): void {
    let chunk = this.#chunks.at(-1)
    if (!chunk || this.#used + bytes.length > chunk.length) {
      if (chunk) this.#chunks[this.#chunks.length - 1] = chunk.subarray(0, this.#used)
      this.#chunks.push((chunk = new Uint8Array(Math.max(CHUNK_SIZE, bytes.length))))
      this.#used = 0
    }
    chunk.set(bytes, this.#used)
    this.#used += bytes.length
    this.#size += bytes.length
  }

  /** Moves all into memory that every thread can read. */
  finish(): FactSegment {
    const { facts, entries, texts } = this.pieces()
    const memory = new SharedArrayBuffer(this.#size)
    const view = new Uint8Array(memory)
    let offset = 0
    for (const text of texts) {
      view.set(text, offset)
      offset += text.length
    }
    return { facts, entries, texts: memory }
  }

  /** What a segment is made of; the texts stand one after the other. */
  pieces(): { readonly facts: readonly string[]; readonly entries: Int32Array; readonly texts: readonly Uint8Array[] } {
    const last = this.#chunks.at(-1)
    const texts = last ? [...this.#chunks.slice(0, -1), last.subarray(0, this.#used)] : []
    return { facts: [...this.#facts.keys()], entries: Int32Array.from(this.#entries), texts }
  }
}

/** Reads facts that were collected elsewhere. Of two texts for one fact, that of the later segment counts. */
export class FactReader {
  readonly #segments: readonly SegmentIndex[]
  #hasMetDamage = false

  constructor(segments: readonly FactSegment[]) {
    this.#segments = segments.map((segment) => new SegmentIndex(segment)).reverse()
  }

  /** Whether a stored text was not what it should be. */
  get hasMetDamage(): boolean {
    return this.#hasMetDamage
  }

  has(file: number, fact: AnyFact): boolean {
    const name = factNameOf(fact)
    return this.#segments.some((segment) => segment.find(file, name) !== NOWHERE)
  }

  /** A fact of a file, if it was collected. The text is read when it is asked for. */
  get(file: number, fact: AnyFact): StoredFact | undefined {
    const name = factNameOf(fact)
    for (const { segment, find } of this.#segments) {
      const at = find(file, name)
      if (at !== NOWHERE) return this.#factAt(segment, at)
    }
    return undefined
  }

  /** The digests of one fact of some files in a row; zeros for what was not collected. */
  digests(files: readonly number[], fact: AnyFact): Int32Array {
    const name = factNameOf(fact)
    const words = new Int32Array(files.length * DIGEST_WORDS)
    for (const segment of this.#segments) segment.addDigests(name, files, words)
    return words
  }

  #factAt({ entries, texts, owners }: FactSegment, at: number): StoredFact {
    const readDigest = () => digestFromWords(entries, at + DIGEST_AT)
    const readText = () => textAt(texts, entries[at + 2]!, entries[at + 3]!)?.toString('utf8')
    // Only what was stored has owners, and only that can be damaged.
    if (!owners) return storedFact(readDigest, readText)
    return storedFact(readDigest, () => {
      const json = readText()
      if (json !== undefined && digestText(json) === readDigest()) return json
      this.#hasMetDamage = true
      return undefined
    })
  }
}

/** The facts of each project of a job, if they were collected under the file numbers of the job. */
export function factsOfJob({ projects }: LintJob, reader: FactReader): FactSource[] {
  let first = 0
  return projects.map(({ files }) => {
    const numbers = new Map(files.map((path, index) => [path, first + index]))
    first += files.length
    return {
      fact: (fact, path) => reader.get(numbers.get(path)!, fact),
      digests: (fact, paths) => reader.digests(paths.map((path) => numbers.get(path)!), fact),
    }
  })
}

/** Runs without a cache ask for no digest. */
function storedFact(readDigest: () => string, json: () => string | undefined): StoredFact {
  return {
    get digest() {
      return readDigest()
    },
    json,
  }
}

const NOWHERE = -1

/** Finds the entries of a segment by file and fact. */
class SegmentIndex {
  readonly segment: FactSegment
  readonly #facts: ReadonlyMap<string, number>
  readonly #places: Int32Array

  constructor(segment: FactSegment) {
    this.segment = segment
    const { facts, entries } = segment
    let owners = 0
    for (let at = 0; at < entries.length; at += ENTRY_SIZE) owners = Math.max(owners, entries[at]! + 1)
    this.#facts = new Map(facts.map((name, number) => [name, number]))
    this.#places = new Int32Array(owners * facts.length).fill(NOWHERE)
    for (let at = 0; at < entries.length; at += ENTRY_SIZE) this.#places[entries[at]! * facts.length + entries[at + 1]!] = at
  }

  readonly find = (file: number, fact: string): number => {
    const { owners, facts } = this.segment
    const owner = owners ? owners[file]! : file
    const number = this.#facts.get(fact)
    return owner === NOWHERE || number === undefined ? NOWHERE : this.#places[owner * facts.length + number] ?? NOWHERE
  }

  /** Adds the digests of a fact of some files where there are none yet. */
  addDigests(fact: string, files: readonly number[], words: Int32Array): void {
    const { entries } = this.segment
    for (const [i, file] of files.entries()) {
      const place = i * DIGEST_WORDS
      const at = hasDigestAt(words, place) ? NOWHERE : this.find(file, fact)
      if (at === NOWHERE) continue
      for (let word = 0; word < DIGEST_WORDS; word++) words[place + word] = entries[at + DIGEST_AT + word]!
    }
  }
}

/** All texts of a segment, in order; without those that can not be read. */
export function* factEntries({ facts, entries, texts }: FactSegment): Generator<FactEntry> {
  for (let at = 0; at < entries.length; at += ENTRY_SIZE) {
    const bytes = textAt(texts, entries[at + 2]!, entries[at + 3]!)
    const digest = entries.subarray(at + DIGEST_AT, at + ENTRY_SIZE)
    if (bytes) yield { owner: entries[at]!, fact: facts[entries[at + 1]!]!, bytes, digest }
  }
}

/** How many bytes of texts some owners have. */
export function sizeOfTexts({ entries }: FactSegment, isWanted: (owner: number) => boolean): number {
  let size = 0
  for (let at = 0; at < entries.length; at += ENTRY_SIZE) if (isWanted(entries[at]!)) size += entries[at + 3]!
  return size
}

/** The segments with their texts in memory, fit for other threads; without those whose texts can not be read. */
export function inMemory(segments: readonly FactSegment[]): FactSegment[] {
  return segments.flatMap((segment) => {
    const texts = segment.texts instanceof SharedArrayBuffer ? segment.texts : segment.texts.readAll()
    return texts ? [{ ...segment, texts }] : []
  })
}

function textAt(texts: FactTexts, offset: number, length: number): Buffer | undefined {
  return texts instanceof SharedArrayBuffer ? Buffer.from(texts, offset, length) : texts.read(offset, length)
}
