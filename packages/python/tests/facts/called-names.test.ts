import { calledNamesFact, semanticsOf } from '@krait/python'
import { expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

test('names under which something is called, imports under their own', () => {
  const { source } = file(`
    from m import charge as pay

    def own(): ...

    def f(x):
        pay()
        own()
        x.method().chained()
        x[0]()
        (lambda: y())()
  `)
  const names = calledNamesFact.collect({ sourceCode: source, services: semanticsOf(source.tree) })
  expect(names).toEqual(['chained', 'charge', 'method', 'own', 'y'])
})
