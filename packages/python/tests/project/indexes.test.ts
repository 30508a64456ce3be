import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPythonLanguage, parsePython } from '@krait/python'
import { expect, test } from 'vitest'

test('the language lists every index that is defined: findings that rest on another one would never be reused', () => {
  const sources = fileURLToPath(new URL('../../src', import.meta.url))
  const defined = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readFileSync(join(sources, path), 'utf8').matchAll(/= defineIndex[^(]*\(\{\s*name: '([^']+)'/g)].map((match) => match[1]))
  const { indexes } = createPythonLanguage({ parse: parsePython })
  expect(defined.length).toBeGreaterThan(0)
  expect(indexes!.map(({ name }) => name).sort()).toEqual(defined.sort())
})
