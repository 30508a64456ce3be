import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces } from './support/words.ts'

describe('match', () => {
  test('tries the cases in turn', () => {
    const text = `
      match a():
          case 1:
              b()
          case 2:
              c()
      d()
    `
    expect(calmTraces(text)).toEqual(['a b d fall', 'a c d fall', 'a d fall'])
  })

  test('ends with an irrefutable case', () => {
    for (const pattern of ['_', 'x', '(x)', '_ as x', '1 | x', 'A() | _', '((_ as x))']) {
      const text = `match a():\n    case 1:\n        b()\n    case ${pattern}:\n        c()`
      expect(calmTraces(text), pattern).toEqual(['a b fall', 'a c fall'])
    }
  })

  test('does not take other patterns for irrefutable', () => {
    for (const pattern of ['(x,)', 'x,', '[x]', '[*x]', '*x,', 'x.y', 'A()', 'A(x)', '{**x}', '{}', '1 | 2', '_ if x']) {
      const text = `match a():\n    case ${pattern}:\n        c()`
      expect(calmTraces(text), pattern).toEqual(['a c fall', 'a fall'])
    }
  })

  test('goes on with the next case when a guard is false', () => {
    const text = `
      match a():
          case x if t():
              b()
          case y if u():
              c()
          case _:
              d()
    `
    expect(calmTraces(text)).toEqual(['a t b fall', 'a t u c fall', 'a t u d fall'])
  })

  test('evaluates its subjects first', () => {
    expect(traces('match a(), b():\n    case _:\n        pass')).toEqual(['a b fall', 'a b! raise', 'a! raise'])
  })

  test('binds names when the pattern matches, before the guard', () => {
    const code = new FlowCase(`
      def f(value):
          match value:
              case [x, *rest] if t(x):
                  return x, rest
              case {"key": y, **others}:
                  return y, others, x
              case Point(x=1, y=z) as point:
                  return z, point
          return x
    `)
    const assigned = (name: string, occurrence: number) => code.flow.assignedBefore(code.name(name, occurrence))
    expect([assigned('x', 1), assigned('x', 2), assigned('rest', 1)]).toEqual(['every', 'every', 'every'])
    expect([assigned('y', 1), assigned('others', 1), assigned('z', 1), assigned('point', 1)]).toEqual(['every', 'every', 'every', 'every'])
    // In the second case, `x` is bound if the first pattern matched and its guard did not hold.
    expect(assigned('x', 3)).toBe('some')
  })

  test('reads the classes and constants of its patterns', () => {
    const code = new FlowCase('def f(a):\n    Color = a\n    match a:\n        case Color.RED: pass\n        case Color(): pass')
    expect(code.flow.assignedBefore(code.name('Color', 1))).toBe('every')
    expect(code.flow.assignedBefore(code.name('Color', 2))).toBe('every')
  })

  test('a case is a point where its body begins', () => {
    const code = new FlowCase('match a:\n    case 1 if t():\n        b()')
    const [clause] = code.all('case_clause')
    expect(code.flow.pointsOf(clause!).map(({ role }) => role)).toEqual(['case'])
    expect(code.flow.dominates(code.call('t'), clause!)).toBe(true)
  })
})
