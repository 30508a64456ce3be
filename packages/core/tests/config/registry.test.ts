import { expect, test } from 'vitest'
import { createRegistry, PackError } from '@krait/core'
import { datetimePack, errorsPack, fakePack, fakeRule } from './fake-packs.ts'

test('rules stand under their full ids, sorted, whatever the order of the packs', () => {
  const ids = ['datetime/needs-zones', 'datetime/no-naive-now', 'datetime/no-utcnow', 'errors/no-silent-except']
  expect([...createRegistry([errorsPack, datetimePack]).rules.keys()]).toEqual(ids)
  expect([...createRegistry([datetimePack, errorsPack]).rules.keys()]).toEqual(ids)
})

test('presets follow from the metadata, overall and per pack', () => {
  const { presets } = createRegistry([datetimePack, errorsPack])
  expect(presets.get('recommended')).toEqual({ 'datetime/no-utcnow': 'error', 'errors/no-silent-except': 'error' })
  expect(presets.get('datetime/strict')).toEqual({ 'datetime/no-naive-now': 'warn', 'datetime/no-utcnow': 'error' })
  expect(presets.get('datetime/all')).toEqual({ 'datetime/needs-zones': 'error', 'datetime/no-naive-now': 'warn', 'datetime/no-utcnow': 'error' })
  expect(presets.get('datetime/migration')).toEqual({ 'datetime/no-utcnow': 'warn' })
  expect([...presets.keys()]).toEqual([...presets.keys()].sort())
})

test('strict and all may give a rule other options', () => {
  const { presets } = createRegistry([fakePack('acme', [fakeRule('no-foo', { strictOptions: [{ deep: true }] })])])
  expect(presets.get('recommended')).toEqual({ 'acme/no-foo': 'error' })
  expect(presets.get('strict')).toEqual({ 'acme/no-foo': ['error', { deep: true }] })
  expect(presets.get('all')).toEqual({ 'acme/no-foo': ['error', { deep: true }] })
})

test('two packs with one name are named both', () => {
  const other = fakePack('datetime', [], { version: '2.0.0', url: 'file:///repo/lint/pack.ts' })
  expect(() => createRegistry([datetimePack, other]))
    .toThrow(new PackError('Two packs have one name: \'datetime\' 1.0.0 and \'datetime\' 2.0.0 (file:///repo/lint/pack.ts). Rename one or load only one of them.'))
})

test('two rules with one id are named both', () => {
  const pack = fakePack('acme', [fakeRule('a'), fakeRule('b'), fakeRule('a')])
  expect(() => createRegistry([pack])).toThrow('the pack \'acme\' 1.0.0 brings \'acme/a\' as rules[0] and as rules[2]')
})

test.each([
  ['krait', '\'krait\' is the host\'s own'],
  ['Acme Rules', 'lower-case letters, digits and hyphens only'],
  ['a/b', 'lower-case letters, digits and hyphens only'],
])('a pack cannot be named %s', (name, message) => {
  expect(() => createRegistry([fakePack(name, [])])).toThrow(message)
})

test('a pack\'s preset must name rules that exist, and not take a general name', () => {
  const unknown = fakePack('acme', [fakeRule('no-foo')], { presets: { house: { 'acme/no-fo': 'error' } } })
  expect(() => createRegistry([unknown])).toThrow('The preset \'acme/house\' of the pack \'acme\' 1.0.0 names an unknown rule \'acme/no-fo\'. Did you mean \'acme/no-foo\'?')
  const general = fakePack('acme', [fakeRule('no-foo')], { presets: { strict: { 'acme/no-foo': 'error' } } })
  expect(() => createRegistry([general])).toThrow('declares the preset \'strict\'')
})
