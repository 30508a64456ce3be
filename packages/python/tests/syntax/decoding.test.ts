import type { FlatTree } from '@krait/core'
import { loadPython } from '@krait/python/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtures } from './fixtures.ts'

const python = await loadPython()

describe('trees read from memory', () => {
  test('are read from memory at all', () => {
    expect(python.decoding).toBe('memory')
  })

  test.each(fixtures)('equal those of the public cursor: %s', (_, text) => {
    expectSameTree(text)
  })

  test.each(fixtures)('equal those of the public cursor with CRLF: %s', (_, text) => {
    expectSameTree(text.replaceAll('\n', '\r\n'))
  })

  test('equal those of the public cursor after random edits', () => {
    const edit = fc.record({
      kind: fc.constantFrom('delete', 'duplicate', 'insert'),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 1, max: 60 }),
      text: fc.constantFrom('(', ')', '[', '{', '"', "'", '"""', '\n', '\n    ', ':', '=', ' ', 'lambda ', 'é', '𝄞', '\\', '#', 'f"{', 'except', '\t', '@'),
    })
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.array(edit, { minLength: 1, maxLength: 4 }), ([, text], edits) => {
        const edited = edits.reduce((current, { kind, from, length, text: inserted }) => {
          const start = Math.floor(from * current.length)
          const slice = current.slice(start, start + length)
          const middle = { delete: '', duplicate: slice + slice, insert: inserted + slice }[kind] ?? ''
          return current.slice(0, start) + middle + current.slice(start + length)
        }, text)
        expectSameTree(edited)
      }),
      { numRuns: 400 },
    )
  })

  test.each([
    ['an empty file', ''],
    ['only a comment', '# nothing'],
    ['only white space', ' \n\t\n'],
    ['6,000 operands', `x = ${Array(6000).fill('a').join(' + ')}\n`],
    ['10,000 parentheses', `x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\n`],
    ['10,000 lists', `x = ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
    ['10,000 conditions', `x = ${'1 if a else '.repeat(10_000)}a\n`],
    ['10,000 open parentheses', `x = ${'('.repeat(10_000)}\n`],
    ['10,000 closing parentheses', `x = ${')'.repeat(10_000)}\n`],
    ['600 nested ifs', `${Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')}${' '.repeat(600)}pass\n`],
    ['astral characters', 'a = "𝄞" + 𝔘  # 𐐷\nb = a\n'],
    ['lone surrogates', 'a = "\ud834" \ud834\n'],
    ['a NUL', 'a = 1\0\nb = 2\n'],
  ])('equal those of the public cursor: %s', (_, text) => {
    expectSameTree(text)
  })

  test('of a line of a megabyte', () => {
    const tree = python.parse(`x = [${'1, '.repeat(350_000)}]\n`)
    expect(tree.hasErrors).toBe(false)
    expect(tree.node(0).descendants('integer').next().value?.start).toBe(5)
    expect(tree.size).toBe(700_008)
  })
})

test('memory does not grow over many parses', () => {
  const texts = fixtures.map(([, text]) => text)
  for (const text of texts) python.parse(text)
  const before = python.memoryBytes
  for (let round = 0; round < 2000; round++) python.parse(texts[round % texts.length]!)
  expect(python.memoryBytes).toBe(before)
})

test('a text that is too long is refused before it can exhaust the memory', () => {
  expect(() => python.parse(' '.repeat(4_000_001))).toThrow('4000001 UTF-16 code units')
})

function expectSameTree(text: string): void {
  const decoded = python.parse(text)
  const expected = python.parseWithCursor(text)
  expect(columnsOf(decoded)).toEqual(columnsOf(expected))
  expect(decoded.text).toBe(text)
}

function columnsOf({ size, kind, field, flags, start, end, next, parent, hasErrors }: FlatTree) {
  const bytes = [kind, field, flags, start, end, next, parent].map((column) => Buffer.from(column.slice().buffer).toString('base64'))
  return { size, hasErrors, columns: bytes }
}
