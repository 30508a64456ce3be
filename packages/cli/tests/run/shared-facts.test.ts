import { defineFact } from '@krait/core'
import { expect, it } from 'vitest'
import { FactReader, FactWriter } from '../../src/run/shared-facts.ts'

const nameFact = defineFact<string>({ name: 'toy/name', version: 1, collect: () => '' })
const longFact = defineFact<string>({ name: 'toy/long', version: 1, collect: () => '' })

it('texts of any size are found again', () => {
  const texts = ['"a"', `"${'ä'.repeat(900_000)}"`, '"c"', `"${'d'.repeat(700_000)}"`, '"e"', '""']
  const writer = new FactWriter()
  for (const [file, json] of texts.entries()) writer.add(file, { fact: file % 2 === 0 ? nameFact : longFact, json, digest: `${file}`.repeat(32) })
  const { facts, texts: pieces } = writer.pieces()
  expect(facts).toEqual(['toy/name@1', 'toy/long@1'])
  expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(writer.size)
  const reader = new FactReader([writer.finish()])
  for (const [file, json] of texts.entries()) {
    const found = reader.get(file, file % 2 === 0 ? nameFact : longFact)
    expect(found?.json() === json).toBe(true)
    expect(found?.digest).toBe(`${file}`.repeat(32))
    expect(reader.get(file, file % 2 === 0 ? longFact : nameFact)).toBeUndefined()
  }
})

it('nothing has no pieces', () => {
  const writer = new FactWriter()
  expect(writer.pieces().texts).toEqual([])
  expect(new FactReader([writer.finish()]).get(0, nameFact)).toBeUndefined()
})
