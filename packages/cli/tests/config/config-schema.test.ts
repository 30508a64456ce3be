import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createRegistry } from '@krait/core'
import { configSchema } from '../../src/config/config-schema.ts'
import { officialPacks } from './repository.ts'

type AjvModule = { Ajv: new (options: object) => { compile(schema: object): (value: unknown) => boolean } }
const { Ajv } = createRequire(createRequire(import.meta.url).resolve('../../../core/package.json'))('ajv') as AjvModule
const isConfig = new Ajv({ allErrors: true, strictTuples: false }).compile(configSchema(createRegistry(officialPacks)))

test.each([
  {},
  { $schema: 'x', root: true, extends: ['recommended', './base.json'], packs: ['./a.ts'], ignores: ['gen/**'], suppressions: { requireReason: true } },
  { rules: { 'datetime/no-utcnow': 'off', 'errors/no-silent-except': ['warn', { allow: ['x'] }], 'krait/unused-ignore': 2 } },
  { rules: { 'acme/in-house': ['error', { anything: [1, 2] }, 'more'] } },
  { overrides: [{ files: ['tests/**'], rules: { 'datetime/no-utcnow': 'off' }, settings: { a: 1 } }] },
])('takes %j', (config) => {
  expect(isConfig(config)).toBe(true)
})

test.each([
  { rule: {} },
  { rules: { 'datetime/no-utcnow': 'on' } },
  { rules: { 'datetime/no-utcnow': ['warn', {}] } },
  { rules: { 'errors/no-silent-except': ['warn', { alow: [] }] } },
  { rules: { 'acme/in-house': 'loud' } },
  { overrides: [{ rules: {} }] },
  { overrides: [{ files: ['a'], rules: { 'datetime/no-utcnow': 7 } }] },
])('refuses %j', (config) => {
  expect(isConfig(config)).toBe(false)
})
