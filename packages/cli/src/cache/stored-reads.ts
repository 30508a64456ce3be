import { ReadTableBuilder, type ReadTable } from '@krait/core'
import { digestText } from '../read/digest.ts'
import type { Segment, SegmentBody } from './segment-file.ts'
import type { ReadsPlace } from './stored-state.ts'

export interface ReadsHeader {
  readonly table: ReadTable
  /** How many of the numbers are logs. After them come, of each answer that is kept: place of its read, offset, length. */
  readonly logs: number
}

const ENTRY_SIZE = 3

/** What checks read in earlier runs. */
export class StoredReads {
  readonly table: ReadTable
  /** The logs of all checks in a row: places in the table. */
  readonly logs: Int32Array
  readonly #answers: Int32Array
  readonly #body: SegmentBody
  readonly #onDamage: () => void
  #entries: ReadonlyMap<number, number> | undefined
  #isDamaged = false

  /** @param onDamage told if an answer is not what it was */
  constructor({ header, numbers, body }: Segment<ReadsHeader>, onDamage: () => void) {
    this.#onDamage = onDamage
    this.table = header.table
    this.logs = numbers.subarray(0, header.logs)
    this.#answers = numbers.subarray(header.logs)
    this.#body = body
  }

  log({ offset, count }: ReadsPlace): Int32Array {
    return this.logs.subarray(offset, offset + count)
  }

  /** The JSON text of an answer by the place of its read; `undefined` if it was not kept, or is not what it was. */
  readonly answer = (place: number): string | undefined => {
    this.#entries ??= this.#indexAnswers()
    const at = this.#entries.get(place)
    const read = this.table.reads[place]
    if (at === undefined || read?.[0] !== 'answer') return undefined
    const json = this.#body.read(this.#answers[at + 1]!, this.#answers[at + 2]!)?.toString('utf8')
    if (json !== undefined && digestText(json) === read[3]) return json
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

  #indexAnswers(): Map<number, number> {
    const entries = new Map<number, number>()
    for (let at = 0; at < this.#answers.length; at += ENTRY_SIZE) entries.set(this.#answers[at]!, at)
    return entries
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
  importer(table: ReadTable, answer: (place: number) => string | undefined, replace?: (place: number) => number | readonly number[] | undefined): (place: number) => number {
    return this.#table.importer(table, replace, (place, imported) => {
      if (table.reads[place]![0] !== 'answer' || this.#answers.has(imported)) return
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
    const entries: number[] = []
    let offset = 0
    for (const [place, { length }] of this.#answers) {
      entries.push(place, offset, length)
      offset += length
    }
    const header: ReadsHeader = { table: this.#table.table(), logs: this.#logs.length }
    return [header, Int32Array.from([...this.#logs, ...entries]), [...this.#answers.values()]]
  }
}
