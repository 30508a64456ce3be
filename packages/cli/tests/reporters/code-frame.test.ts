import fc from 'fast-check'
import { LineTable } from '@krait/core'
import { describe, expect, it } from 'vitest'
import { codeFrame } from '../../src/reporters/code-frame.ts'

describe('codeFrame', () => {
  it('expands tabs and underlines the expanded text', () => {
    expect(frame('\tif a:\n\t\treturn\tb\n', [2, 3, 2, 11])).toEqual([
      '  1 |     if a:',
      '> 2 |         return  b',
      '    |         ^^^^^^^^^',
    ])
  })

  it('underlines wide, combined and astral characters as wide as they are shown', () => {
    // Columns count code units: 日 has one and takes two columns, 👍 has two and takes two, é here has two and takes one.
    expect(frame('日本👍e\u0301 = x\n', [1, 8, 1, 9])).toEqual(['> 1 | 日本👍e\u0301 = x', `    | ${' '.repeat(8)}^`])
    expect(frame('日本👍e\u0301 = x\n', [1, 1, 1, 7])[1]).toBe('    | ^^^^^^^')
  })

  it('takes a whole character when the place cuts through it', () => {
    expect(frame('👍x\n', [1, 2, 1, 3])[1]).toBe('    | ^^')
  })

  it('shows control characters and marks that reorder text as escapes', () => {
    expect(frame('a\u001b[0m\u202eb\n', [1, 7, 1, 8])).toEqual(['> 1 | a\\x1b[0m\\u202eb', `    | ${' '.repeat(14)}^`])
  })

  it('marks an empty place and one at the end of the text', () => {
    expect(frame('f(\n', [1, 3, 1, 3])).toEqual(['> 1 | f(', '    |   ^'])
    expect(frame('f(\n', [2, 1, 2, 1])).toEqual(['  1 | f(', '> 2 |', '    | ^'])
  })

  it('shows the start of a place of many lines', () => {
    expect(frame('a\nb\nc\nd\ne\n', [2, 1, 5, 2])).toEqual(['  1 | a', '> 2 | b', '    | ^', '> 3 | c', '> 4 | d', '> ...'])
  })

  it('leaves out the line behind a place that ends with a line break', () => {
    expect(frame('aa\nb\n', [1, 1, 2, 1])).toEqual(['> 1 | aa', '    | ^^', '  2 | b'])
  })

  it('leaves out empty context lines and lines up numbers', () => {
    expect(frame(`${'\n'.repeat(8)}x\ny\n`, [9, 1, 9, 2])).toEqual(['>  9 | x', '     | ^', '  10 | y'])
  })

  it('is empty for a place outside the text', () => {
    expect(frame('x', [3, 1, 3, 2])).toEqual([])
  })

  it('keeps the underline below the reported text of a long line, wherever it is', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), fc.integer({ min: 20, max: 120 }), (before, after, width) => {
        const [code, marks] = frame(`${'a'.repeat(before)}X${'b'.repeat(after)}`, [1, before + 1, 1, before + 2], width)
        expect(marks!.indexOf('^')).toBe(code!.indexOf('X'))
        expect(code!.length).toBeLessThanOrEqual('> 1 | '.length + width + 2)
      }),
    )
  })

  it('draws something below every place of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
        const lines = new LineTable(text)
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number]
        const [start, end] = [lines.position(from), lines.position(to)]
        const rows = frame(text, [start.line, start.column, end.line, end.column])
        expect(rows.filter((row) => /^ +\| *\^+$/.test(row)).length).toBeGreaterThanOrEqual(1)
        expect(rows.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
      }),
    )
  })
})

function frame(text: string, [line, column, endLine, endColumn]: readonly [number, number, number, number], codeWidth = 80): string[] {
  const same = (part: string): string => part
  return codeFrame(new LineTable(text), { line, column, endLine, endColumn }, { codeWidth, dim: same, mark: same })
}
