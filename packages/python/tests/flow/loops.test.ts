import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces } from './support/words.ts'

describe('while', () => {
  test('tests before each round, and has an else for its end', () => {
    const text = `
      while t():
          a()
      else:
          b()
    `
    expect(calmTraces(text, 4)).toEqual(['t a t b fall', 't b fall'])
  })

  test('break leaves out the else', () => {
    const text = `
      while t():
          if u():
              break
      else:
          b()
      c()
    `
    expect(calmTraces(text, 4)).toEqual(['t b c fall', 't u c fall'])
  })

  test('continue goes back to the test', () => {
    const text = `
      while t():
          if u():
              continue
          a()
    `
    expect(calmTraces(text, 4)).toEqual(['t fall', 't u a t fall', 't u t fall'])
  })

  test('with a true constant ends by jumps only', () => {
    const text = `
      while True:
          if t():
              break
      else:
          never()
      a()
    `
    expect(calmTraces(text, 3)).toEqual(['t a fall', 't t a fall'])
  })

  test('that nothing ends has nothing behind it', () => {
    const code = new FlowCase('while True:\n    pass\na()')
    expect(code.flow.isReachable(code.call('a'))).toBe(false)
    expect(code.flow.isReachable(code.flow.normalExit)).toBe(false)
  })
})

describe('for', () => {
  test('evaluates the iterable once', () => {
    const text = `
      for x in a():
          b()
      else:
          c()
    `
    expect(calmTraces(text, 4)).toEqual(['a b b c fall', 'a b c fall', 'a c fall'])
  })

  test('may raise at each round, where the iterable is no collection', () => {
    const options = { cannotRaise: ({ kind }: { readonly kind: string }) => kind === 'call' }
    expect(traces('for x in y:\n    a()', 1, options)).toEqual(['a fall', 'a raise', 'fall', 'raise'])
    expect(traces('for x in (y, z):\n    a()', 2, options)).toEqual(['a a fall', 'a fall'])
  })

  test('runs at least once over a display with elements, and over range() of a positive number', () => {
    expect(calmTraces('for x in [1, 2]:\n    a()', 2)).toEqual(['a a fall', 'a fall'])
    expect(calmTraces('for x in 1, 2:\n    a()', 2)).toEqual(['a a fall', 'a fall'])
    expect(calmTraces('for x in range(3):\n    a()', 3)).toEqual(['range a a fall', 'range a fall'])
    expect(calmTraces('for x in [*y]:\n    a()', 1)).toEqual(['a fall', 'fall'])
    expect(calmTraces('for x in range(n):\n    a()', 2)).toEqual(['range a fall', 'range fall'])
  })

  test('that runs at least once keeps its jumps', () => {
    const text = `
      for x in [1, 2]:
          if t():
              continue
          if u():
              break
          a()
      else:
          b()
    `
    expect(calmTraces(text, 4)).toEqual(['t b fall', 't t b fall', 't t t b fall', 't t t u fall', 't t u fall', 't u a b fall', 't u fall'])
  })

  test('that never comes to the end of its first round has nothing behind it', () => {
    const code = new FlowCase('def f():\n    for x in [1]:\n        return x\n    a()')
    expect(code.flow.isReachable(code.call('a'))).toBe(false)
  })

  test('goes back to its own head when nested', () => {
    const text = `
      for x in a():
          for y in b():
              if t():
                  continue
              c()
          d()
    `
    expect(calmTraces(text, 4)).toEqual(['a b d fall', 'a b t d fall', 'a fall'])
  })

  test('a jump in its else means the loop around', () => {
    const text = `
      while t():
          for x in y:
              a()
          else:
              break
          b()
    `
    expect(calmTraces(text, 3)).toEqual(['t a a fall', 't a fall', 't fall'])
  })
})

describe('the loops of a flow', () => {
  const text = `
    def f():
        for x in y:
            while t():
                a([z for z in x])
            b()
        for x in (1, 2):
            c()
        while True:
            d()
  `

  test('are listed with the loop around each', () => {
    const { loops } = new FlowCase(text).flow
    expect(loops.map(({ node }) => node.kind)).toEqual(['for_statement', 'while_statement', 'for_in_clause', 'for_statement', 'while_statement'])
    expect(loops.map(({ parent }) => (parent ? loops.indexOf(parent) : null))).toEqual([null, 0, 1, null, null])
  })

  test('know their points', () => {
    const code = new FlowCase(text)
    const around = (name: string) => code.flow.loopsAround(code.call(name)).map(({ node }) => node.loc.start.line)
    expect([around('a'), around('b'), around('c'), around('d')]).toEqual([[3, 2], [2], [6], [8]])
    expect(code.flow.loopOf(code.first('while_statement'))?.node.loc.start.line).toBe(3)
    expect(code.flow.loopOf(code.call('a'))).toBeNull()
  })

  test('can end or not', () => {
    const { loops } = new FlowCase(text).flow
    expect(loops.map(({ canEnd }) => canEnd)).toEqual([true, true, true, true, false])
  })
})

describe('the next round of a loop', () => {
  const text = `
    def f():
        for x in y:
            try:
                return a()
            except A:
                b()
            except B:
                raise
            except C:
                break
            except D:
                continue
            c()
  `

  test('is reached by a handler that completes or continues', () => {
    const code = new FlowCase(text)
    const loop = code.flow.loopOf(code.first('for_statement'))!
    const reach = code.all('except_clause').map((clause) => code.flow.canReachNextRound(clause, loop))
    expect(reach).toEqual([true, false, false, true])
  })

  test('can be asked for on paths that avoid something', () => {
    const code = new FlowCase(text)
    const loop = code.flow.loopOf(code.first('for_statement'))!
    const avoiding = code.call('c')
    const reach = code.all('except_clause').map((clause) => code.flow.canReachNextRound(clause, loop, { avoiding }))
    expect(reach).toEqual([false, false, false, true])
  })

  test('is that of this loop, not of the loop around', () => {
    const code = new FlowCase(`
      while t():
          for x in y:
              try:
                  a()
              except A:
                  break
    `)
    const clause = code.first('except_clause')
    const [outer, inner] = code.flow.loops
    expect(code.flow.canReachNextRound(clause, inner!)).toBe(false)
    expect(code.flow.canReachNextRound(clause, outer!)).toBe(true)
  })

  test('is found in a loop that runs at least once', () => {
    const code = new FlowCase(`
      for x in (1, 2):
          try:
              a()
          except A:
              b()
          else:
              break
    `)
    const loop = code.flow.loops[0]!
    expect(code.flow.canReachNextRound(code.first('except_clause'), loop)).toBe(true)
    expect(code.flow.canReachNextRound(code.first('else_clause'), loop)).toBe(false)
  })
})
