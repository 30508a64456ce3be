import { semanticsOf } from '@krait/python'
import { expect, test } from 'vitest'
import * as K from '../../src/scopes/kind-codes.ts'
import { file } from '../helpers/memory-project.ts'

const { source } = file(`
  def outer(path):
      with open(path) as handle:
          try:
              return handle.read(clean(path))
          except OSError as error:
              raise ValueError(path) from error
`)
const { tree } = source
const semantics = semanticsOf(tree)

function textsOf(...codes: readonly number[]): string[] {
  return semantics.nodesOf(...codes).map((index) => tree.text.slice(tree.start[index], tree.end[index]).split('\n')[0]!)
}

test('the nodes of a kind stand in source order, those around others first', () => {
  expect(textsOf(K.CALL)).toEqual(['open(path)', 'handle.read(clean(path))', 'clean(path)', 'ValueError(path)'])
})

test('nodes of several kinds stand in one order', () => {
  expect(textsOf(K.RAISE_STATEMENT, K.TRY_STATEMENT, K.WITH_STATEMENT)).toEqual([
    'with open(path) as handle:',
    'try:',
    'raise ValueError(path) from error',
  ])
})

test('asking for several kinds changes nothing for those who ask for one', () => {
  textsOf(K.CALL, K.RETURN_STATEMENT)
  expect(textsOf(K.CALL)).toHaveLength(4)
  expect(textsOf(K.RETURN_STATEMENT)).toHaveLength(1)
})

test('there may be none', () => {
  expect(textsOf(K.DECORATOR)).toEqual([])
})
