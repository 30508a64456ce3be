import { firstRowFrom, PackedReads, packReads, ReadTableBuilder, type PackedHeader, type Read, type ReadSource } from '@krait/core'
import { digestText } from '../read/digest.ts'
import type { Segment, SegmentBody } from './segment-file.ts'
import type { ReadsPlace } from './stored-state.ts'

export interface ReadsHeader {
  readonly table: PackedHeader
  /**
   * How many of the numbers are of the table, and then logs. After them come, of each answer that is kept: place of its read, offset, length; sorted by the
   * places.
   */
  readonly tableNumbers: number
  readonly logs: number
}

const ENTRY_SIZE = 3

/** What checks read in earlier runs. */
export class StoredReads {
  readonly table: PackedReads
  /** The logs of all checks in a row: places in the table. */
  readonly logs: Int32Array
  /** In bytes. */
  readonly size: number
  readonly #answers: Int32Array
  readonly #body: SegmentBody
  readonly #onDamage: () => void
  #isDamaged = false

  /** @param onDamage told if an answer is not what it was */
  constructor({ header: { table, tableNumbers, logs }, numbers, body }: Segment<ReadsHeader>, onDamage: () => void) {
    this.#onDamage = onDamage
    this.table = new PackedReads({ header: table, numbers: numbers.subarray(0, tableNumbers) })
    this.logs = numbers.subarray(tableNumbers, tableNumbers + logs)
    this.#answers = numbers.subarray(tableNumbers + logs)
    this.#body = body
    this.size = numbers.byteLength + body.size
  }

  log({ offset, count }: ReadsPlace): Int32Array {
    return this.logs.subarray(offset, offset + count)
  }

  /** The JSON text of an answer by the place of its read; `undefined` if it was not kept, or is not what it was. */
  readonly answer = (place: number): string | undefined => {
    const at = firstRowFrom(this.#answers, ENTRY_SIZE, place)
    if (this.#answers[at] !== place) return undefined
    const json = this.#body.read(this.#answers[at + 1]!, this.#answers[at + 2]!)?.toString('utf8')
    if (json !== undefined && digestText(json) === this.table.digestOf(place)) return json
    this.#isDamaged = true
    this.#onDamage()
    return undefined
  }

  /** Whether some answer was not what it was. */
  get isDamaged(): boolean {
    return this.#isDamaged
  }

  close(): void {
    this.#body.close()
  }
}

/** Gathers the logs of checks, and the answers they rest on, for a new segment. */
export class ReadsBuilder {
  readonly #table = new ReadTableBuilder()
  readonly #logs: number[] = []
  readonly #answers = new Map<number, Buffer>()

  /**
   * See `ReadTableBuilder.importer`.
   * @param answer gives the JSON text of an answer in the other table, if it was kept
   */
  importer(
    source: ReadSource,
    answer: (place: number) => string | undefined,
    replace?: (read: Read, place: number) => number | readonly number[] | undefined,
  ): (place: number) => number {
    return this.#table.importer(source, replace, (read, place, imported) => {
      if (read[0] !== 'answer' || this.#answers.has(imported)) return
      const json = answer(place)
      if (json !== undefined) this.#answers.set(imported, Buffer.from(json))
    })
  }

  /** @param log places in the new table, as the importer gave them @returns where it stands in the new segment */
  add(log: readonly number[]): Omit<ReadsPlace, 'segment'> {
    const offset = this.#logs.length
    for (const read of log) this.#logs.push(read)
    return { offset, count: log.length }
  }

  get isEmpty(): boolean {
    return this.#table.table().reads.length === 0
  }

  /** What the segment is made of. */
  pieces(): readonly [header: ReadsHeader, numbers: Int32Array, body: readonly Uint8Array[]] {
    const { header, numbers } = packReads(this.#table.table())
    const answers = [...this.#answers].sort(([a], [b]) => a - b)
    const entries: number[] = []
    let offset = 0
    for (const [place, { length }] of answers) {
      entries.push(place, offset, length)
      offset += length
    }
    const all = new Int32Array(numbers.length + this.#logs.length + entries.length)
    all.set(numbers)
    all.set(this.#logs, numbers.length)
    all.set(entries, numbers.length + this.#logs.length)
    return [{ table: header, tableNumbers: numbers.length, logs: this.#logs.length }, all, answers.map(([, bytes]) => bytes)]
  }
}
