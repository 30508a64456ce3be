import { expect, test } from 'vitest'
import { didYouMean, nearestName } from '@krait/core'

test.each([
  ['datetime/no-utcnw', 'datetime/no-utcnow'],
  ['datetime/no-utcnwo', 'datetime/no-utcnow'],
  ['DATETIME/NO-UTCNOW', 'datetime/no-utcnow'],
  ['datetim/no-utcnow', 'datetime/no-utcnow'],
  ['something/else', null],
  ['', null],
])('%s -> %s', (name, expected) => {
  expect(nearestName(name, ['security/no-eval', 'datetime/no-utcnow'])).toBe(expected)
})

test('a swap of neighbours counts once, so it beats two substitutions', () => {
  expect(nearestName('wran', ['wxyn', 'warn'])).toBe('warn')
})

test('the first of equally near names wins, and a hint is a sentence', () => {
  expect(nearestName('ab', ['aa', 'bb'])).toBe('aa')
  expect(didYouMean('eror', ['off', 'warn', 'error'])).toBe(' Did you mean \'error\'?')
  expect(didYouMean('nothing', ['off'])).toBe('')
})
