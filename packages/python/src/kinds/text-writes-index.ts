import { defineIndex } from '@krait/core'
import { textWritesFact } from './text-writes.ts'
import type { TextWrite } from './text-writes.ts'

export interface PlacedWrite {
  readonly path: string
  /** Its place among those of the file. */
  readonly number: number
  readonly write: TextWrite
}

/** Where the project gives text that may be made from a datetime to an attribute, by the name of the attribute; sorted by file. */
export const textWritesIndex = defineIndex<ReadonlyMap<string, readonly PlacedWrite[]>, string, readonly PlacedWrite[]>({
  name: 'python/text-writes',
  version: 2,
  build(reader) {
    const found = new Map<string, PlacedWrite[]>()
    for (const [path, writes] of reader.facts(textWritesFact)) {
      for (const [number, write] of writes.entries()) {
        const known = found.get(write.attribute)
        if (known) known.push({ path, number, write })
        else found.set(write.attribute, [{ path, number, write }])
      }
    }
    return found
  },
  ask: (writes, attribute) => writes.get(attribute) ?? [],
})
