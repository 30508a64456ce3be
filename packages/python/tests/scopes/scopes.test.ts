import { describe, expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'
import type { OpenedFile } from '../helpers/memory-project.ts'

/** For every read of a name: `name@line` and the lines of the definitions it means; `-` where nothing in the file binds it. */
function references(text: string, name: string): string[] {
  const { all, scopes } = reader(text)
  return all
    .filter((node) => node.kind === 'identifier' && node.text === name && isRead(scopes, node))
    .map((node) => {
      const lines = scopes.bindingOf(node)?.definitions.map((definition) => definition.name.loc.start.line)
      return `${node.loc.start.line}: ${lines ? lines.join(' ') : '-'}`
    })
}

function reader(text: string) {
  const opened = file(text)
  return { all: [...opened.all()], scopes: opened.services.scopes }
}

function isRead(scopes: OpenedFile['services']['scopes'], node: ReturnType<typeof reader>['all'][number]): boolean {
  const binding = scopes.bindingOf(node)
  return scopes.isUnbound(node) || (binding?.references.some((reference) => reference.index === node.index) ?? false)
}

describe('what a name means', () => {
  test.each<[what: string, text: string, name: string, expected: string[]]>([
    ['a module variable', 'x = 1\nx\n', 'x', ['2: 1']],
    ['all its definitions', 'x = 1\nx = 2\nx\n', 'x', ['3: 1 2']],
    ['a local before a module variable', 'x = 1\ndef f():\n    x = 2\n    x\n', 'x', ['4: 3']],
    ['the variable of the function around', 'def f():\n    x = 1\n    def g():\n        x\n', 'x', ['4: 2']],
    ['not the variable of the class around', 'x = 1\nclass A:\n    x = 2\n    def f(self):\n        x\n', 'x', ['5: 1']],
    ['the class variable in the class body', 'x = 1\nclass A:\n    x = 2\n    y = x\n', 'x', ['4: 3']],
    ['global', 'x = 1\ndef f():\n    global x\n    x = 2\n    x\nx\n', 'x', ['5: 1 4', '6: 1 4']],
    ['nonlocal', 'def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    x\n', 'x', ['6: 2 5']],
    ['a parameter', 'def f(x, y=x):\n    x\n', 'x', ['1: -', '2: 1']],
    ['*args and **kwargs', 'def f(*x, **y):\n    x, y\n', 'y', ['2: 1']],
    ['a lambda parameter', 'x = 1\nf = lambda x: x\n', 'x', ['2: 2']],
    ['a comprehension has a scope of its own', 'x = 1\ny = [x for x in x]\nx\n', 'x', ['2: 2', '2: 1', '3: 1']],
    ['an inner for reads the outer variable', 'y = [b for a in c for b in a]\n', 'a', ['1: 1']],
    ['a walrus in a comprehension binds outside', 'y = [(z := x) for x in w]\nz\n', 'z', ['2: 1']],
    ['for, with, except, import, def, class', 'for a in b: pass\nwith c as d: pass\na, d\n', 'd', ['3: 2']],
    ['an exception', 'try: pass\nexcept E as e:\n    e\n', 'e', ['3: 2']],
    ['match captures', 'match x:\n    case [a, *b] | {"k": a, **b}:\n        a, b\n    case A(c=d) as e:\n        d, e\n', 'b', ['3: 2 2']],
    ['a class pattern is read', 'match x:\n    case A(b=c):\n        pass\n', 'A', ['2: -']],
    ['a keyword argument is no name', 'f(x=1)\n', 'x', []],
    ['an attribute is no name', 'a.x\n', 'x', []],
    ['unpacking', '(a, [b, *c]) = d\nc\n', 'c', ['2: 1']],
    ['augmented assignment reads and binds', 'x = 1\nx += 1\n', 'x', ['2: 1 2']],
    ['type parameters', 'def f[T](a: T) -> T:\n    b: T\n', 'T', ['1: 1', '1: 1', '2: 1']],
    ['a type parameter of a class', 'class A[T]:\n    def f(self) -> T: ...\n', 'T', ['2: 1']],
    ['a type alias', 'type X[T] = list[T]\nX\n', 'X', ['2: 1']],
    ['del is no read', 'x = 1\ndel x\nx\n', 'x', ['3: 1 2']],
    ['a decorator is read outside', 'def f(x): ...\n@f\nclass f: ...\n', 'f', ['2: 1 3']],
    ['f-string', 'x = 1\nf"{x!r:>{x}}"\n', 'x', ['2: 1', '2: 1']],
  ])('%s', (_, text, name, expected) => expect(references(text, name)).toEqual(expected))
})

test('scopes and what makes them', () => {
  const { scopes } = file('class A[T]:\n    def f(self):\n        return [x for x in lambda: 1]\n').services
  expect(scopes.all.map(({ kind }) => kind)).toEqual(['module', 'type-parameters', 'class', 'function', 'comprehension', 'lambda'])
  expect(scopes.all.map(({ node }) => node.kind)).toEqual(['module', 'type_parameter', 'class_definition', 'function_definition', 'list_comprehension', 'lambda'])
})

test('the conditions of a definition', () => {
  const { services } = file('try:\n    import a\nexcept ImportError:\n    a = None\nif TYPE_CHECKING:\n    import b\nimport c\n')
  const definitions = services.scopes.module.bindings
  const of = (name: string) => definitions.get(name)!.definitions.map(({ conditional, fallback, optional, typeChecking }) => ({ conditional, fallback, optional, typeChecking }))
  expect(of('a')).toEqual([
    { conditional: true, fallback: false, optional: true, typeChecking: false },
    { conditional: true, fallback: true, optional: false, typeChecking: false },
  ])
  expect(of('b')).toEqual([{ conditional: true, fallback: false, optional: false, typeChecking: true }])
  expect(of('c')).toEqual([{ conditional: false, fallback: false, optional: false, typeChecking: false }])
})

test('unresolved names are those that nothing binds', () => {
  const { services } = file('import a\nprint(a, b, __name__)\n')
  expect(services.scopes.unresolved.map(({ text }) => text)).toEqual(['b'])
})

test('deep nesting', () => {
  const text = `${Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}def f${i}():\n`).join('')}${' '.repeat(300)}x = 1\n`
  const { services } = file(text)
  expect(services.scopes.all).toHaveLength(301)
})
