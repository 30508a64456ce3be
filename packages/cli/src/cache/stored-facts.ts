import { extname } from 'node:path'
import { factEntries, FactWriter, inMemory, sizeOfTexts, type FactEntry, type FactSegment } from '../run/shared-facts.ts'
import type { Segment, SegmentBody } from './segment-file.ts'

/** What the numbers in the entries of a segment mean. */
export interface FactsHeader {
  /** The owners of facts; see `contentOf`. */
  readonly contents: readonly string[]
  readonly facts: readonly string[]
}

/** A fact by what it was made from. */
export interface ContentFact extends Omit<FactEntry, 'owner'> {
  readonly content: string
}

/** What a fact follows from: the bytes of a file, and its ending, which decides the language. */
export function contentOf(path: string, identity: string): string {
  return identity + extname(path).toLowerCase()
}

/** One segment of facts that earlier runs collected, by content: good for any file that has the content. */
export class StoredFacts {
  readonly name: string
  readonly #contents: readonly string[]
  readonly #segment: FactSegment
  readonly #body: SegmentBody
  /** Of all texts, in bytes. */
  readonly size: number

  constructor(name: string, { header, numbers, body }: Segment<FactsHeader>) {
    this.name = name
    this.#contents = header.contents
    this.#segment = { facts: header.facts, entries: numbers, texts: body }
    this.#body = body
    this.size = body.size
  }

  /** The facts as threads take them. @param contentOfFile by file number of the job */
  forFiles(contentOfFile: readonly (string | undefined)[]): FactSegment {
    const numbers = new Map(this.#contents.map((content, number) => [content, number]))
    return { ...this.#segment, owners: Int32Array.from(contentOfFile, (content) => (content === undefined ? -1 : numbers.get(content) ?? -1)) }
  }

  close(): void {
    this.#body.close()
  }

  /** How many bytes belong to some contents. */
  sizeOf(wanted: ReadonlySet<string>): number {
    const isWanted = this.#contents.map((content) => wanted.has(content))
    return sizeOfTexts(this.#segment, (owner) => isWanted[owner]!)
  }

  /** The facts of some contents. */
  *ofContents(wanted: ReadonlySet<string>): Generator<ContentFact> {
    for (const segment of inMemory([this.#segment])) {
      for (const { owner, ...fact } of factEntries(segment)) {
        const content = this.#contents[owner]!
        if (wanted.has(content)) yield { content, ...fact }
      }
    }
  }
}

/** Gathers facts for a new segment. */
export class FactsBuilder {
  readonly #writer = new FactWriter()
  readonly #contents = new Map<string, number>()
  readonly #seen = new Set<string>()

  get size(): number {
    return this.#writer.size
  }

  /** Adds a fact, unless one of this name for this content was added before. */
  add({ content, fact, bytes, digest }: ContentFact): void {
    let owner = this.#contents.get(content)
    if (owner === undefined) this.#contents.set(content, (owner = this.#contents.size))
    const key = `${owner} ${fact}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#writer.addEntry({ owner, fact, bytes, digest })
  }

  /** What the segment is made of. */
  pieces(): readonly [header: FactsHeader, numbers: Int32Array, body: readonly Uint8Array[]] {
    const { facts, entries, texts } = this.#writer.pieces()
    return [{ contents: [...this.#contents.keys()], facts }, entries, texts]
  }
}
