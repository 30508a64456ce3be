import { digestOf, PackedReads, packReads, type Read, type ReadTable } from '@krait/core'
import { describe, expect, it } from 'vitest'

const reads: readonly Read[] = [
  ['settings', digestOf('settings')],
  ['changes', null],
  ['changes', digestOf('changes')],
  ['files', digestOf('files')],
  ['file', 'ä/\u{1f40d}.py', true],
  ['file', '', false],
  ['folder', 'a', false],
  ['folder', 'a', true],
  ['fact', 'toy/names', 1, 'a', digestOf('fact')],
  ['fact', 'toy/names', 2, 'a', null],
  ['fact', 'toy/names', 1, 'b', '!'],
  ['facts', 'toy/names', 1, digestOf('facts')],
  ['answer', 0, 'key', digestOf('answer')],
  ['answer', 1, 'key', null],
  ['answer', 2, 'key', '!'],
  ['answer', 1, '', digestOf('')],
  ['index', 1],
  ['earlier', 3, 4],
]
const table: ReadTable = {
  reads,
  builds: [
    { name: 'toy/one', version: 1, reads: [0, ~1, 17] },
    { name: 'toy/one', version: 1, reads: [] },
    { name: 'toy/two', version: 1, reads: [5] },
  ],
  logs: [[1, 2, 3], [~0, 4], []],
}
const packed = new PackedReads(packReads(table))

describe('a packed table', () => {
  it('has what was put in, at the same places', () => {
    expect(reads.map((_, place) => packed.read(place))).toEqual(reads)
    expect(table.builds.map((_, place) => packed.build(place))).toEqual(table.builds)
    expect(table.logs.map((_, place) => packed.log(place))).toEqual(table.logs)
  })

  it('has nothing at other places', () => {
    expect([packed.read(reads.length), packed.build(3), packed.log(3)]).toEqual([undefined, undefined, undefined])
    const empty = new PackedReads(packReads({ reads: [], builds: [], logs: [] }))
    expect([empty.read(0), empty.build(0), empty.log(0), empty.answersTo('toy/one@1', 'key')]).toEqual([undefined, undefined, undefined, []])
  })

  it('finds answers by index and key', () => {
    expect(packed.answersTo('toy/one@1', 'key')).toEqual([12, 13])
    expect(packed.answersTo('toy/two@1', 'key')).toEqual([14])
    expect(packed.answersTo('toy/one@1', '')).toEqual([15])
    expect(packed.answersTo('toy/one@2', 'key')).toEqual([])
    expect(packed.answersTo('toy/one@1', 'other')).toEqual([])
  })

  it('finds each of many answers', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `key ${i}`)
    const many = new PackedReads(packReads({ reads: keys.map((key) => ['answer', 0, key, null]), builds: [{ name: 'toy/one', version: 1, reads: [] }], logs: [] }))
    expect(keys.every((key, place) => many.answersTo('toy/one@1', key).join() === `${place}`)).toBe(true)
    expect(many.answersTo('toy/one@1', 'key')).toEqual([])
  })

  it('is JSON, but for its numbers', () => {
    const { header } = packReads(table)
    expect(JSON.parse(JSON.stringify(header))).toEqual(header)
  })
})
