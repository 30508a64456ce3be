import { describe, expect, test } from 'vitest'
import { FlowCase } from './support/flow-of.ts'
import { calmTraces, traces, words } from './support/words.ts'

describe('a call that never returns', () => {
  test('ends the path', () => {
    for (const call of ['sys.exit(1)', 'os._exit(1)', 'os.abort()', 'exit()', 'quit()']) {
      const code = new FlowCase(`${call}\na()`)
      expect(code.flow.isReachable(code.call('a')), call).toBe(false)
    }
  })

  test('is an exception all the same, so that finally and handlers run', () => {
    const text = `
      try:
          sys.exit(1)
      finally:
          a()
    `
    expect(calmTraces(text)).toEqual(['sys.exit! a raise'])
  })

  test('may be told by an option', () => {
    const options = { neverReturns: (call: { readonly text: string }) => call.text === 'fail()', cannotRaise: () => true }
    expect(traces('if x:\n    fail()\na()', 3, options)).toEqual(['a fall', 'fail! raise'])
    expect(traces('async def f():\n    await fail()\n    a()', 3, options)).toEqual(['fail! raise'])
    expect(traces('def f():\n    return fail()', 3, options)).toEqual(['fail! raise'])
    expect(traces('f = lambda: 1\nx = y or fail()', 3, options)).toEqual(['fail fall', 'fall'])
    expect(traces('y or fail()', 3, options)).toEqual(['fail! raise', 'fall'])
  })
})

describe('definitions', () => {
  test('evaluate decorators, then defaults, then bind the name', () => {
    const code = new FlowCase('@a()\n@b\ndef f(x, y=c(), *, z: d() = e()) -> g():\n    never()\nh()', { cannotRaise: () => true })
    const module = code.flowOf(code.module)
    expect([...words(module, 6, /./).words]).toEqual(['a c e h fall'])
    expect(module.dominates(code.call('e'), code.first('function_definition'))).toBe(true)
    expect(module.dominates(code.first('function_definition'), code.call('h'))).toBe(true)
  })

  test('of classes evaluate their bases', () => {
    expect(calmTraces('class A(a(), metaclass=b()):\n    x = never()\nc()')).toEqual(['a b c fall'])
  })

  test('of lambdas evaluate their defaults', () => {
    expect(calmTraces('x = lambda y=a(): never()\nb()')).toEqual(['a b fall'])
  })

  test('share their point with the decorated definition', () => {
    const code = new FlowCase('if True:\n    @a\n    def f(): pass')
    const flow = code.flowOf(code.module)
    expect(flow.pointsOf(code.first('decorated_definition'))).toEqual(flow.pointsOf(code.first('function_definition')))
  })
})

describe('each piece of code has its own flow', () => {
  const code = new FlowCase(`
    import a
    @decorator
    class A(Base):
        x = [y for y in z]
        def method(self, default=value):
            return lambda: self.attribute
  `)

  test('found by any node of it', () => {
    expect(code.flowOf(code.name('a')).node.kind).toBe('module')
    expect(code.flowOf(code.name('decorator')).node.kind).toBe('module')
    expect(code.flowOf(code.name('Base')).node.kind).toBe('module')
    expect(code.flowOf(code.name('y', 0)).node.kind).toBe('class_definition')
    expect(code.flowOf(code.name('value')).node.kind).toBe('class_definition')
    expect(code.flowOf(code.first('return_statement')).node.kind).toBe('function_definition')
    expect(code.flowOf(code.name('attribute')).node.kind).toBe('lambda')
  })

  test('found by the node that makes it', () => {
    expect(code.flowOf(code.module).node.kind).toBe('module')
    expect(code.flowOf(code.first('decorated_definition')).node.kind).toBe('class_definition')
    expect(code.flowOf(code.first('class_definition')).node.kind).toBe('class_definition')
    expect(code.flowOf(code.first('function_definition')).node.kind).toBe('function_definition')
    expect(code.flowOf(code.first('lambda')).node.kind).toBe('lambda')
  })

  test('made once', () => {
    expect(code.flowOf(code.first('lambda'))).toBe(code.flowOf(code.name('attribute')))
  })

  test('and knows no node of another', () => {
    expect(() => code.flowOf(code.first('lambda')).isReachable(code.name('a'))).toThrow(RangeError)
    expect(code.flowOf(code.module).isReachable(code.name('attribute'))).toBe(true)
  })
})

describe('the exits', () => {
  const exits = (text: string) => {
    const { returns, raises, fallsOff, canRaise } = new FlowCase(text).flow.exits
    return { returns: returns.map((node) => node.text), raises: raises.map((node) => node.text), fallsOff: fallsOff.map((node) => node.text), canRaise }
  }

  test('are returns, raises and the last statements', () => {
    const text = `
      def f():
          if a:
              return 1
          if b:
              raise B
          if c:
              d = 1
    `
    expect(exits(text)).toEqual({ returns: ['return 1'], raises: ['raise B'], fallsOff: ['c', 'd = 1'], canRaise: true })
  })

  test('are counted only where control comes', () => {
    expect(exits('def f():\n    return 1\n    return 2')).toEqual({ returns: ['return 1'], raises: [], fallsOff: [], canRaise: false })
  })

  test('leave out what is handled or overridden', () => {
    const text = `
      def f():
          try:
              raise A
          except:
              pass
          try:
              return 1
          finally:
              return 2
    `
    expect(exits(text)).toEqual({ returns: ['return 2'], raises: [], fallsOff: [], canRaise: false })
  })

  test('count a return that goes through blocks', () => {
    const text = `
      def f():
          with a:
              try:
                  return 1
              finally:
                  pass
    `
    expect(exits(text).returns).toEqual(['return 1'])
    expect(exits(text).fallsOff).toEqual([])
  })

  test('of an empty function and of a lambda', () => {
    expect(exits('def f(): pass').fallsOff).toEqual(['pass'])
    const code = new FlowCase('x = lambda: 1')
    expect(code.flowOf(code.first('lambda')).exits.returns.map(({ text }) => text)).toEqual(['1'])
    expect(code.flowOf(code.first('lambda')).exits.fallsOff).toEqual([])
  })
})

describe('broken code', () => {
  test('has a graph', () => {
    for (const text of ['break', 'continue', 'def f(:\n  x', 'try:\n  a()', 'for x in : pass', 'x = [y if z]', 'return return', 'except: pass', 'match a:\n  case', '', 'f(']) {
      expect(() => new FlowCase(text).flow.exits, text).not.toThrow()
    }
  })

  test('takes a jump outside of a loop for nothing', () => {
    expect(calmTraces('break\na()')).toEqual(['a fall'])
  })
})
