import { extname } from 'node:path'
import { factEntries, forOtherFiles, FactWriter, type FactEntry, type FactSegment } from '../run/shared-facts.ts'
import { joinSegment, splitSegment } from './segment-layout.ts'

/** What the numbers in the entries of a segment mean. */
interface FactsHeader {
  /** By file number; see `contentOf`. */
  readonly contents: readonly string[]
  readonly facts: readonly string[]
}

/** A fact by what it was made from. */
export interface ContentFact extends Omit<FactEntry, 'file'> {
  readonly content: string
}

/** What a fact follows from: the bytes of a file, and its ending, which decides the language. */
export function contentOf(path: string, identity: string): string {
  return identity + extname(path).toLowerCase()
}

/** The facts that earlier runs collected, by content: good for any file that has the content. */
export class StoredFacts {
  readonly #segments: readonly StoredSegment[]

  /** @param read gives a segment by its name; of one that is gone nothing is known */
  constructor(read: (name: string) => Buffer<SharedArrayBuffer> | undefined, names: readonly string[]) {
    this.#segments = names.flatMap((name) => {
      const piece = read(name)
      return piece ? factsIn(name, piece) : []
    })
  }

  /** The names of the segments that are there. */
  get names(): readonly string[] {
    return this.#segments.map(({ name }) => name)
  }

  /** The size of all texts, in bytes. */
  get size(): number {
    return this.#segments.reduce((sum, { segment, start }) => sum + segment.bytes.byteLength - start, 0)
  }

  /** The facts as threads take them. @param files numbers of files by content */
  forFiles(files: ReadonlyMap<string, readonly number[]>): FactSegment[] {
    return this.#segments.map(({ contents, segment, start }) => forOtherFiles(segment, (file) => files.get(contents[file]!) ?? [], start))
  }

  /** The facts of some contents, each once. */
  *ofContents(wanted: ReadonlySet<string>): Generator<ContentFact> {
    const seen = new Set<string>()
    for (const { contents, segment, start } of [...this.#segments].reverse()) {
      for (const { file, fact, digest, bytes } of factEntries(forOtherFiles(segment, (file) => [file], start))) {
        const content = contents[file]!
        const key = `${content} ${fact}`
        if (!wanted.has(content) || seen.has(key)) continue
        seen.add(key)
        yield { content, fact, digest, bytes }
      }
    }
  }
}

interface StoredSegment {
  readonly name: string
  readonly contents: readonly string[]
  /** Its offsets count from `start`. */
  readonly segment: FactSegment
  readonly start: number
}

function factsIn(name: string, piece: Buffer<SharedArrayBuffer>): StoredSegment {
  const { header, numbers, bytes } = splitSegment<FactsHeader, SharedArrayBuffer>(piece)
  const { contents, facts } = header
  return { name, contents, segment: { facts, entries: numbers, bytes: bytes.buffer }, start: bytes.byteOffset }
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
    const key = `${content} ${fact}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    let file = this.#contents.get(content)
    if (file === undefined) this.#contents.set(content, (file = this.#contents.size))
    this.#writer.addEntry({ file, fact, bytes, digest })
  }

  finish(): Uint8Array {
    const { facts, entries, bytes } = this.#writer.finish()
    const header: FactsHeader = { contents: [...this.#contents.keys()], facts }
    return joinSegment(header, entries, [new Uint8Array(bytes)])
  }
}
