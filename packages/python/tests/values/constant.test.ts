import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

/** The constant that the last expression is. */
function constant(text: string, others: Readonly<Record<string, string>> = {}): unknown {
  const opened = file(text, 'app/main.py', { 'app/__init__.py': '', ...others })
  return opened.services.constantOf(opened.last)
}

describe('the value of an expression', () => {
  test.each<[text: string, value: unknown]>([
    ['1', 1],
    ['-1', -1],
    ['0x_ff', 255],
    ['1_000', 1000],
    ['"a" "b"', 'ab'],
    ['"\\x41\\u00e9"', 'Aé'],
    ['r"\\n"', '\\n'],
    ['b"a"', 'a'],
    ['None', null],
    ['True', true],
    ['not 0', true],
    ['(1, "a")', [1, 'a']],
    ['10 * 60', 600],
    ['7 // -2', -4],
    ['-7 % 3', 2],
    ['2 ** 10', 1024],
    ['"a" + "b" * 2', 'abb'],
    ['"%s of %d" % ("a", 2)', 'a of 2'],
    ['f"{1}-{\'a\'}"', '1-a'],
    ['[1] + [2]', [1, 2]],
    ['(1, 2)[-1]', 2],
    ['{"a": 1}["a"]', 1],
    ['"a" if 1 else "b"', 'a'],
    ['0 or "a"', 'a'],
    ['x', undefined],
    ['f()', undefined],
    ['f"a{1:03}"', undefined],
    ['f"{\'a\'!r}"', undefined],
    ['1 / 0', undefined],
    ['[*x]', undefined],
    ['"a" * 1000000', undefined],
  ])('%s', (text, value) => expect(constant(text)).toEqual(value))
})

describe('the value of a name', () => {
  test.each<[text: string, value: unknown]>([
    ['A = 1\nA', 1],
    ['A = 60\nB = A * 2\nB', 120],
    ['A = 1\nA = 2\nA', undefined],
    ['class C:\n    A = 1\nC.A', 1],
    ['from enum import StrEnum\nclass C(StrEnum):\n    A = "a"\nC.A', 'a'],
    ['from enum import Enum\nclass C(str, Enum):\n    A = "a"\nC.A', 'a'],
    ['from enum import Enum\nclass C(Enum):\n    A = 1\nC.A', undefined],
    ['from enum import Enum\nclass C(Enum):\n    A = 1\nC.A.value', 1],
    ['from enum import Enum\nclass C(Enum):\n    A = 1\nC.A.name', 'A'],
  ])('%j', (text, value) => expect(constant(text)).toEqual(value))

  test('of another module, through a re-export', () => {
    const others = { 'app/a.py': 'from app.b import LIMIT', 'app/b.py': 'SECOND = 1\nLIMIT = 30 * SECOND' }
    expect(constant('from app.a import LIMIT\nLIMIT', others)).toBe(30)
  })

  test('of a local variable', () => {
    const opened = file('def f():\n    a = 5\n    return a + 1\n')
    expect(opened.services.constantOf(opened.find('a + 1'))).toBe(6)
  })
})

test('a long sum is folded, a deep one is unknown', () => {
  expect(constant(Array.from({ length: 50 }, () => '1').join(' + '))).toBeUndefined()
  expect(constant(Array.from({ length: 20 }, () => '1').join(' + '))).toBe(20)
})
