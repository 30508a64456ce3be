import { describe, expect, test } from 'vitest'
import { semanticsOf } from '../../src/file-semantics.ts'
import { FlowCase } from './support/flow-of.ts'

/** The lines of the definitions that an occurrence of a name can read, with `unbound` and `elsewhere`. */
function reaching(code: FlowCase, name: string, occurrence: number, flow = code.flow): readonly (number | string)[] {
  const { definitions, unbound, elsewhere } = flow.definitionsOf(code.name(name, occurrence))
  return [...definitions.map((definition) => definition.name.loc.start.line), ...(unbound ? ['unbound'] : []), ...(elsewhere ? ['elsewhere'] : [])]
}

/** The lines on which the value of a definition of the name assigned first can be read. */
function reads(code: FlowCase, definition = 0): readonly (number | string)[] {
  const binding = semanticsOf(code.module.tree).scopes.bindingOf(code.first('assignment').left)!
  const { reads: found, elsewhere } = code.flow.readsOf(binding.definitions[definition]!)
  return [...found.map(({ loc }) => loc.start.line), ...(elsewhere ? ['elsewhere'] : [])]
}

describe('the definitions of a name', () => {
  test('are the last ones before it', () => {
    const code = new FlowCase('def f():\n    x = 1\n    x = 2\n    a(x)')
    expect(reaching(code, 'x', 2)).toEqual([3])
  })

  test('meet behind branches', () => {
    const code = new FlowCase('def f(a):\n    if a:\n        x = 1\n    else:\n        x = 2\n    b(x)')
    expect(reaching(code, 'x', 2)).toEqual([3, 5])
  })

  test('may be missing on a path', () => {
    const code = new FlowCase('def f(a):\n    if a:\n        x = 1\n    b(x)')
    expect(reaching(code, 'x', 1)).toEqual([3, 'unbound'])
  })

  test('come from an earlier round of a loop', () => {
    const code = new FlowCase('def f(a):\n    for y in a:\n        if y:\n            b(x)\n        x = y\n    c(x, y)')
    expect(reaching(code, 'x', 0)).toEqual([5, 'unbound'])
    expect(reaching(code, 'x', 2)).toEqual([5, 'unbound'])
    expect(reaching(code, 'y', 3)).toEqual([2, 'unbound'])
  })

  test('are there behind a loop that runs at least once', () => {
    const code = new FlowCase('def f():\n    for x in (1, 2):\n        pass\n    a(x)')
    expect(reaching(code, 'x', 1)).toEqual([2])
  })

  test('are parameters, unless assigned anew', () => {
    const code = new FlowCase('def f(x, *args, y=1, **kwargs):\n    a(x, args, y, kwargs)\n    x = 1\n    a(x)')
    expect(reaching(code, 'x', 1)).toEqual([1])
    expect([reaching(code, 'args', 1), reaching(code, 'y', 1), reaching(code, 'kwargs', 1)]).toEqual([[1], [1], [1]])
    expect(reaching(code, 'x', 3)).toEqual([3])
  })

  test('are read in the order of evaluation', () => {
    const code = new FlowCase('def f(x):\n    x = x + 1\n    x += x\n    a(x, (x := 2), x)')
    expect(reaching(code, 'x', 2)).toEqual([1])
    expect([reaching(code, 'x', 3), reaching(code, 'x', 4)]).toEqual([[2], [2]])
    expect([reaching(code, 'x', 5), reaching(code, 'x', 7)]).toEqual([[3], [4]])
  })

  test('end with del', () => {
    const code = new FlowCase('def f(a):\n    x = 1\n    if a:\n        del x\n    b(x)')
    expect(reaching(code, 'x', 2)).toEqual([2, 'unbound'])
  })

  test('of an annotation without value are none', () => {
    const code = new FlowCase('def f():\n    x: int\n    a(x)')
    expect(reaching(code, 'x', 1)).toEqual(['unbound'])
  })

  test('are imports, functions, classes, with, walrus and type aliases', () => {
    const code = new FlowCase(`
      def f():
          import a.b
          from c import d as e
          def g(): pass
          class H: pass
          with h() as (i, j): pass
          if (k := l()): pass
          type T = int
          return a, e, g, H, i, j, k, T
    `)
    expect(['a', 'e', 'g', 'H', 'i', 'j', 'k', 'T'].map((name) => reaching(code, name, 1))).toEqual([[2], [3], [4], [5], [6], [6], [7], [8]])
  })

  test('of a name that other code binds are elsewhere', () => {
    const code = new FlowCase('import a\ndef f():\n    a.b()\n    return c')
    expect(reaching(code, 'a', 1)).toEqual(['elsewhere'])
    expect(reaching(code, 'c', 0)).toEqual(['elsewhere'])
  })

  test('may be elsewhere when an inner function assigns the name', () => {
    const code = new FlowCase('def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    g()\n    return x')
    expect(reaching(code, 'x', 3)).toEqual([2, 'elsewhere'])
    const inner = code.flowOf(code.first('function_definition', 1))
    expect(inner.definitionsAt(semanticsOf(code.module.tree).scopes.bindingOf(code.name('x'))!, inner.entry)).toEqual({
      definitions: [],
      unbound: false,
      elsewhere: true,
    })
  })

  test('of a global are those of the function, or the value from before', () => {
    const code = new FlowCase('def f(a):\n    global x\n    if a:\n        x = 1\n    return x')
    expect(reaching(code, 'x', 2)).toEqual([4, 'elsewhere'])
  })

  test('in a comprehension belong to it', () => {
    const code = new FlowCase('def f(x):\n    y = [x for x in x if x]\n    return x')
    // The element, the target, the iterable, the condition, and the return.
    expect([1, 3, 4, 5].map((occurrence) => reaching(code, 'x', occurrence))).toEqual([[2], [1], [2], [1]])
  })

  test('of a walrus in a comprehension belong to the function', () => {
    const code = new FlowCase('def f(a):\n    b = [y for x in a if (y := x)]\n    return y')
    expect(reaching(code, 'y', 0)).toEqual([2])
    expect(reaching(code, 'y', 2)).toEqual([2, 'unbound'])
  })

  test('are there in annotations, decorators and defaults', () => {
    const code = new FlowCase('def f():\n    @d\n    def g(x: T = v): pass\n    d = T = v = 1')
    expect(['d', 'T', 'v'].map((name) => code.flow.assignedBefore(code.name(name)))).toEqual(['no', 'no', 'no'])
  })

  test('in code that is not reached are none', () => {
    const code = new FlowCase('def f():\n    return\n    x = 1\n    a(x)')
    expect(reaching(code, 'x', 1)).toEqual([])
    expect(code.flow.assignedBefore(code.name('x', 1))).toBe('every')
  })

  test('of a module and a class body are told as well', () => {
    const code = new FlowCase('if a:\n    x = 1\nb(x)\nclass A:\n    y = x\n    z = y\n    def m(self): return z')
    expect(reaching(code, 'x', 1, code.flowOf(code.module))).toEqual([2, 'unbound'])
    const body = code.flowOf(code.first('class_definition'))
    expect(reaching(code, 'x', 2, body)).toEqual(['elsewhere'])
    expect(reaching(code, 'y', 1, body)).toEqual([5])
  })

  test('are the same for each way through a finally, together', () => {
    const code = new FlowCase(`
      def f():
          x = 1
          try:
              x = a()
              b()
          finally:
              c(x)
    `)
    expect(reaching(code, 'x', 2)).toEqual([2, 4])
  })

  test('are found at any place', () => {
    const code = new FlowCase('def f():\n    x = 1\n    a()\n    x = 2\n    b()')
    const binding = semanticsOf(code.module.tree).scopes.bindingOf(code.name('x'))!
    const at = (name: string) => code.flow.definitionsAt(binding, code.call(name)).definitions.map(({ value }) => value!.text)
    expect([at('a'), at('b')]).toEqual([['1'], ['2']])
    expect(code.flow.definitionsAt(binding, code.flow.entry)).toEqual({ definitions: [], unbound: true, elsewhere: false })
    expect(code.flow.definitionsAt(binding, code.flow.normalExit).definitions.map(({ value }) => value!.text)).toEqual(['2'])
  })
})

describe('assigned before', () => {
  test('a read, on every path, on some or on none', () => {
    const code = new FlowCase(`
      def f(a):
          b(x)
          if a:
              x = 1
          b(x)
          x = 2
          b(x)
    `)
    expect([0, 2, 4].map((occurrence) => code.flow.assignedBefore(code.name('x', occurrence)))).toEqual(['no', 'some', 'every'])
  })
})

describe('a path without a value', () => {
  const code = new FlowCase(`
    def f(flag):
        if flag:
            x = 1
        if flag:
            a(x)
        b(x)
        y += 1
        try:
            c()
        except E as error:
            pass
        d(error)
  `)
  const path = (name: string, occurrence: number, consistent = false) => code.flow.findUnboundPath(code.name(name, occurrence), { consistent })

  test('leads from the entry', () => {
    expect(path('x', 2)!.decisions.map(({ kind }) => kind)).toEqual(['false', 'false'])
    expect(path('x', 1)).not.toBeNull()
    expect(path('y', 0)).not.toBeNull()
    expect(path('flag', 1)).toBeNull()
  })

  test('may be asked to be consistent', () => {
    expect(path('x', 1, true)).toBeNull()
    expect(path('x', 2, true)).not.toBeNull()
  })

  test('leads from where the name is deleted', () => {
    const bound = new FlowCase('def f(error):\n    try:\n        a()\n    except E as error:\n        pass\n    b(error)')
    expect(bound.flow.findUnboundPath(bound.name('error', 2))!.nodes.map(({ text }) => text)).toEqual(['b(error)'])
  })
})

describe('the reads of a definition', () => {
  test('are those that no other definition hides', () => {
    const code = new FlowCase('def f(a):\n    x = 1\n    if a:\n        b(x)\n        x = 2\n    c(x)')
    expect(reads(code, 0)).toEqual([4, 6])
    expect(reads(code, 1)).toEqual([6])
  })

  test('are none for a value that is overwritten or never used', () => {
    const code = new FlowCase('def f():\n    x = 1\n    x = 2\n    return x')
    expect(reads(code, 0)).toEqual([])
  })

  test('follow the rounds of a loop', () => {
    const code = new FlowCase('def f(a):\n    x = 0\n    while a(x):\n        x = b(x)')
    expect(reads(code, 0)).toEqual([3, 4])
    expect(reads(code, 1)).toEqual([3, 4])
  })

  test('may be elsewhere', () => {
    expect(reads(new FlowCase('def f():\n    x = 1\n    return lambda: x'))).toEqual(['elsewhere'])
    expect(reads(new FlowCase('x = 1'))).toEqual(['elsewhere'])
    expect(reads(new FlowCase('def f():\n    global x\n    x = 1'))).toEqual(['elsewhere'])
  })
})

describe('a value', () => {
  const code = new FlowCase(`
    def f(a):
        x = b()
        c()
        if a:
            x = 1
        d(x)
        e()
        x = 2
        return lambda: a
  `)
  const { scopes } = semanticsOf(code.module.tree)
  const isRead = (name: string, binding: string) => code.flow.isReadAfter(code.call(name), scopes.bindingOf(code.name(binding))!)

  test('is read later or not', () => {
    expect([isRead('b', 'x'), isRead('c', 'x'), isRead('d', 'x'), isRead('e', 'x')]).toEqual([false, true, false, false])
  })

  test('is taken to be read by other code that knows the name', () => {
    expect(isRead('e', 'a')).toBe(true)
  })

  test('is looked for on the paths that are asked for', () => {
    const binding = scopes.bindingOf(code.name('x'))!
    expect(code.flow.isReadAfter(code.call('c'), binding, { edges: ({ kind }) => kind !== 'false' })).toBe(false)
  })
})
