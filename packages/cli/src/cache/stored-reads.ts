import { ReadTableBuilder, type ReadTable } from '@krait/core'
import type { Segment } from './segment-file.ts'
import type { ReadsPlace } from './stored-state.ts'

/** What checks read in earlier runs. */
export interface StoredReads {
  readonly table: ReadTable
  /** The logs of all checks in a row: places in the table. */
  readonly logs: Int32Array
}

export function readsIn({ header, numbers, body }: Segment<ReadTable>): StoredReads {
  body.close()
  return { table: header, logs: numbers }
}

export function logAt({ logs }: StoredReads, { offset, count }: ReadsPlace): Int32Array {
  return logs.subarray(offset, offset + count)
}

/** Gathers the logs of checks for a new segment. */
export class ReadsBuilder {
  readonly #table = new ReadTableBuilder()
  readonly #logs: number[] = []

  /** See `ReadTableBuilder.importer`. */
  importer(...parameters: Parameters<ReadTableBuilder['importer']>): (read: number) => number {
    return this.#table.importer(...parameters)
  }

  /** @param log places in the new table, as the importer gave them @returns where it stands in the new segment */
  add(log: readonly number[]): Omit<ReadsPlace, 'segment'> {
    const offset = this.#logs.length
    for (const read of log) this.#logs.push(read)
    return { offset, count: log.length }
  }

  get isEmpty(): boolean {
    return this.#logs.length === 0
  }

  /** What the segment is made of. */
  pieces(): readonly [header: ReadTable, numbers: Int32Array, body: readonly Uint8Array[]] {
    return [this.#table.table(), Int32Array.from(this.#logs), []]
  }
}
