import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loaderIn, repository, rulesFor, temporaryFolder } from './repository.ts'

const onlyUtcnow = { extends: [], rules: { 'datetime/no-utcnow': 'warn' } }
const recommended = { 'datetime/no-utcnow': 2, 'errors/no-silent-except': 2 }

test('the nearest config rules alone: nothing is taken over from those above', async () => {
  const root = repository({ 'krait.config.json': { extends: ['strict'] }, 'app/krait.config.json': onlyUtcnow })
  expect(await rulesFor(root, 'app/x/a.py')).toEqual({ 'datetime/no-utcnow': 1 })
  expect(await rulesFor(root, 'a.py')).toEqual({ ...recommended, 'datetime/no-naive-now': 1 })
})

test('the search ends at the git root', async () => {
  const root = temporaryFolder({ 'krait.config.json': onlyUtcnow, 'repo/.git': 'gitdir: elsewhere\n', 'repo/app/a.py': '' })
  expect(await rulesFor(root, 'repo/app/a.py')).toEqual(recommended)
  expect(await rulesFor(root, 'beside/a.py')).toEqual({ 'datetime/no-utcnow': 1 })
})

test('without a config the project is the git work tree and extends recommended', async () => {
  const root = repository({ 'app/a.py': '' })
  const loader = loaderIn(join(root, 'app'))
  const loaded = await loader.forFile(join(root, 'app/a.py'))
  expect(loaded).toMatchObject({ root, file: null, inputs: [] })
  expect(await loader.forFile(join(root, 'b.py'))).toBe(loaded)
  expect(await rulesFor(root, 'app/a.py')).toEqual(recommended)
})

test('without git the project is the current folder, or the folder that was named', async () => {
  const root = temporaryFolder({ 'here/app/a.py': '', 'there/app/a.py': '' })
  const loader = loaderIn(join(root, 'here'), { folders: [join(root, 'there'), join(root, 'there/app')] })
  expect((await loader.forFile(join(root, 'here/app/a.py'))).root).toBe(join(root, 'here'))
  expect((await loader.forFile(join(root, 'there/app/a.py'))).root).toBe(join(root, 'there'))
})

test('a config without extends extends recommended; an empty list is no preset at all', async () => {
  expect(await rulesFor(repository({ 'krait.config.json': { rules: { 'errors/no-silent-except': 'off' } } }), 'a.py')).toEqual({ 'datetime/no-utcnow': 2 })
  expect(await rulesFor(repository({ 'krait.config.json': { extends: [] } }), 'a.py')).toEqual({})
})

test('files under one config share one object; each config is loaded once', async () => {
  const root = repository({ 'krait.config.json': {}, 'app/krait.config.json': {} })
  const loader = loaderIn(root)
  const [a, b, c] = await Promise.all(['x/a.py', 'y/z/b.py', 'app/c.py'].map((path) => loader.forFile(join(root, path))))
  expect(a).toBe(b)
  expect(c).not.toBe(a)
  expect([a!.root, c!.root]).toEqual([root, join(root, 'app')])
})

test('a folder with a config\'s name is no config', async () => {
  const root = repository({ 'krait.config.json': onlyUtcnow })
  mkdirSync(join(root, 'app/krait.config.json'), { recursive: true })
  expect(await rulesFor(root, 'app/a.py')).toEqual({ 'datetime/no-utcnow': 1 })
})
