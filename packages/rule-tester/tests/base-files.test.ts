import { expect, test } from 'vitest'
import { splitBase } from '../src/engine/base-files.ts'

test('files below @base/ are what the run compares with', () => {
  const { files, changes } = splitBase(
    new Map([
      ['a.py', 'new'],
      ['@base/a.py', 'old'],
      ['same.py', 'x'],
      ['@base/same.py', 'x'],
      ['@base/gone.py', 'y'],
      ['moved.py', 'z'],
      ['@base/here.py', 'z'],
    ]),
  )
  expect([...files.keys()]).toEqual(['a.py', 'same.py', 'moved.py'])
  expect(changes?.files.map(({ path, status, oldPath }) => [path, status, oldPath])).toEqual([
    ['a.py', 'modified', undefined],
    ['gone.py', 'deleted', undefined],
    ['moved.py', 'renamed', 'here.py'],
  ])
  expect([changes?.baseText('a.py'), changes?.baseText('gone.py'), changes?.baseText('moved.py'), changes?.baseText('same.py')]).toEqual(['old', 'y', 'z', undefined])
})

test('without them there is no base', () => {
  expect(splitBase(new Map([['a.py', 'x']])).changes).toBeNull()
})
