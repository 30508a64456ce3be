import { describe, expect, test } from 'vitest'
import type { FlowOptions } from '@krait/python'
import { FlowCase } from './support/flow-of.ts'
import { traces } from './support/words.ts'

const SWALLOWING: FlowOptions = { cannotRaise: ({ kind }) => kind !== 'call', swallows: (item) => (item.text === 'm()' ? 'maybe' : item.text === 'n()' ? 'always' : 'never') }

describe('with', () => {
  test('hands on the exceptions of its body', () => {
    const text = `
      with a() as x:
          b()
      c()
    `
    expect(traces(text)).toEqual(['a b c fall', 'a b c! raise', 'a b! raise', 'a! raise'])
  })

  test('stops some or all exceptions if its manager does', () => {
    expect(traces('with m():\n    b()\nc()', 3, SWALLOWING)).toEqual(['m b c fall', 'm b c! raise', 'm b! c fall', 'm b! c! raise', 'm b! raise', 'm! raise'])
    expect(traces('with n():\n    b()\nc()', 3, SWALLOWING)).toEqual(['n b c fall', 'n b c! raise', 'n b! c fall', 'n b! c! raise', 'n! raise'])
  })

  test('knows contextlib.suppress and its like by name', () => {
    const swallows = (manager: string) => new FlowCase(`with ${manager}:\n    b()`).flow.pointsInRole('with-exit').some(({ edges }) => edges.some(({ kind }) => kind === 'swallow'))
    expect(['suppress(E)', 'contextlib.suppress(E)', 'pytest.raises(E) as e', '(suppress(E) as e)', 'open(p)', 'lock'].map(swallows)).toEqual([
      true, true, true, true, false, false,
    ])
  })

  test('enters its items in order, and a later one is covered by those before', () => {
    const text = `
      with m(), a():
          b()
      c()
    `
    expect(traces(text, 4, SWALLOWING).filter((word) => !word.includes('c!'))).toEqual([
      'm a b c fall',
      'm a b! c fall',
      'm a b! raise',
      'm a! c fall',
      'm a! raise',
      'm! raise',
    ])
  })

  test('binds its target inside the block, where the manager is left again if that fails', () => {
    const code = new FlowCase('with a() as (x, y):\n    b()')
    const roles = (kind: string) => code.flow.points.filter(({ edges }) => edges.some((edge) => edge.kind === kind)).map(({ role }) => role)
    expect(code.flow.pointsOf(code.first('as_pattern_target')).map(({ role }) => role)).toEqual(['bind'])
    expect(roles('unwind')).toEqual(['with-exit'])
    // Entering, unpacking, the call, and leaving on both ways.
    expect(roles('exception')).toEqual(['expression', 'with-enter', 'expression', 'expression', 'with-exit', 'with-exit'])
  })

  test('is left on the way of a return, break and continue', () => {
    const code = new FlowCase(`
      def f():
          for x in y:
              with a():
                  if x: return
                  if y: break
                  if z: continue
                  b()
    `)
    const ways = code.flow.pointsInRole('with-exit', code.first('with_item')).map(({ edges }) => edges.map(({ kind }) => kind).filter((kind) => kind !== 'exception'))
    expect(ways).toEqual([['normal'], ['unwind'], ['return'], ['break'], ['continue']])
  })

  test('is left from the inside out', () => {
    const code = new FlowCase('def f():\n    with a(), b():\n        return c()')
    const path = code.flow.findPath(code.first('return_statement'), 'normal-exit')!
    expect(path.nodes.map(({ text }) => text)).toEqual(['b()', 'a()'])
  })

  test('that is left by all ways by a jump has nothing behind it, unless it swallows', () => {
    const text = (manager: string) => `def f():\n    with ${manager}:\n        return a()\n    b()`
    const isReached = (code: FlowCase) => code.flow.isReachable(code.call('b'))
    expect(isReached(new FlowCase(text('open(p)')))).toBe(false)
    expect(isReached(new FlowCase(text('suppress(E)')))).toBe(true)
  })

  test('awaits when it is async', () => {
    const code = new FlowCase('async def f():\n    async with a as x:\n        pass')
    const reasons = code.flow.points.flatMap(({ edges }) => edges.flatMap((edge) => (edge.kind === 'exception' ? [edge.reasons.join('+')] : [])))
    expect(reasons).toEqual(['await+with-enter', 'await+with-exit'])
  })

  test('in parentheses may have a target in them', () => {
    const code = new FlowCase('def f():\n    with (a() as x):\n        b(x)\n    with (a() as y, b() as z,):\n        c(y, z)')
    for (const name of ['x', 'y', 'z']) expect(code.flow.assignedBefore(code.name(name, 1))).toBe('every')
  })
})
