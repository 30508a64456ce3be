import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'

describe('reachability', () => {
  const code = new FlowCase(`
    def f(x):
        if x:
            return a(1)
            b()
        else:
            raise E
        while True:
            c()
  `)

  test('of statements and expressions', () => {
    const reachable = (name: string) => code.flow.isReachable(code.call(name))
    expect([reachable('a'), reachable('b'), reachable('c')]).toEqual([true, false, false])
    expect(code.flow.isReachable(code.first('integer'))).toBe(true)
    expect(code.flow.isReachable(code.first('raise_statement'))).toBe(true)
  })

  test('of blocks and clauses is that of their beginning', () => {
    const blocks = code.all('block').map((block) => code.flow.isReachable(block))
    // The body of the function, of `if`, of `else`, of `while`.
    expect(blocks).toEqual([true, true, true, false])
    expect(code.flow.isReachable(code.first('else_clause'))).toBe(true)
    expect(code.flow.isReachable(code.first('while_statement'))).toBe(false)
  })
})

describe('dominance', () => {
  const code = new FlowCase(`
    def f(x):
        a()
        if x:
            b()
        else:
            c()
        try:
            d()
        finally:
            e()
        g()
  `)
  const dominates = (other: string, name: string) => code.flow.dominates(code.call(other), code.call(name))
  const postDominates = (other: string, name: string) => code.flow.postDominates(code.call(other), code.call(name), 'normal-exit')

  test('means on every path to a place', () => {
    expect([dominates('a', 'b'), dominates('a', 'g'), dominates('b', 'g'), dominates('b', 'c')]).toEqual([true, true, false, false])
    expect([dominates('d', 'e'), dominates('d', 'g'), dominates('e', 'g'), dominates('g', 'e')]).toEqual([true, true, true, false])
  })

  test('is reflexive, and true for what is not reached', () => {
    expect(dominates('a', 'a')).toBe(true)
    const dead = new FlowCase('def f():\n    return\n    a()\n    b()')
    expect(dead.flow.dominates(dead.call('b'), dead.call('a'))).toBe(true)
  })

  test('orders what is evaluated inside a call before it', () => {
    const call = new FlowCase('f(x, y.z, 1)')
    const [f, x, z] = [call.call('f'), call.name('x'), call.find('y.z')]
    expect([call.flow.dominates(call.find('1'), f), call.flow.dominates(f, call.find('1'))]).toEqual([true, false])
    expect([call.flow.dominates(x, f), call.flow.dominates(f, x), call.flow.dominates(z, f), call.flow.dominates(f, z)]).toEqual([true, false, true, false])
  })

  test('backwards means on every path from a place to the exits', () => {
    expect([postDominates('g', 'a'), postDominates('e', 'd'), postDominates('b', 'a'), postDominates('a', 'g')]).toEqual([true, true, false, false])
    expect(code.flow.postDominates(code.call('g'), code.call('a'))).toBe(false)
    expect(code.flow.postDominates(code.call('e'), code.call('d'), 'raise-exit')).toBe(true)
  })
})

describe('decisions', () => {
  test('are those that every path takes, the last one first', () => {
    const code = new FlowCase(`
      def f(x, y):
          if not x:
              return
          for z in y:
              try:
                  if z > 1 or z is None:
                      a()
                  b(z if z.ok else 0)
              except E:
                  c()
          d()
    `)
    const before = (name: string) => code.flow.decisionsBefore(code.call(name)).map(({ kind, decider }) => `${kind} ${decider!.text.split('\n')[0]}`)
    expect(before('a')).toEqual(['iterate for z in y:', 'true x'])
    expect(before('b')).toEqual(['iterate for z in y:', 'true x'])
    expect(before('c')).toEqual(['match except E:', 'iterate for z in y:', 'true x'])
    expect(before('d')).toEqual(['exhausted for z in y:', 'true x'])
    const ok = code.flow.decisionsBefore(code.name('z', 3))
    expect(ok.map(({ kind, decider }) => `${kind} ${decider!.text}`)[0]).toBe('true z.ok')
  })
})

describe('a path', () => {
  const code = new FlowCase(`
    def f(x):
        global busy
        busy = True
        a()
        if x:
            return
        b()
        busy = False
  `)
  const set = code.first('assignment')
  const reset = code.first('assignment', 1)

  test('leads from behind a place to another one', () => {
    expect(code.flow.canReach(set, code.call('b'))).toBe(true)
    expect(code.flow.canReach(code.call('b'), code.call('a'))).toBe(false)
    expect(code.flow.canReach(set, set)).toBe(false)
    expect(code.flow.canReach('entry', set)).toBe(true)
  })

  test('can avoid places', () => {
    expect(code.flow.canReach(set, reset, { avoiding: code.call('b') })).toBe(false)
    expect(code.flow.canReach(set, 'normal-exit', { avoiding: [reset] })).toBe(true)
    expect(code.flow.canReach(set, 'normal-exit', { avoiding: ({ node }) => node === reset || node.kind === 'return_statement' })).toBe(false)
  })

  test('is told by its nodes, for a message', () => {
    const returned = code.flow.findPath(set, 'normal-exit', { avoiding: reset })!
    expect(returned.nodes.map((node) => node.text.split('\n')[0])).toEqual(['a()', 'if x:', 'x', 'return'])
    expect(returned.decisions.map(({ kind, decider }) => `${kind} ${decider!.text}`)).toEqual(['true x'])
    expect(returned.raisedBy).toBeNull()
    const raised = code.flow.findPath(set, 'raise-exit', { avoiding: reset })!
    expect(raised.raisedBy?.text).toBe('a()')
    expect(raised.end).toBe(code.flow.raiseExit)
  })

  test('can be kept from raising', () => {
    const raises = (exceptions: 'all' | 'errors' | 'none') => code.flow.canReach(set, 'raise-exit', { exceptions })
    expect([raises('all'), raises('errors'), raises('none')]).toEqual([true, true, false])
    const onlyB = code.flow.findPath(set, 'raise-exit', { exceptions: ({ source }) => source.node.text === 'b()' })!
    expect(onlyB.raisedBy?.text).toBe('b()')
  })

  test('can be kept from any way', () => {
    expect(code.flow.canReach(set, 'normal-exit', { avoiding: reset, edges: ({ kind }) => kind !== 'true' && kind !== 'exception' })).toBe(false)
  })

  test('begins behind a completed place, unless asked otherwise', () => {
    const from = code.call('b')
    const reaches = (outcome: 'completed' | 'raised' | 'any') => [
      code.flow.canReach(from, reset, { outcome }),
      code.flow.canReach(from, 'raise-exit', { outcome }),
    ]
    expect([reaches('completed'), reaches('raised'), reaches('any')]).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ])
  })

  test('begins with the exception of what never completes', () => {
    const raising = new FlowCase('try:\n    raise E\nexcept E:\n    a()')
    expect(raising.flow.canReach(raising.first('raise_statement'), raising.call('a'))).toBe(true)
  })

  test('goes into the next round of a loop, unless asked otherwise', () => {
    const loop = new FlowCase('for x in y:\n    a()\n    b()')
    const [a, b] = [loop.call('a'), loop.call('b')]
    expect(loop.flow.canReach(b, a)).toBe(true)
    expect(loop.flow.canReach(a, a)).toBe(true)
    expect(loop.flow.canReach(b, a, { nextRounds: false })).toBe(false)
    expect(loop.flow.findPath(a, a)!.nodes.map(({ text }) => text.split('\n')[0])).toEqual(['b()', 'for x in y:', 'x', 'a()'])
  })
})

describe('every path', () => {
  const code = new FlowCase(`
    def f(session):
        session.begin()
        try:
            a()
        except A:
            session.rollback()
            raise
        except B:
            return None
        session.commit()
  `)
  const begin = code.call('session.begin')
  const ends = [code.call('session.rollback'), code.call('session.commit')]

  test('goes through a place or not', () => {
    expect(code.flow.everyPath({ from: begin, to: 'normal-exit', through: ends })).toBe(false)
    expect(code.flow.everyPath({ from: code.all('except_clause')[0]!, to: 'exit', through: ends })).toBe(true)
    expect(code.flow.everyPath({ from: code.all('except_clause')[1]!, to: 'exit', through: ends })).toBe(false)
  })

  test('to other places, by a predicate, and with paths left out', () => {
    const through = ({ node }: { readonly node: { readonly text: string } }) => node.text === 'a()'
    expect(code.flow.everyPath({ from: 'entry', to: ends, through })).toBe(true)
    expect(code.flow.everyPath({ from: begin, to: 'normal-exit', through: ends, exceptions: 'none' })).toBe(true)
  })

  test('is true where no path leads', () => {
    expect(code.flow.everyPath({ from: ends[1]!, to: code.call('a'), through: begin })).toBe(true)
  })
})
