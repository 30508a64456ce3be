import { expect, test } from 'vitest'
import { createConfigResolver, createRegistry, type ConfigLayer } from '@krait/core'
import { datetimePack, errorsPack } from './fake-packs.ts'

const registry = createRegistry([datetimePack, errorsPack])
const except = 'errors/no-silent-except'

function resolverOf(...layers: Omit<ConfigLayer, 'source'>[]) {
  return createConfigResolver({ root: '/repo', registry, layers: layers.map((layer, index) => ({ source: `layer ${index}`, ...layer })) })
}

test('later layers win; rules are sorted and off ones left out', async () => {
  const resolver = await resolverOf(
    { rules: { [except]: 'error', 'datetime/no-utcnow': 'error', 'datetime/no-naive-now': 1 } },
    { rules: { 'datetime/no-utcnow': 'warn', 'datetime/no-naive-now': 0 } },
  )
  expect(resolver.resolve('a.py').rules).toEqual([
    { id: 'datetime/no-utcnow', severity: 1, options: [] },
    { id: except, severity: 2, options: [{ allow: [], mode: 'loose' }] },
  ])
})

test('a setting with only a severity keeps earlier options, also through off', async () => {
  const options = { allow: ['a'] }
  const resolver = await resolverOf({ rules: { [except]: ['error', options] } }, { rules: { [except]: 'off' } }, { rules: { [except]: ['warn'] } })
  expect(resolver.resolve('a.py').rules).toEqual([{ id: except, severity: 1, options: [{ allow: ['a'], mode: 'loose' }] }])
})

test('later options replace earlier ones and stand on the defaults', async () => {
  const resolver = await resolverOf({ rules: { [except]: ['error', { allow: ['a'] }] } }, { rules: { [except]: ['error', { mode: 'tight' }] } })
  expect(resolver.resolve('a.py').rules[0]!.options).toEqual([{ allow: [], mode: 'tight' }])
})

test('overrides apply in order, to the files they mean', async () => {
  const resolver = await resolverOf({
    rules: { 'datetime/no-utcnow': 'error' },
    overrides: [
      { files: ['tests/**'], ignores: ['tests/helpers/**'], rules: { 'datetime/no-utcnow': 'off' } },
      { files: ['tests/unit'], rules: { 'datetime/no-utcnow': 'warn' } },
    ],
  })
  const severity = (path: string) => resolver.resolve(path).rules[0]?.severity
  expect(['a.py', 'tests/a.py', 'tests/helpers/a.py', 'tests/unit/a.py'].map(severity)).toEqual([2, undefined, 2, 1])
})

test('files with the same overrides share one object', async () => {
  const resolver = await resolverOf({ overrides: [{ files: ['tests/**'], settings: { a: 1 } }] })
  expect(resolver.resolve('a.py')).toBe(resolver.resolve('b.py'))
  expect(resolver.resolve('tests/a.py')).toBe(resolver.resolve('tests/b.py'))
  expect(resolver.resolve('a.py')).not.toBe(resolver.resolve('tests/a.py'))
})

test('settings merge deep, arrays are replaced, and the layers stay as they were', async () => {
  const base = { paths: { tests: ['t/**'], migrations: ['m/**'] }, version: '3.11' }
  const resolver = await resolverOf({ settings: base }, { settings: { paths: { tests: ['x'] }, version: '3.12' } })
  expect(resolver.resolve('a.py').settings).toEqual({ paths: { tests: ['x'], migrations: ['m/**'] }, version: '3.12' })
  expect(base).toEqual({ paths: { tests: ['t/**'], migrations: ['m/**'] }, version: '3.11' })
})

test('a key __proto__ is a key like any other', async () => {
  const resolver = await resolverOf({ settings: { a: 1 } }, { settings: JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown> })
  const { settings } = resolver.resolve('a.py')
  expect(Object.getPrototypeOf(settings)).toBe(Object.prototype)
  expect(Object.keys(settings)).toEqual(['a', '__proto__'])
})

test('globs are relative to their layer\'s folder', async () => {
  const resolver = await createConfigResolver({
    root: '/repo/services/api',
    registry,
    layers: [
      { source: 'above', folder: '/repo', overrides: [{ files: ['services/*/tests/**'], settings: { above: true } }] },
      { source: 'below', folder: '/repo/services/api/app', overrides: [{ files: ['tests/**'], settings: { below: true } }] },
      { source: 'own', overrides: [{ files: ['tests/**'], settings: { own: true } }] },
    ],
  })
  expect(resolver.resolve('tests/a.py').settings).toEqual({ above: true, own: true })
  expect(resolver.resolve('app/tests/a.py').settings).toEqual({ below: true })
})

test('requireReason and the severity of unused ignores', async () => {
  expect((await resolverOf({})).resolve('a.py')).toEqual({ rules: [], settings: {}, requireReason: false, unusedIgnores: 1 })
  const resolver = await resolverOf(
    { suppressions: { requireReason: true }, rules: { 'krait/unused-ignore': 'error' } },
    { suppressions: {}, overrides: [{ files: ['tests'], rules: { 'krait/unused-ignore': 'off' } }] },
  )
  expect(resolver.resolve('a.py')).toMatchObject({ requireReason: true, unusedIgnores: 2 })
  expect(resolver.resolve('tests/a.py')).toMatchObject({ unusedIgnores: null })
})

test('ignores of all layers count; a folder is passed over only when nothing in it can be taken back', async () => {
  const resolver = await resolverOf({ ignores: ['**/generated/**'] }, { ignores: ['old', '!old/keep.py'] })
  expect(['a/generated/x.py', 'old/x.py', 'old/keep.py', 'a.py'].map(resolver.isIgnored)).toEqual([true, true, false, false])
  expect(['a/generated', 'old', 'a'].map(resolver.isFolderIgnored)).toEqual([true, false, false])
})

test('an explanation lists every step that meets the file', async () => {
  const resolver = await resolverOf(
    { rules: { [except]: 'error' } },
    { rules: { [except]: ['warn', { mode: 'tight' }] }, overrides: [{ files: ['other/**'], rules: { [except]: 'off' } }, { files: ['tests/**'], rules: { [except]: 'error' } }] },
  )
  expect(resolver.explainRule('tests/a.py', except)).toEqual({
    id: except,
    severity: 2,
    options: [{ allow: [], mode: 'tight' }],
    steps: [
      { source: 'layer 0', place: 'rules', setting: 'error' },
      { source: 'layer 1', place: 'rules', setting: ['warn', { mode: 'tight' }] },
      { source: 'layer 1', place: 'overrides[1].rules', setting: 'error' },
    ],
  })
  expect(resolver.explainRule('a.py', 'datetime/no-utcnow')).toEqual({ id: 'datetime/no-utcnow', severity: 0, options: [], steps: [] })
  expect(resolver.explainRule('a.py', 'krait/unused-ignore')).toEqual({ id: 'krait/unused-ignore', severity: 1, options: [], steps: [] })
  expect(resolver.explainRule('a.py', 'no/such')).toBeNull()
})
