import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces } from './support/words.ts'

describe('try with handlers', () => {
  test('goes from each call of the body to the handlers', () => {
    const text = `
      try:
          a()
          b()
      except E:
          c()
      d()
    `
    expect(traces(text)).toEqual([
      'a b d fall',
      'a b d! raise',
      'a b! c d fall',
      'a b! c d! raise',
      'a b! c! raise',
      'a b! raise',
      'a! c d fall',
      'a! c d! raise',
      'a! c! raise',
      'a! raise',
    ])
  })

  test('asks the handlers in turn', () => {
    const text = `
      try:
          a()
      except A:
          return b()
      except (B, C):
          return c()
      except:
          return d()
    `
    expect(traces(`def f():${text.replaceAll('\n', '\n  ')}`).filter((word) => !word.includes('! raise'))).toEqual([
      'a fall',
      'a! b return',
      'a! c return',
      'a! d return',
    ])
  })

  test('lets nothing pass a bare except or one of BaseException', () => {
    expect(traces('try:\n    a()\nexcept:\n    pass')).toEqual(['a fall', 'a! fall'])
    expect(traces('try:\n    a()\nexcept (A, BaseException):\n    pass')).toEqual(['a fall', 'a! fall'])
  })

  test('lets interrupts pass except Exception', () => {
    const code = new FlowCase('try:\n    a()\nexcept Exception:\n    pass')
    const path = code.flow.findPath('entry', 'raise-exit')!
    expect(path.edges.at(-1)!.kind).toBe('no-match')
    expect(path.edges.at(-1)!.reasons).toEqual(['base-exception'])
    expect(code.flow.canReach('entry', 'raise-exit', { exceptions: 'errors' })).toBe(false)
  })

  test('runs the else outside of the handlers', () => {
    const text = `
      try:
          a()
      except:
          b()
      else:
          c()
    `
    expect(traces(text)).toEqual(['a c fall', 'a c! raise', 'a! b fall', 'a! b! raise'])
  })

  test('does not hand what a handler raises to the later handlers', () => {
    const text = `
      try:
          a()
      except A:
          b()
      except:
          c()
    `
    expect(traces(text)).toEqual(['a fall', 'a! b fall', 'a! b! raise', 'a! c fall', 'a! c! raise'])
  })

  test('hands what an inner handler raises to the outer ones', () => {
    const text = `
      try:
          try:
              a()
          except:
              b()
      except:
          c()
    `
    expect(traces(text)).toEqual(['a fall', 'a! b fall', 'a! b! c fall', 'a! b! c! raise'])
  })

  test('can be interrupted where nothing else raises, so that its handlers are reached', () => {
    const code = new FlowCase('try:\n    x = text\nexcept NameError:\n    x = str')
    expect(code.flow.isReachable(code.name('str'))).toBe(true)
    const [begin] = code.flow.pointsOf(code.first('try_statement'))
    expect(begin!.edges.map(({ kind, reasons }) => [kind, ...reasons])).toEqual([['normal'], ['exception', 'name', 'base-exception']])
  })

  test('looks up the types of its handlers without raising, unless they are more than names', () => {
    expect(traces('try:\n    a()\nexcept (m.A, *m.B):\n    pass\nexcept:\n    pass')).toEqual(['a fall', 'a! fall'])
    expect(traces('try:\n    a()\nexcept errors():\n    pass\nexcept:\n    pass')).toEqual(['a fall', 'a! errors fall', 'a! errors! raise'])
  })
})

describe('an exception', () => {
  test('leaves before a name is bound', () => {
    const code = new FlowCase(`
      def f():
          try:
              x = a()
          except E:
              return x
          return x
    `)
    expect(code.flow.assignedBefore(code.name('x', 1))).toBe('no')
    expect(code.flow.assignedBefore(code.name('x', 2))).toBe('every')
  })

  test('leaves before a name is bound also where the assignment itself raises', () => {
    for (const statement of ['x, y = z', 'x += 1', 'x = z.y', 'import x', 'from z import x', 'for x, y in z: pass', '(x := z[0])', 'class x(z): pass']) {
      const code = new FlowCase(`def f():\n    try:\n        ${statement}\n    except E:\n        return g(x)`)
      const { definitions } = code.flow.definitionsOf(code.call('g').namedChildren[1]!.namedChildren[0] as never)
      // Another round of the loop can raise when the first one has bound the name.
      expect(definitions.length, statement).toBe(statement.startsWith('for') ? 1 : 0)
    }
  })

  test('has its reasons on the edge', () => {
    const reasons = (statement: string) => {
      const { flow } = new FlowCase(`async def f():\n    ${statement}`)
      return flow.points.flatMap(({ edges }) => edges.filter(({ kind }) => kind === 'exception').map((edge) => edge.reasons.join('+')))
    }
    expect(reasons('a()')).toEqual(['call'])
    expect(reasons('await a')).toEqual(['await'])
    expect(reasons('await a.b()')).toEqual(['call', 'await'])
    expect(reasons('yield')).toEqual(['yield'])
    expect(reasons('yield from a')).toEqual(['call+yield'])
    expect(reasons('a.b')).toEqual(['attribute'])
    expect(reasons('a.b()')).toEqual(['call'])
    expect(reasons('f(a.b[0])')).toEqual(['call+attribute+subscript'])
    expect(reasons('a + b')).toEqual(['operator'])
    expect(reasons('-a')).toEqual(['operator'])
    expect(reasons('1 + 2 - 3')).toEqual(['operator'])
    expect(reasons('1 + 2')).toEqual([])
    expect(reasons('a < b')).toEqual(['operator'])
    expect(reasons('a is not b')).toEqual([])
    expect(reasons('a, b = c')).toEqual(['unpacking'])
    expect(reasons('a.b = c')).toEqual(['attribute'])
    expect(reasons('for a in b: pass')).toEqual(['iteration'])
    expect(reasons('async for a in b: pass')).toEqual(['await+iteration'])
    expect(reasons('import a')).toEqual(['import'])
    expect(reasons('raise')).toEqual(['raise'])
    expect(reasons('assert a')).toEqual(['assert'])
    expect(reasons('with a: pass')).toEqual(['with-enter', 'with-exit'])
    expect(reasons('async with a: pass')).toEqual(['await+with-enter', 'await+with-exit'])
    expect(reasons('class A: pass')).toEqual(['definition'])
    expect(reasons('def g(): a()')).toEqual([])
    expect(reasons('del a')).toEqual(['name'])
    expect(reasons('x = a')).toEqual([])
  })

  test('may be ruled out by an option', () => {
    const code = new FlowCase('a()\nb()', { cannotRaise: (node) => node.text === 'a()' })
    const raising = code.flow.points.filter(({ edges }) => edges.some(({ kind }) => kind === 'exception'))
    expect(raising.map(({ node }) => node.text)).toEqual(['b()'])
  })
})

describe('raise', () => {
  test('has nothing behind it', () => {
    expect(calmTraces('a()\nraise b()\nc()')).toEqual(['a b raise'])
    expect(calmTraces('raise a() from b()')).toEqual(['a b raise'])
  })

  test('goes to the handlers around', () => {
    const text = `
      try:
          raise a()
      except:
          b()
      c()
    `
    expect(calmTraces(text)).toEqual(['a b c fall'])
  })

  test('again in a handler goes outwards', () => {
    const text = `
      try:
          try:
              a()
          except A:
              raise
      except:
          b()
    `
    expect(traces(text)).toEqual(['a fall', 'a! b fall', 'a! b! raise'])
  })
})

describe('the name of an exception', () => {
  test('is bound in the handler and gone behind it', () => {
    const code = new FlowCase(`
      def f():
          try:
              a()
          except E as error:
              b(error)
          c(error)
    `)
    expect(code.flow.assignedBefore(code.name('error', 1))).toBe('every')
    expect(code.flow.assignedBefore(code.name('error', 2))).toBe('no')
  })

  test('is gone on every way out of the handler', () => {
    const code = new FlowCase(`
      def f():
          error = None
          for x in y:
              try:
                  a()
              except E as error:
                  if x:
                      continue
                  if y:
                      break
                  raise
              finally:
                  b(error)
          c(error)
    `)
    expect(code.flow.pointsInRole('unbind').map(({ edges }) => edges.map(({ kind }) => kind).join())).toEqual(['unwind', 'break', 'continue'])
    expect(code.flow.assignedBefore(code.name('error', 2))).toBe('some')
    expect(code.flow.definitionsOf(code.name('error', 3)).unbound).toBe(true)
  })
})

describe('except*', () => {
  const text = `
    try:
        a()
    except* A:
        b()
    except* B:
        c()
    d()
  `
  const paths = traces(text).filter((word) => !word.includes('d'))

  test('can run several handlers for one exception', () => {
    expect(traces(text).filter((word) => word.endsWith('d fall'))).toEqual(['a d fall', 'a! b c d fall', 'a! b d fall', 'a! c d fall'])
  })

  test('raises what is left', () => {
    expect(paths).toEqual(['a! b c raise', 'a! b c! raise', 'a! b raise', 'a! b! raise', 'a! c raise', 'a! c! raise', 'a! raise'])
  })
})

describe('the routes of an exception', () => {
  const code = new FlowCase(`
    def f():
        try:
            with suppress(A), b():
                try:
                    c()
                except C:
                    pass
                finally:
                    d()
        except E:
            raise F
        except Exception:
            pass
        g()
        try:
            h()
        finally:
            return
  `)
  const routes = (name: string) => {
    const { handlers, swallowers, leaves } = code.flow.exceptionRoutes(code.call(name))
    return [...handlers.map(({ value }) => value[0]!.text), ...swallowers.map(({ text }) => text), leaves]
  }

  test('go through handlers and managers outwards', () => {
    expect(routes('c')).toEqual(['C', 'E', 'Exception', 'suppress(A)', true])
    expect(routes('d')).toEqual(['E', 'Exception', 'suppress(A)', true])
    expect(routes('suppress')).toEqual(['E', 'Exception', true])
    expect(routes('b')).toEqual(['E', 'Exception', 'suppress(A)', true])
  })

  test('leave where nobody handles it', () => {
    expect(routes('g')).toEqual([true])
    expect(code.flow.exceptionRoutes(code.first('raise_statement')).leaves).toBe(true)
  })

  test('end at a jump in a finally', () => {
    expect(routes('h')).toEqual([false])
  })

  test('can be narrowed by what the clauses catch', () => {
    const catching = (name: string) => code.flow.exceptionRoutes(code.call('c'), ({ value }) => (value[0]!.text === name ? 'always' : 'never'))
    expect(catching('C').handlers.map(({ value }) => value[0]!.text)).toEqual(['C'])
    expect(catching('C').leaves).toBe(false)
    expect(catching('E').handlers.map(({ value }) => value[0]!.text)).toEqual(['E'])
    expect(catching('none').leaves).toBe(true)
  })

  test('are those of all that is in a block', () => {
    const outer = code.first('try_statement')
    expect(code.flow.exceptionRoutes(outer.body).handlers.map(({ value }) => value[0]!.text)).toEqual(['C', 'E', 'Exception'])
  })
})
