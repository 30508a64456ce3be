import type { AnyFact, CollectedFact, StoredFact } from '@krait/core'

/** Facts of a job's files as one thread collected them, or an earlier run: UTF-8 JSON texts, and where each stands. */
export interface FactSegment {
  /** Names of facts, see `factNameOf`. */
  readonly facts: readonly string[]
  /** Of each text: file number, place in `facts`, offset, length, and the four words of the digest. */
  readonly entries: Int32Array
  readonly bytes: SharedArrayBuffer
}

/** One text of a segment. */
export interface FactEntry {
  readonly file: number
  readonly fact: string
  readonly bytes: Uint8Array
  /** The digest as numbers. */
  readonly digest: Int32Array
}

const ENTRY_SIZE = 8
const DIGEST_WORDS = 4

/** A fact of one version has one name in all threads and runs. */
export function factNameOf({ name, version }: AnyFact): string {
  return `${name}@${version}`
}

/** Gathers facts. */
export class FactWriter {
  readonly #facts = new Map<string, number>()
  readonly #entries: number[] = []
  readonly #texts: Uint8Array[] = []
  #size = 0

  /** The size of all texts so far, in bytes. */
  get size(): number {
    return this.#size
  }

  add(file: number, { fact, json, digest }: CollectedFact): void {
    this.addEntry({ file, fact: factNameOf(fact), bytes: Buffer.from(json), digest: wordsOf(digest) })
  }

  addEntry({ file, fact, bytes, digest }: FactEntry): void {
    let number = this.#facts.get(fact)
    if (number === undefined) this.#facts.set(fact, (number = this.#facts.size))
    this.#entries.push(file, number, this.#size, bytes.length, ...digest)
    this.#texts.push(bytes)
    this.#size += bytes.length
  }

  /** Moves all into memory that every thread can read. */
  finish(): FactSegment {
    const bytes = new SharedArrayBuffer(this.#size)
    const view = new Uint8Array(bytes)
    let offset = 0
    for (const text of this.#texts) {
      view.set(text, offset)
      offset += text.length
    }
    return { facts: [...this.#facts.keys()], entries: Int32Array.from(this.#entries), bytes }
  }
}

/** Reads facts that were collected elsewhere. Of two texts for one fact, that of the later segment counts. */
export class FactReader {
  /** By file number and then name of the fact. */
  readonly #places = new Map<number, Map<string, EntryPlace>>()

  constructor(segments: readonly FactSegment[]) {
    for (const { facts, entries, bytes } of segments) {
      const buffer = Buffer.from(bytes)
      for (let at = 0; at < entries.length; at += ENTRY_SIZE) {
        let ofFile = this.#places.get(entries[at]!)
        if (!ofFile) this.#places.set(entries[at]!, (ofFile = new Map()))
        ofFile.set(facts[entries[at + 1]!]!, { buffer, entries, at })
      }
    }
  }

  has(file: number, fact: AnyFact): boolean {
    return this.#places.get(file)?.has(factNameOf(fact)) ?? false
  }

  /** A fact of a file, if it was collected. The text is decoded when it is asked for. */
  get(file: number, fact: AnyFact): StoredFact | undefined {
    const place = this.#places.get(file)?.get(factNameOf(fact))
    if (!place) return undefined
    const { buffer, entries, at } = place
    const start = entries[at + 2]!
    return {
      digest: digestFrom(entries, at + ENTRY_SIZE - DIGEST_WORDS),
      get json() {
        return buffer.toString('utf8', start, start + entries[at + 3]!)
      },
    }
  }
}

interface EntryPlace {
  readonly buffer: Buffer
  readonly entries: Int32Array
  readonly at: number
}

/** All texts of a segment, in order. */
export function* factEntries({ facts, entries, bytes }: FactSegment): Generator<FactEntry> {
  for (let at = 0; at < entries.length; at += ENTRY_SIZE) {
    yield {
      file: entries[at]!,
      fact: facts[entries[at + 1]!]!,
      bytes: new Uint8Array(bytes, entries[at + 2]!, entries[at + 3]!),
      digest: entries.subarray(at + ENTRY_SIZE - DIGEST_WORDS, at + ENTRY_SIZE),
    }
  }
}

/**
 * The same texts for other files.
 * @param filesOf the files that take the place of one
 * @param shift how much further back in the memory the texts stand
 */
export function forOtherFiles({ facts, entries, bytes }: FactSegment, filesOf: (file: number) => readonly number[], shift: number): FactSegment {
  const moved: number[] = []
  for (let at = 0; at < entries.length; at += ENTRY_SIZE) {
    for (const file of filesOf(entries[at]!)) {
      moved.push(file, entries[at + 1]!, entries[at + 2]! + shift, ...entries.subarray(at + 3, at + ENTRY_SIZE))
    }
  }
  return { facts, entries: Int32Array.from(moved), bytes }
}

/** 32 hexadecimal digits as numbers; zeros for an empty digest. */
function wordsOf(digest: string): Int32Array {
  return Int32Array.from({ length: DIGEST_WORDS }, (_, i) => Number.parseInt(digest.slice(i * 8, i * 8 + 8) || '0', 16))
}

function digestFrom(entries: Int32Array, at: number): string {
  let digest = ''
  for (let i = at; i < at + DIGEST_WORDS; i++) digest += (entries[i]! >>> 0).toString(16).padStart(8, '0')
  return digest
}
