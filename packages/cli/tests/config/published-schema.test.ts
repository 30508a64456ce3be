import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRegistry } from '@krait/core'
import { configSchema } from '../../src/config/config-schema.ts'
import { officialPacks } from '../../src/official-packs.ts'

test('the published schema is current: else run `npm run generate`', () => {
  const published = readFileSync(new URL('../../schema/krait.schema.json', import.meta.url), 'utf8')
  expect(published).toBe(`${JSON.stringify(configSchema(createRegistry(officialPacks)), null, 2)}\n`)
})
