import { expect, test } from 'vitest'
import { compileGlobs } from '@krait/core'

test.each([
  ['**/x.py', 'x.py', true],
  ['**/x.py', 'a/b/x.py', true],
  ['*.py', 'a.py', true],
  ['*.py', 'a/b.py', false],
  ['tests/**', 'tests/a/b.py', true],
  ['tests', 'tests/a/b.py', true],
  ['tests', 'app/tests/b.py', false],
  ['tests/', 'tests/a.py', true],
  ['./tests/', 'tests/a.py', true],
  ['**/generated', 'a/generated/b/c.py', true],
  ['src/*', 'src/a.py', true],
  ['src/*', 'src/a/b.py', false],
  ['**/*.py', '.hidden/a.py', true],
  ['a/{b,c}/*.py', 'a/c/d.py', true],
  ['app/main.py', 'app/main.py', true],
  ['app/[id].py', 'app/i.py', true],
])('%s on %s: %s', async (glob, path, expected) => {
  expect((await compileGlobs([glob]))(path)).toBe(expected)
})

test('a negated glob takes back what an earlier one matched; a later one can match again', async () => {
  const matches = await compileGlobs(['gen/**', '!gen/keep/**', 'gen/keep/not.py'])
  expect(['gen/a.py', 'gen/keep/a.py', 'gen/keep/not.py'].map(matches)).toEqual([true, false, true])
})

test('no globs match nothing', async () => {
  expect((await compileGlobs([]))('a.py')).toBe(false)
})
