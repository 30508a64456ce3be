import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'

/** Whether a consistent path leads from the beginning of a function to the call of `end`. */
function reaches(body: string): boolean {
  const code = new FlowCase(`def f(x, y, z):\n${body.replace(/^/gm, '    ')}`)
  const end = code.call('end')
  expect(code.flow.canReach('entry', end), 'there is a path, if conditions are not looked at').toBe(true)
  return code.flow.canReach('entry', end, { consistent: true, exceptions: 'none' })
}

/** `end()` behind a first test that holds and a second one. */
function both(first: string, second: string, between = 'pass'): boolean {
  return reaches(`if ${first}:\n    pass\nelse:\n    return\n${between}\nif ${second}:\n    end()`)
}

describe('a consistent path', () => {
  test.each([
    ['x', 'not x'],
    ['not x', 'x'],
    ['x is None', 'x is not None'],
    ['x == None', 'x'],
    ['x', 'x is None'],
    ['x == 1', 'x != 1'],
    ['x in y', 'x not in y'],
    ['x.y', 'not x.y'],
    ['x[0]', 'not x[0]'],
    ['x > 1', 'not x > 1'],
    ['x  is   y', 'x is not y'],
    ['isinstance(x, str)', 'not isinstance(x, str)'],
    ['x and y', 'not x'],
    ['not (x or y)', 'y'],
    ['(a := z())', 'not a'],
  ])('does not take %s and then %s', (first, second) => expect(both(first, second)).toBe(false))

  test.each([
    ['x', 'y'],
    ['x', 'x'],
    ['not x', 'x is None'],
    ['x is not None', 'not x'],
    ['x()', 'not x()'],
    ['x.y()', 'not x.y()'],
    ['x > 1', 'not x > 2'],
    ['1 < x < y.z or z', 'not 1 < x < y.z'],
  ])('takes %s and then %s', (first, second) => expect(both(first, second)).toBe(true))

  test.each([
    ['x', 'not x', 'x = z'],
    ['x', 'not x', 'x, a = z'],
    ['x', 'not x', 'for x in z: pass'],
    ['x', 'not x', 'del x'],
    ['x.y', 'not x.y', 'x.y = z'],
    ['x.y', 'not x.y', 'x = z'],
    ['x > y', 'not x > y', 'y += 1'],
  ])('takes %s and then %s when in between comes %s', (first, second, between) => expect(both(first, second, between)).toBe(true))

  test('knows the constants that it assigned', () => {
    expect(reaches('done = False\nif x:\n    done = True\nif done:\n    if not x:\n        end()')).toBe(false)
    expect(reaches('done = False\nif x:\n    done = True\nif done:\n    end()')).toBe(true)
    expect(reaches('a = None\nif a is not None:\n    end()')).toBe(false)
    expect(reaches('a = 1\nif not a:\n    end()')).toBe(false)
    expect(reaches('a = ""\nif a:\n    end()')).toBe(false)
    expect(reaches('a = "b"\nif a:\n    end()')).toBe(true)
    expect(reaches('a = y\nif a:\n    end()')).toBe(true)
  })

  test('asks anew in each round of a loop', () => {
    expect(reaches('for x in y:\n    if x:\n        z()\n    if not x:\n        end()')).toBe(true)
    expect(reaches('for x in y:\n    if x:\n        if not x:\n            end()')).toBe(false)
  })

  test('may end an endless-looking loop', () => {
    expect(reaches('while x:\n    y()\nend()')).toBe(true)
  })

  test('tells that a name is bound where it is read', () => {
    const code = new FlowCase('def f(flag):\n    if flag:\n        name = 1\n    if not flag:\n        return\n    use(name)')
    const through = code.first('assignment')
    expect(code.flow.everyPath({ from: 'entry', to: code.call('use'), through })).toBe(false)
    expect(code.flow.everyPath({ from: 'entry', to: code.call('use'), through, consistent: true })).toBe(true)
  })

  test('counts for the other queries about paths', () => {
    const code = new FlowCase(`
      def f(flag):
          for item in items():
              try:
                  value = a()
              except E:
                  if flag:
                      raise
                  if not flag:
                      break
              b(value)
    `)
    const loop = code.flow.loops[0]!
    const clause = code.first('except_clause')
    expect(code.flow.canReachNextRound(clause, loop)).toBe(true)
    expect(code.flow.canReachNextRound(clause, loop, { consistent: true })).toBe(false)
  })

  test('is found among very many, by forgetting', () => {
    const body = Array.from({ length: 200 }, (_, i) => `if a${i}:\n    pass\nif a${i}:\n    pass`).join('\n')
    expect(reaches(`${body}\nend()`)).toBe(true)
  })
})
