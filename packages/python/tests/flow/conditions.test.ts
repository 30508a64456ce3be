import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces } from './support/words.ts'

describe('if', () => {
  test('goes one of two ways', () => {
    const text = `
      if x:
          a()
      b()
    `
    expect(calmTraces(text)).toEqual(['a b fall', 'b fall'])
  })

  test('takes one branch of many', () => {
    const text = `
      if x:
          a()
      elif y:
          b()
      else:
          c()
    `
    expect(calmTraces(text)).toEqual(['a fall', 'b fall', 'c fall'])
  })

  test('evaluates the condition of an elif when those before are false', () => {
    const text = `
      if t():
          a()
      elif u():
          b()
    `
    expect(traces(text)).toEqual(['t a fall', 't a! raise', 't u b fall', 't u b! raise', 't u fall', 't u! raise', 't! raise'])
  })

  test('has one way for a constant', () => {
    expect(calmTraces('if True:\n    a()\nelse:\n    b()')).toEqual(['a fall'])
    expect(calmTraces('if 0:\n    a()\nelse:\n    b()')).toEqual(['b fall'])
    expect(calmTraces('if not None:\n    a()\nelse:\n    b()')).toEqual(['a fall'])
    expect(calmTraces('if x or 1:\n    a()\nelse:\n    b()')).toEqual(['a fall'])
  })

  test('is false for TYPE_CHECKING, unless asked otherwise', () => {
    const text = 'if typing.TYPE_CHECKING:\n    a()\nelse:\n    b()'
    expect(traces(text, 3, { cannotRaise: () => true })).toEqual(['b fall'])
    expect(traces(text, 3, { cannotRaise: () => true, typeChecking: 'checker' })).toEqual(['a fall'])
    expect(traces(text, 3, { cannotRaise: () => true, typeChecking: 'both' })).toEqual(['a fall', 'b fall'])
  })
})

describe('and, or, not', () => {
  test('evaluate the right operand only when the left one does not decide', () => {
    expect(calmTraces('if a() and b():\n    c()')).toEqual(['a b c fall', 'a b fall', 'a fall'])
    expect(calmTraces('if a() or b():\n    c()')).toEqual(['a b c fall', 'a b fall', 'a c fall'])
    expect(calmTraces('if not (a() or b()):\n    c()')).toEqual(['a b c fall', 'a b fall', 'a fall'])
  })

  test('do so for their value, too', () => {
    expect(calmTraces('x = a() and b()')).toEqual(['a b fall', 'a fall'])
    expect(calmTraces('f(a() or b())')).toEqual(['a b f fall', 'a f fall'])
    expect(calmTraces('x = not a()')).toEqual(['a fall'])
  })

  test('can leave', () => {
    expect(calmTraces('x or exit(1)\na()')).toEqual(['a fall', 'exit! raise'])
  })
})

describe('other conditions in expressions', () => {
  test('a conditional expression evaluates its test first', () => {
    expect(calmTraces('x = a() if t() else b()')).toEqual(['t a fall', 't b fall'])
  })

  test('a chain of comparisons stops at the first one that is false', () => {
    expect(calmTraces('x = a() < b() < c()')).toEqual(['a b c fall', 'a b fall'])
    expect(calmTraces('if a() < b() < c():\n    d()')).toEqual(['a b c d fall', 'a b c fall', 'a b fall'])
  })

  test('a chain of comparisons is decided at its end', () => {
    const code = new FlowCase('if 0 < a < b.c:\n    d()')
    expect(code.flow.decisionsBefore(code.find('b.c'))).toEqual([])
    expect([...code.flow.testsBefore(code.call('d'))].map(({ test: { text }, outcome }) => [text, outcome])).toEqual([['0 < a < b.c', true]])
  })

  test('a comprehension filters and repeats', () => {
    expect(calmTraces('x = [f(i) for i in a() if t(i)]', 4)).toEqual([
      'a fall',
      'a t f fall',
      'a t f t fall',
      'a t fall',
      'a t t f fall',
      'a t t fall',
      'a t t t fall',
    ])
  })

  test('the inner loop of a comprehension starts anew for each round of the outer one', () => {
    expect(calmTraces('x = {f() for i in a() for j in b(i)}', 4)).toEqual([
      'a b b b fall',
      'a b b f fall',
      'a b b fall',
      'a b f b fall',
      'a b f f fall',
      'a b f fall',
      'a b fall',
      'a fall',
    ])
  })

  test('the generator of a call without parentheses of its own runs before the call', () => {
    expect(calmTraces('x = any(f(i) for i in a())', 3)).toEqual(['a any fall', 'a f any fall'])
  })
})

describe('assert', () => {
  test('evaluates its message only when it fails, and raises then', () => {
    expect(calmTraces('assert t(), m()\na()')).toEqual(['t a fall', 't m raise'])
  })

  test('fails in any case when the condition is a false constant', () => {
    expect(calmTraces('assert False\na()')).toEqual(['raise'])
  })
})

describe('a test', () => {
  test('is a point whose ways name the condition', () => {
    const code = new FlowCase('if not (x and y):\n    a()')
    const [point] = code.flow.pointsOf(code.name('y'))
    expect(point!.role).toBe('test')
    expect(point!.edges.map(({ kind, decider }) => [kind, decider?.text])).toEqual([
      ['true', 'y'],
      ['false', 'y'],
    ])
    expect(code.flow.findPath(point!, code.call('a'))!.edges.map(({ kind }) => kind)).toEqual(['false'])
  })
})
