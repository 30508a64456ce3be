import { callFact, semanticsOf } from '@krait/python'
import type { CallsByFunction } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { file } from '../helpers/memory-project.ts'

function callsIn(text: string): CallsByFunction {
  const { source } = file(text)
  return callFact.collect({ sourceCode: source, services: semanticsOf(source.tree) })
}

const local = (name: string) => ({ kind: 'local', name, isParameter: true })

describe('the fact of calls', () => {
  it('has the calls of each function under its qualified name, in the order of evaluation', () => {
    const calls = callsIn(`
      from app import base, clean

      def load(path):
          return clean(base.read(path))

      class Repo:
          def save(self, row):
              clean(row)

          class Inner:
              def run(self):
                  clean(self)

      clean(load)
    `)
    expect(calls).toEqual({
      '': [{ callee: 'app.clean' }],
      load: [{ callee: 'app.base.read' }, { callee: 'app.clean', first: 0 }],
      'Repo.save': [{ callee: 'app.clean' }],
      'Repo.Inner.run': [{ callee: 'app.clean' }],
    })
  })

  it('keeps nested functions and lambdas apart, and gives their names where they are called', () => {
    const calls = callsIn(`
      def outer(items):
          def inner():
              return one()
          class Local:
              def method(self):
                  two()
          inner()
          key = lambda item: three(item)

      def one(): ...
      def two(): ...
      def three(item): ...
    `)
    expect(calls).toEqual({
      'outer.<locals>.inner': [{ callee: ':one' }],
      'outer.<locals>.Local.method': [{ callee: ':two' }],
      'outer.<locals>.<lambda>': [{ callee: ':three' }],
      outer: [{ callee: ':outer.<locals>.inner' }],
    })
  })

  it('counts class bodies, decorators and default values to the code around them', () => {
    const calls = callsIn(`
      from m import column, decorate, default

      class Row:
          id = column()

          @decorate()
          def load(self, size=default()):
              pass

      def make():
          class Row:
              id = column()
    `)
    expect(calls).toEqual({ '': [{ callee: 'm.column' }, { callee: 'm.decorate' }, { callee: 'm.default' }], make: [{ callee: 'm.column' }] })
  })

  it('tells the accessors of a property apart', () => {
    const calls = callsIn(`
      from m import get, put

      class Order:
          @property
          def total(self):
              return get()

          @total.setter
          def total(self, value):
              put()
    `)
    expect(calls).toEqual({ 'Order.total': [{ callee: 'm.get' }], 'Order.total.setter': [{ callee: 'm.put' }] })
  })

  it('describes receivers: parameters, attributes, results of other calls', () => {
    const calls = callsIn(`
      from sqlalchemy import insert

      class Repo:
          async def save(self, session, row):
              statement = insert(row).values(row)
              await session.execute(statement)
              self.cache.clear()
              async with session.begin() as transaction:
                  pass
              (await session.get(row)).touch()
              {"a": 1}.get(row)
    `)
    expect(calls['Repo.save']).toEqual([
      { callee: 'sqlalchemy.insert' },
      { method: 'values', on: 0 },
      { method: 'execute', receiver: local('session'), first: 1, awaited: true },
      { method: 'clear', receiver: { kind: 'attribute', object: local('self'), attribute: 'cache' } },
      { method: 'begin', receiver: local('session'), use: 'entered', enters: 0 },
      { method: 'get', receiver: local('session'), awaited: true },
      { method: 'touch', on: 5 },
      { method: 'get', receiver: { kind: 'dict', entries: [], open: true } },
    ])
  })

  it('keeps a short constant string that is passed first', () => {
    const calls = callsIn(`
      def send(client, url):
          client.request("POST", url)
          client.request(f"{url}", "POST")
          client.request("${'x'.repeat(60)}")
          client.request(method="POST")
    `)
    const request = { method: 'request', receiver: local('client') }
    expect(calls['send']).toEqual([{ ...request, first: 'POST' }, request, request, request])
  })

  it('does not take a call of another function for the receiver', () => {
    const calls = callsIn(`
      from m import connect

      def outer():
          connection = connect()
          def inner():
              connection.send()
    `)
    expect(calls['outer.<locals>.inner']).toEqual([
      { method: 'send', receiver: { kind: 'call', callee: 'm.connect', function: null, arguments: [], keywords: {}, open: true } },
    ])
  })

  it('survives long chains and deep nesting', () => {
    const calls = callsIn(`def f(x):\n    x${'.a()'.repeat(3000)}\n    ${'g('.repeat(500)}${')'.repeat(500)}\ndef g(x=None): ...\n`)
    expect(calls['f']).toHaveLength(1000)
  })
})
