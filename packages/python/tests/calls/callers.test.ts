import { describe, expect, test } from 'vitest'
import { callIndex, summaryQuestion } from '../../src/calls/call-index.ts'
import { file, MemoryProject } from '../helpers/memory-project.ts'
import type { OpenedFile } from '../helpers/memory-project.ts'

const HEAD = 'class ShopError(Exception): ...\nclass Declined(ShopError): ...\nclass Timeout(ShopError): ...\ndef f(): ...\n'

function open(text: string, others: Readonly<Record<string, string>> = {}): OpenedFile {
  return file(HEAD + text, 'app/main.py', { 'app/__init__.py': '', ...others })
}

function callers(text: string, name: string, others: Readonly<Record<string, string>> = {}): string[] {
  return open(text, others).services.project.callers(`app.main.${name}`).map((caller) => caller.function.replace('app.main.', ''))
}

describe('callers of a function', () => {
  test('functions, methods, the code of the module, and functions inside functions', () => {
    const text = 'def a():\n    f()\nclass C:\n    def m(self):\n        return [f() for _ in self]\ndef outer():\n    def inner():\n        f()\n    inner()\nf()'
    expect(callers(text, 'f')).toEqual(['a', 'C.m', 'outer.<locals>.inner', 'app.main'])
    expect(callers(text, 'outer.<locals>.inner')).toEqual(['outer'])
  })

  test('in other files, under the names of their imports; tests do not count', () => {
    const others = {
      'app/a.py': 'from app.main import f as g\ndef a():\n    g()\n',
      'app/b.py': 'from app import main\ndef b():\n    main.f()\n',
      'app/c.py': 'import app.main as m\ndef c():\n    m.f()\n',
      'app/d.py': 'def f(): ...\ndef d():\n    f()\n',
      'app/e.py': 'from app.main import *\ndef e():\n    f()\n',
      'tests/test_f.py': 'from app.main import f\ndef test():\n    f()\n',
    }
    expect(callers('', 'f', others)).toEqual(['app.a.a', 'app.b.b', 'app.c.c', 'app.e.e'])
  })

  test('of methods, by the type of the receiver', () => {
    const text = 'class C:\n    def m(self): ...\nclass D:\n    def m(self): ...\ndef a(c: C):\n    c.m()\ndef b(d: D):\n    d.m()\ndef x(y):\n    y.m()'
    expect(callers(text, 'C.m')).toEqual(['a'])
  })

  test('of constructors, by the class and those that inherit it', () => {
    const text = 'class C:\n    def __init__(self): ...\nclass D(C): ...\nclass E(C):\n    def __init__(self):\n        super().__init__()\ndef a():\n    C()\ndef b():\n    D()\ndef c():\n    E()'
    expect(callers(text, 'C.__init__').sort()).toEqual(['E.__init__', 'a', 'b'])
  })

  test('of an implementation, by the abstract method', () => {
    const text = 'from abc import ABC, abstractmethod\nclass P(ABC):\n    @abstractmethod\n    def m(self): ...\nclass C(P):\n    def m(self): ...\ndef a(p: P):\n    p.m()'
    expect(callers(text, 'C.m')).toEqual(['a'])
  })

  test('with the number of the call and the guard around it', () => {
    const { services } = open('def a():\n    print()\n    try:\n        f()\n    except Declined:\n        pass')
    expect(services.project.callers('app.main.f')).toEqual([{ path: 'app/main.py', function: 'app.main.a', call: 1, guard: 0 }])
  })
})

describe('whether an exception is expected further up', () => {
  const expected = (text: string) => open(text).services.project.isExpected('app.main.Declined', 'app.main.f')

  test.each<[what: string, text: string, isExpected: boolean]>([
    ['nobody calls it', '', false],
    ['a caller names it', 'def a():\n    try:\n        f()\n    except Declined:\n        pass', true],
    ['a caller names a base', 'def a():\n    try:\n        f()\n    except (KeyError, ShopError):\n        raise', true],
    ['a caller names another', 'def a():\n    try:\n        f()\n    except Timeout:\n        pass', false],
    ['a caller catches everything', 'def a():\n    try:\n        f()\n    except Exception:\n        pass\ndef b():\n    try:\n        a()\n    except Declined:\n        pass', false],
    ['a caller of a caller names it', 'def a():\n    f()\ndef b():\n    try:\n        a()\n    except Declined:\n        pass', true],
    ['a caller has a handler that is not known', 'def a(errors):\n    try:\n        f()\n    except errors:\n        pass', true],
    ['it is suppressed', 'from contextlib import suppress\ndef a():\n    with suppress(Declined):\n        f()', true],
    ['callers in a circle', 'def a():\n    f()\n    b()\ndef b():\n    a()', false],
    ['a decorator of a caller names it', 'def safe(g):\n    def wrapper():\n        try:\n            return g()\n        except Declined:\n            pass\n    return wrapper\n@safe\ndef a():\n    f()', true],
  ])('%s', (_, text, isExpected) => {
    expect(expected(text)).toBe(isExpected)
  })
})

test('what many callers leave alone, and what one of them handles', () => {
  const body = 'def g():\n    raise Declined\n    raise Timeout\n'
  const caller = (i: number, types: string) => `def a${i}():\n    try:\n        g()\n    except ${types}:\n        pass\n`
  const isLeftAlone = (types: readonly string[]) => open(body + types.map((type, i) => caller(i, type)).join('')).services.project.isLeftAlone('app.main.Timeout', 'app.main.g', 'app/main.py')
  expect(isLeftAlone(Array.from({ length: 10 }, () => 'Declined'))).toBe(true)
  expect(isLeftAlone(Array.from({ length: 9 }, () => 'Declined'))).toBe(false)
  expect(isLeftAlone(Array.from({ length: 10 }, () => 'KeyError'))).toBe(false)
  expect(isLeftAlone([...Array.from({ length: 10 }, () => 'Declined'), 'ShopError'])).toBe(false)
})

test('the answers do not depend on what was asked before', () => {
  const project = new MemoryProject({
    'app/__init__.py': '',
    'app/main.py': `${HEAD}def g():\n    try:\n        h()\n    except Timeout:\n        raise Declined\ndef h():\n    g()\n    raise Timeout\ndef k():\n    h()\n    m()\ndef m():\n    k()\n    raise ShopError\n`,
  })
  const ids = ['f', 'g', 'h', 'k', 'm'].map((name) => `app/main.py:app.main.${name}`)
  const ask = (order: readonly string[]) => {
    const index = callIndex.build(project)
    return Object.fromEntries(order.map((id) => [id, callIndex.ask(index, summaryQuestion(id))]))
  }
  const expected = ask(ids)
  for (const first of ids) expect(ask([first, ...[...ids].reverse()])).toEqual(expected)
})
