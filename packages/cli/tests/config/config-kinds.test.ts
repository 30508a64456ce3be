import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as core from '@krait/core'
import { errorFor, loaderIn, packSource, repository, rulesFor, temporaryFolder } from './repository.ts'

const warnUtcnow = { extends: [], rules: { 'datetime/no-utcnow': 'warn' } }
const warned = { 'datetime/no-utcnow': 1 }
const code = JSON.stringify(warnUtcnow)
const yaml = 'extends: []\nrules:\n  datetime/no-utcnow: warn\n'

test.each<[string, string]>([
  ['krait.config.ts', `import { defineConfig, type Config } from 'krait'\nconst config: Config = ${code}\nexport default defineConfig(config)`],
  ['krait.config.mts', `import { defineConfig } from '@krait/core'\nexport default defineConfig(${code})`],
  ['krait.config.js', `import { defineConfig } from 'krait'\nexport default defineConfig(${code})`],
  ['krait.config.mjs', `import { defineConfig } from 'krait'\nconst config = await Promise.resolve(${code})\nexport default defineConfig(config)`],
  ['krait.config.cjs', `const { defineConfig } = require('krait')\nmodule.exports = defineConfig(${code})`],
  ['krait.config.js', `export default Promise.resolve(${code})`],
  ['krait.config.js', `module.exports = ${code}`],
  ['krait.config.json', `// a comment\n{ "extends": [], /* another */ "rules": { "datetime/no-utcnow": "warn", }, }`],
  ['krait.config.yaml', yaml],
  ['krait.config.yml', yaml],
  ['.kraitrc', yaml],
  ['.kraitrc', code],
  ['.kraitrc.json', `\uFEFF${code}`],
  ['.kraitrc.yaml', yaml],
  ['.kraitrc.yml', yaml],
  ['pyproject.toml', '[project]\nname = "shop"\n[tool.krait]\nextends = []\n[tool.krait.rules]\n"datetime/no-utcnow" = "warn"\n'],
  ['package.json', `{ "name": "shop", "krait": ${code} }`],
])('%s rules the files beside and below it', async (name, content) => {
  const root = repository({ [name]: content })
  expect(await rulesFor(root, 'a.py')).toEqual(warned)
  expect(await rulesFor(root, 'app/deep/a.py')).toEqual(warned)
  expect((await loaderIn(root).forFile(join(root, 'app/a.py'))).file).toBe(join(root, name))
})

test('in one folder the order of the contract decides', async () => {
  const off = { extends: [], rules: {} }
  const root = repository({ 'krait.config.json': warnUtcnow, '.kraitrc.json': off, 'pyproject.toml': '[tool.krait]\nextends = []\n', 'package.json': { krait: off } })
  expect(await rulesFor(root, 'a.py')).toEqual(warned)
})

test.each<[string, string]>([
  ['package.json', '{ "name": "shop", "devDependencies": { "krait": "1.0.0" } }'],
  ['package.json', ''],
  ['pyproject.toml', '[project]\nname = "krait-user"\n'],
  ['pyproject.toml', '# krait\n'],
  ['pyproject.toml', ''],
])('%s without a section for krait is no config: %j', async (name, content) => {
  const root = repository({ 'krait.config.json': warnUtcnow, [`app/${name}`]: content })
  expect(await rulesFor(root, 'app/a.py')).toEqual(warned)
})

test('an empty pyproject.toml does not hide a package.json', async () => {
  const root = repository({ 'pyproject.toml': '', 'package.json': { krait: warnUtcnow } })
  expect(await rulesFor(root, 'a.py')).toEqual(warned)
})

test.each([['krait.config.json', ''], ['krait.config.yaml', '# nothing yet\n'], ['.kraitrc', ''], ['krait.config.ts', '']])(
  'an empty %s is an empty config, which extends recommended', async (name, content) => {
    const root = repository({ 'krait.config.json': warnUtcnow, [`app/${name}`]: content })
    expect(await rulesFor(root, 'app/a.py')).toEqual({ 'datetime/no-utcnow': 2, 'errors/no-silent-except': 2 })
  },
)

test.each<[string, string, string]>([
  ['krait.config.json', '{\n  "rules": {,}\n}', 'krait: krait.config.json: 2:13: Expected a key in double quotes or \'}\', found \',\'.\n'],
  ['krait.config.json', '{ "a": 1', 'krait: krait.config.json: 1:9: The file ends before \'}\'.\n'],
  ['.kraitrc.json', '{ "a": "b }', 'krait: .kraitrc.json: 1:8: This string does not end on its line, or holds a character that must be escaped.\n'],
  ['package.json', '{ "krait": }', 'krait: package.json: 1:12: Expected a value, found \'}\'.\n'],
  ['krait.config.yaml', 'rules:\n  a: [1\n', 'krait: krait.config.yaml: 3:1: Invalid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].\n'],
  ['pyproject.toml', '[tool.krait]\nextends = recommended\n', 'krait: pyproject.toml: 2:11: Invalid TOML: invalid value.\n'],
  ['krait.config.ts', 'export default {\n  rules: {,}\n}', 'krait: krait.config.ts: 2:11: Syntax error: Unexpected token\n'],
  ['krait.config.mjs', 'throw new Error("no database")', 'krait: krait.config.mjs: Throws when loaded: no database\n'],
  ['krait.config.js', 'export default 5', 'krait: krait.config.js: A config must be an object, not 5.\n'],
  ['krait.config.json', '[]', 'krait: krait.config.json: A config must be an object, not [].\n'],
  ['krait.config.json', '{ "$import": "./x.json" }', 'krait: krait.config.json: $import: Unknown key \'$import\'. Known keys: $schema, root, extends, packs, rules, settings, overrides, ignores, suppressions.\n'],
])('a broken %s names file and place: %j', async (name, content, message) => {
  expect(await errorFor(repository({ [name]: content }), 'a.py')).toBe(message)
})

test('a syntax error in a module that the config imports names that module', async () => {
  const root = repository({ 'krait.config.ts': 'import rules from "./lint/rules.ts"\nexport default { rules }', 'lint/rules.ts': 'export default {\n  a b\n}' })
  expect(await errorFor(root, 'a.py')).toMatch(/^krait: krait\.config\.ts: .*lint\/rules\.ts:2:5: Syntax error: Unexpected token, expected ","\n$/)
})

test('code without node_modules gets the host\'s own modules, the very same instances', async () => {
  const store = globalThis as { kraitTestSeen?: unknown[] }
  const root = temporaryFolder({
    'krait.config.ts': 'import { defineConfig } from "krait"\nexport default defineConfig({ packs: ["./lint/acme-pack.ts"], extends: ["acme/all"] })',
    'lint/acme-pack.ts': `${packSource('acme', 'no-foo')}\nimport { seen } from './seen.js'\nseen()`,
    'lint/seen.ts': 'import * as core from "@krait/core"\nimport { definePack } from "krait"\nexport function seen(): void { (globalThis as any).kraitTestSeen = [core.createRegistry, definePack] }',
  })
  expect(await rulesFor(root, 'a.py')).toEqual({ 'acme/no-foo': 1 })
  expect(store.kraitTestSeen).toEqual([core.createRegistry, core.definePack])
  expect(store.kraitTestSeen![0]).toBe(core.createRegistry)
  const loaded = await loaderIn(root).forFile(join(root, 'a.py'))
  expect(loaded.inputs).toEqual(['krait.config.ts', 'lint/acme-pack.ts', 'lint/seen.ts'].map((name) => join(root, name)))
  expect(loaded.registry.packs.map((pack) => pack.url).filter((url) => url !== undefined)).toEqual([`file://${root}/lint/acme-pack.ts`])
})
