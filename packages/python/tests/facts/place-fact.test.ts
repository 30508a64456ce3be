import { callFact, placeFact, raiseFact, semanticsOf } from '@krait/python'
import type { PlacesByFunction } from '@krait/python'
import { expect, test } from 'vitest'
import { file } from '../helpers/memory-project.ts'

const TEXT = `
  from m import get, put

  class Repo:
      @cached
      def save(self, row):
          try:
              (get(
                  put(row),
              ).first()
               .second())
          except KeyError:
              raise
          raise ValueError(row)

  key = lambda row: get(row)
`

function places(): PlacesByFunction {
  const { source } = file(TEXT)
  return placeFact.collect({ sourceCode: source, services: semanticsOf(source.tree) })
}

test('functions, their calls and their raises have places', () => {
  expect(places()).toEqual({
    'Repo.save': { definition: [5, 5], calls: [8, 17, 7, 14, 9, 15, 10, 15, 13, 15], raises: [12, 13, 13, 9] },
    '<lambda>': { definition: [15, 7], calls: [15, 19] },
  })
})

test('in the numbers of the other facts', () => {
  const { source } = file(TEXT)
  const input = { sourceCode: source, services: semanticsOf(source.tree) }
  const calls = callFact.collect(input)
  const raises = raiseFact.collect(input)
  for (const [key, { calls: at = [], raises: raisedAt = [] }] of Object.entries(places())) {
    expect(at).toHaveLength(2 * (calls[key]?.length ?? 0))
    expect(raisedAt).toHaveLength(2 * (raises[key]?.raises.length ?? 0))
  }
})
