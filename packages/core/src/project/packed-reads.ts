import { DIGEST_WORDS, digestFromWords, wordsOfDigest } from './digest.ts'
import { FAILED } from './fact-store.ts'
import type { IndexBuild, Read, ReadTable } from './read-table.ts'
import { firstRowFrom } from './sorted-rows.ts'

/** What is the same for many reads of a table. */
export type ReadHead = readonly [kind: Read[0], name?: string, version?: number]

/** The part of a packed table that is not numbers; plain JSON. */
export interface PackedHeader {
  readonly heads: readonly ReadHead[]
  /** Which index a build is of. */
  readonly indexes: readonly (readonly [name: string, version: number])[]
  /** All paths and keys in a row. */
  readonly texts: string
  readonly reads: number
  readonly builds: number
  readonly logs: number
}

/**
 * A table of reads as numbers and one text, so that opening it makes no object for each read. The numbers are: the reads; the index of each build; where
 * the list of each build, and then of each log, ends; these lists; and the answers, each with a hash, in the order of the hashes.
 */
export interface PackedTable {
  readonly header: PackedHeader
  readonly numbers: Int32Array
}

/**
 * Of a read: its head and which digest it has; a build, or the number of another table, or whether something was found; where its text starts; how long
 * that is; the digest, or a build of the other table.
 */
const READ_SIZE = 4 + DIGEST_WORDS
const DIGEST_AT = READ_SIZE - DIGEST_WORDS
/** Of an answer: a hash of index and key, and its place. */
const ANSWER_SIZE = 2

/** What a read has for a digest: a real one, none, or an error. */
const Digest = { words: 0, none: 1, failed: 2 } as const
const DIGEST_STATES = 3

/** Packs a table: reads, builds and logs keep their places. */
export function packReads({ reads, builds, logs }: ReadTable): PackedTable {
  const heads = new Numbering<ReadHead>()
  const indexes = new Numbering<readonly [name: string, version: number]>()
  const texts = new TextRow()
  const lists = [...builds.map((build) => build.reads), ...logs]
  const answers = reads.flatMap((read, place) => {
    const build = read[0] === 'answer' ? builds[read[1]] : undefined
    return build ? [{ hash: hashOf(`${build.name}@${build.version}`, read[2] as string), place }] : []
  })
  const answersStart = reads.length * READ_SIZE + builds.length + lists.length + lists.reduce((sum, { length }) => sum + length, 0)
  const numbers = new Int32Array(answersStart + answers.length * ANSWER_SIZE)
  let at = 0
  for (const read of reads) {
    writeRead(read, numbers, at, heads, texts)
    at += READ_SIZE
  }
  for (const { name, version } of builds) numbers[at++] = indexes.of([name, version])
  let end = 0
  for (const { length } of lists) numbers[at++] = end += length
  for (const list of lists) {
    numbers.set(list, at)
    at += list.length
  }
  for (const { hash, place } of answers.sort((a, b) => a.hash - b.hash || a.place - b.place)) {
    numbers[at++] = hash
    numbers[at++] = place
  }
  const header = { heads: heads.items, indexes: indexes.items, texts: texts.joined(), reads: reads.length, builds: builds.length, logs: logs.length }
  return { header, numbers }
}

/** Reads a packed table. Of what a table has not, there is nothing; a list of it is empty. */
export class PackedReads {
  readonly heads: readonly ReadHead[]
  /** `<name>@<version>` of each index. */
  readonly indexes: readonly string[]
  /** The lists of all builds and logs in a row, see `ReadTable`. */
  readonly lists: Int32Array
  readonly readCount: number
  readonly buildCount: number
  readonly logCount: number
  readonly #header: PackedHeader
  readonly #reads: Int32Array
  readonly #buildIndexes: Int32Array
  readonly #ends: Int32Array
  readonly #answers: Int32Array

  constructor({ header, numbers }: PackedTable) {
    const { reads, builds, logs, heads, indexes } = header
    this.#header = header
    this.heads = heads
    this.indexes = indexes.map(([name, version]) => `${name}@${version}`)
    this.readCount = reads
    this.buildCount = builds
    this.logCount = logs
    let start = 0
    const take = (length: number): Int32Array => numbers.subarray(start, (start += length))
    this.#reads = take(reads * READ_SIZE)
    this.#buildIndexes = take(builds)
    this.#ends = take(builds + logs)
    this.lists = take(this.#ends.at(-1) ?? 0)
    this.#answers = numbers.subarray(start)
  }

  /** The place of a read's head in `heads`; -1 for none. */
  headOf(read: number): number {
    return read < this.readCount ? Math.trunc(this.#reads[read * READ_SIZE]! / DIGEST_STATES) : -1
  }

  /** Of an answer or an index its build; of a part the read of its fact; of reads in an earlier table the number of that; of files and folders 1 if there was one. */
  numberOf(read: number): number {
    return this.#reads[read * READ_SIZE + 1]!
  }

  /** Of reads in an earlier table. */
  earlierBuildOf(read: number): number {
    return this.#reads[read * READ_SIZE + DIGEST_AT]!
  }

  /** The path or key. */
  textOf(read: number): string {
    const at = read * READ_SIZE
    return this.#header.texts.slice(this.#reads[at + 2], this.#reads[at + 2]! + this.#reads[at + 3]!)
  }

  hasFailed(read: number): boolean {
    return this.#reads[read * READ_SIZE]! % DIGEST_STATES === Digest.failed
  }

  digestOf(read: number): string | null {
    const at = read * READ_SIZE
    switch (this.#reads[at]! % DIGEST_STATES) {
      case Digest.none:
        return null
      case Digest.failed:
        return FAILED
      default:
        return digestFromWords(this.#reads, at + DIGEST_AT)
    }
  }

  /** Whether the digest is made of the words at a place. */
  hasDigest(read: number, words: Int32Array, place: number): boolean {
    const at = read * READ_SIZE
    if (this.#reads[at]! % DIGEST_STATES !== Digest.words) return false
    for (let i = 0; i < DIGEST_WORDS; i++) if (this.#reads[at + DIGEST_AT + i] !== words[place + i]) return false
    return true
  }

  /** The index of a build by its place in `indexes`; -1 for none. */
  indexOf(build: number): number {
    return this.#buildIndexes[build] ?? -1
  }

  /** Where the list of a build begins in `lists`; `listStart(build + 1)` is its end. */
  listStart(build: number): number {
    return build === 0 ? 0 : this.#ends[build - 1]!
  }

  /** The same for a log. */
  logStart(log: number): number {
    return this.listStart(this.buildCount + log)
  }

  /** The reads of answers of an index to one question. @param index `<name>@<version>` */
  answersTo(index: string, key: string): readonly number[] {
    const hash = hashOf(index, key)
    const places: number[] = []
    for (let at = firstRowFrom(this.#answers, ANSWER_SIZE, hash); this.#answers[at] === hash; at += ANSWER_SIZE) {
      const place = this.#answers[at + 1]!
      if (this.indexes[this.indexOf(this.numberOf(place))] === index && this.textOf(place) === key) places.push(place)
    }
    return places
  }

  /** A read as it stands in a `ReadTable`. */
  read(place: number): Read | undefined {
    const head = this.heads[this.headOf(place)]
    if (!head) return undefined
    const [kind, name, version] = head
    switch (kind) {
      case 'settings':
      case 'files':
        return [kind, this.digestOf(place)!]
      case 'changes':
        return [kind, this.digestOf(place)]
      case 'file':
      case 'folder':
        return [kind, this.textOf(place), this.numberOf(place) === 1]
      case 'fact':
        return [kind, name!, version!, this.textOf(place), this.digestOf(place)]
      case 'part':
        return [kind, this.numberOf(place), this.textOf(place), this.digestOf(place)]
      case 'facts':
        return [kind, name!, version!, this.digestOf(place)!]
      case 'answer':
        return [kind, this.numberOf(place), this.textOf(place), this.digestOf(place)]
      case 'index':
        return [kind, this.numberOf(place)]
      case 'earlier':
        return [kind, this.numberOf(place), this.earlierBuildOf(place)]
    }
  }

  build(place: number): IndexBuild | undefined {
    const index = this.#header.indexes[this.indexOf(place)]
    return index && { name: index[0], version: index[1], reads: [...this.lists.subarray(this.listStart(place), this.listStart(place + 1))] }
  }

  log(place: number): readonly number[] | undefined {
    return place < this.logCount ? [...this.lists.subarray(this.logStart(place), this.logStart(place + 1))] : undefined
  }
}

/** Items by the order in which they come first. */
class Numbering<Item> {
  readonly items: Item[] = []
  readonly #numbers = new Map<string, number>()

  of(item: Item): number {
    const key = JSON.stringify(item)
    let number = this.#numbers.get(key)
    if (number === undefined) this.#numbers.set(key, (number = this.items.push(item) - 1))
    return number
  }
}

/** Texts in a row, each once. */
class TextRow {
  readonly #starts = new Map<string, number>()
  #length = 0

  startOf(text: string): number {
    let start = this.#starts.get(text)
    if (start === undefined) {
      this.#starts.set(text, (start = this.#length))
      this.#length += text.length
    }
    return start
  }

  joined(): string {
    return [...this.#starts.keys()].join('')
  }
}

function writeRead(read: Read, numbers: Int32Array, at: number, heads: Numbering<ReadHead>, texts: TextRow): void {
  const kind = read[0]
  const head = heads.of(kind === 'fact' || kind === 'facts' ? [kind, read[1], read[2]] : [kind])
  const digest = digestIn(read)
  numbers[at] = head * DIGEST_STATES + (digest === null ? Digest.none : digest === FAILED ? Digest.failed : Digest.words)
  if (digest !== null && digest !== FAILED) numbers.set(wordsOfDigest(digest), at + DIGEST_AT)
  const text = textIn(read)
  if (text !== undefined) {
    numbers[at + 2] = texts.startOf(text)
    numbers[at + 3] = text.length
  }
  if (kind === 'file' || kind === 'folder') numbers[at + 1] = read[2] ? 1 : 0
  if (kind === 'answer' || kind === 'index' || kind === 'earlier' || kind === 'part') numbers[at + 1] = read[1]
  if (kind === 'earlier') numbers[at + DIGEST_AT] = read[2]
}

function digestIn(read: Read): string | null {
  switch (read[0]) {
    case 'file':
    case 'folder':
    case 'index':
    case 'earlier':
      return null
    default:
      return read.at(-1) as string | null
  }
}

function textIn(read: Read): string | undefined {
  switch (read[0]) {
    case 'file':
    case 'folder':
      return read[1]
    case 'fact':
      return read[3]
    case 'answer':
    case 'part':
      return read[2]
    default:
      return undefined
  }
}

/** FNV-1a (Fowler, Noll, Vo) of UTF-16 code units, 32 bits. */
function hashOf(index: string, key: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < index.length; i++) hash = Math.imul(hash ^ index.charCodeAt(i), 0x01000193)
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash
}
