/** The facts of a job's files as one thread collected them: UTF-8 JSON texts one after the other, and where each stands. */
export interface FactSegment {
  readonly bytes: SharedArrayBuffer
  /** File number, offset and length of each text. */
  readonly entries: Int32Array
}

const ENTRY_SIZE = 3

/** Gathers the facts of one thread. */
export class FactWriter {
  readonly #texts: Uint8Array[] = []
  readonly #entries: number[] = []
  #size = 0

  add(file: number, facts: string): void {
    const bytes = Buffer.from(facts)
    this.#entries.push(file, this.#size, bytes.length)
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
    this.#texts.length = 0
    return { bytes, entries: Int32Array.from(this.#entries) }
  }
}

/** Reads facts that all threads collected. */
export class FactReader {
  readonly #buffers: readonly Buffer[]
  readonly #places = new Map<number, { segment: number; offset: number; length: number }>()

  constructor(segments: readonly FactSegment[]) {
    this.#buffers = segments.map(({ bytes }) => Buffer.from(bytes))
    for (const [segment, { entries }] of segments.entries()) {
      for (let i = 0; i < entries.length; i += ENTRY_SIZE) {
        this.#places.set(entries[i]!, { segment, offset: entries[i + 1]!, length: entries[i + 2]! })
      }
    }
  }

  /** The facts of a file as JSON text, if any thread collected them. */
  get(file: number): string | undefined {
    const place = this.#places.get(file)
    if (!place) return undefined
    return this.#buffers[place.segment]!.toString('utf8', place.offset, place.offset + place.length)
  }
}
