import { DIGEST_WORDS, digestOfWords, digestWordsOf, hasDigestAt, wordsOfDigest, type DigestText } from './digest.ts'
import type { AnyFact } from './fact.ts'
import type { FileList } from './file-list.ts'

/** A fact from another thread or an earlier run. */
export interface StoredFact {
  /** Of the JSON text, as the project makes it. */
  readonly digest: string
  /** Gives the JSON text; `undefined` if it is lost after all, so that the fact has to be collected. */
  json(): string | undefined
}

/** Where facts come from before they are collected here. */
export interface FactSource {
  fact(fact: AnyFact, path: string): StoredFact | undefined
  /** The digests of one fact of many files in a row, as `wordsOfDigest` gives them; zeros where the fact is not at hand. */
  digests(fact: AnyFact, paths: readonly string[]): Int32Array
}

/** A fact of one file as JSON text. */
export interface CollectedFact {
  readonly fact: AnyFact
  readonly json: string
  readonly digest: string
}

/** What stands for the digest of an answer where there is an error instead. */
export const FAILED = '!'

/** How a value came here, if it did. */
const State = { unknown: 0, stored: 1, collected: 2 } as const

/**
 * One fact of all files, by the numbers of the files. A project of a million lines has more than a million facts, most of them empty: an object for
 * each would take more than the facts themselves.
 */
interface FactColumn {
  readonly states: Uint8Array
  readonly values: unknown[]
  /** As far as somebody has asked. */
  readonly digests: Map<number, string | null>
  /** Those that the source has, once somebody has asked. */
  stored: Int32Array | undefined
}

/** The facts of the files of a project: each is collected once, when it is first asked for. */
export class FactStore {
  /** All facts that are known by declaration. */
  readonly facts: readonly AnyFact[]
  readonly #collect: (fact: AnyFact, path: string) => unknown
  readonly #digest: DigestText
  readonly #isEager: boolean
  readonly #files: FileList
  readonly #columns = new Map<string, FactColumn>()
  /** The numbers of the files of which some fact was collected here: few of them, in a run that an earlier one left most to. */
  readonly #collectedFiles = new Set<number>()
  #source: FactSource | undefined
  #pathWords: Int32Array | undefined

  /**
   * @param files which have facts
   * @param collect gives the value for a file of the project, `undefined` if the file can not be read
   * @param isEager collects beforehand what is asked for all files
   */
  constructor(
    files: FileList,
    facts: readonly AnyFact[],
    collect: (fact: AnyFact, path: string) => unknown,
    digest: DigestText,
    isEager: boolean,
  ) {
    this.#files = files
    this.#digest = digest
    this.facts = facts
    this.#collect = collect
    this.#isEager = isEager
  }

  /** Whether a fact is collected from every file beforehand. */
  isCollectedAhead(fact: AnyFact): boolean {
    return fact.onDemand === undefined || (this.#isEager && fact.onDemand === 'project')
  }

  /** What is at hand is let go: it need not stay in memory here and there. */
  seed(source: FactSource): void {
    this.#source = source
    this.#columns.clear()
    this.#collectedFiles.clear()
  }

  /** @throws Error what the collector threw, each time */
  value(fact: AnyFact, path: string): unknown {
    const column = this.#column(fact)
    const file = this.#files.numberOf(path)
    if (column.states[file] === State.unknown) this.#load(fact, path, column, file)
    return column.values[file]
  }

  /** The digest of the fact as JSON text; `null` if there is none, `FAILED` if the collector throws. */
  digest(fact: AnyFact, path: string): string | null {
    const { digests } = this.#column(fact)
    const file = this.#files.numberOf(path)
    let digest = digests.get(file)
    if (digest === undefined) {
      try {
        digest = this.#source?.fact(fact, path)?.digest ?? this.#digestOf(this.value(fact, path))
      } catch {
        return FAILED
      }
      digests.set(file, digest)
    }
    return digest
  }

  /** The digests of a fact of all files as the source has them, by the numbers of the files; zeros where it has none. `undefined` if there is no source. */
  storedDigests(fact: AnyFact): Int32Array | undefined {
    const column = this.#column(fact)
    return (column.stored ??= this.#source?.digests(fact, this.#files.paths))
  }

  /** A digest of which files have the fact and of all their digests; `FAILED` if the collector throws for one. */
  digestOfAll(fact: AnyFact): string {
    const { paths } = this.#files
    const { digests } = this.#column(fact)
    const stored = this.storedDigests(fact)
    this.#pathWords ??= wordsOf(paths)
    const words = new Int32Array(paths.length * 2 * DIGEST_WORDS)
    let size = 0
    for (const [file, path] of paths.entries()) {
      const at = file * DIGEST_WORDS
      if (stored && !digests.has(file) && hasDigestAt(stored, at)) copyWords(stored, at, words, size + DIGEST_WORDS)
      else {
        const digest = this.digest(fact, path)
        if (digest === FAILED) return FAILED
        if (digest === null) continue
        words.set(wordsOfDigest(digest), size + DIGEST_WORDS)
      }
      copyWords(this.#pathWords, at, words, size)
      size += 2 * DIGEST_WORDS
    }
    return digestOfWords(words.subarray(0, size))
  }

  /**
   * The facts of one file as text, of those that are collected beforehand. One whose collector throws is left out: it is collected again, and the error told, for who asks for it.
   * @param withDigests else all digests are empty
   */
  collectAll(path: string, withDigests: boolean): CollectedFact[] {
    const collected: CollectedFact[] = []
    for (const fact of this.facts) {
      if (!this.isCollectedAhead(fact)) continue
      const json = this.#tryText(fact, path)
      if (json !== undefined) collected.push({ fact, json, digest: withDigests ? this.#digest(json) : '' })
    }
    return collected
  }

  /**
   * Collects what is not at hand of the facts of one file that are collected beforehand. One whose collector throws is left out, as in `collectAll`.
   * @param except is being collected already
   */
  fill(path: string, except?: AnyFact): void {
    for (const fact of this.facts) {
      if (fact === except || !this.isCollectedAhead(fact)) continue
      if (this.#isAtHand(fact, path)) continue
      try {
        this.value(fact, path)
      } catch {
        continue
      }
    }
  }

  /** The facts of one file that were collected here, not stored elsewhere. */
  collected(path: string): CollectedFact[] {
    const file = this.#files.numberOf(path)
    if (!this.#collectedFiles.has(file)) return []
    return this.facts.flatMap((fact) => {
      const column = this.#columns.get(fact.name)
      const json = column?.states[file] === State.collected ? textOf(column.values[file]) : undefined
      return json === undefined ? [] : [{ fact, json, digest: column!.digests.get(file) ?? this.#digest(json) }]
    })
  }

  #tryText(fact: AnyFact, path: string): string | undefined {
    try {
      return textOf(this.value(fact, path))
    } catch {
      return undefined
    }
  }

  #isAtHand(fact: AnyFact, path: string): boolean {
    return this.#column(fact).states[this.#files.numberOf(path)] !== State.unknown || this.#source?.fact(fact, path) !== undefined
  }

  #load(fact: AnyFact, path: string, { states, values }: FactColumn, file: number): void {
    const json = this.#source?.fact(fact, path)?.json()
    values[file] = json === undefined ? this.#collect(fact, path) : JSON.parse(json)
    states[file] = json === undefined ? State.collected : State.stored
    if (json === undefined) this.#collectedFiles.add(file)
  }

  #digestOf(value: unknown): string | null {
    const json = textOf(value)
    return json === undefined ? null : this.#digest(json)
  }

  #column({ name }: AnyFact): FactColumn {
    let column = this.#columns.get(name)
    if (!column) this.#columns.set(name, (column = newColumn(this.#files.paths.length)))
    return column
  }
}

function wordsOf(paths: readonly string[]): Int32Array {
  const words = new Int32Array(paths.length * DIGEST_WORDS)
  for (const [file, path] of paths.entries()) words.set(digestWordsOf(path), file * DIGEST_WORDS)
  return words
}

function copyWords(from: Int32Array, at: number, to: Int32Array, place: number): void {
  for (let i = 0; i < DIGEST_WORDS; i++) to[place + i] = from[at + i]!
}

function newColumn(files: number): FactColumn {
  return { states: new Uint8Array(files), values: new Array<unknown>(files), digests: new Map(), stored: undefined }
}

/** Typed as TypeScript should have it: nothing becomes of `undefined`. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}
