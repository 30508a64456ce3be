import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorFor, loaderIn, packSource, repository, rulesFor } from './repository.ts'

const off = { extends: [] }
const config = { 'krait.config.json': off }

test.each<[string[], Record<string, number>]>([
  [['datetime/no-utcnow: off'], { 'errors/no-silent-except': 2 }],
  [['datetime/no-utcnow:1'], { 'datetime/no-utcnow': 1, 'errors/no-silent-except': 2 }],
  [['datetime/no-utcnow: warn', 'datetime/no-utcnow: "error"'], { 'datetime/no-utcnow': 2, 'errors/no-silent-except': 2 }],
  [['errors/no-silent-except: [warn, {"allow": ["x"]}]'], { 'datetime/no-utcnow': 2, 'errors/no-silent-except': 1 }],
  [['errors/no-silent-except: [warn, {allow: [x]}]'], { 'datetime/no-utcnow': 2, 'errors/no-silent-except': 1 }],
])('--rule %j', async (rules, expected) => {
  expect(await rulesFor(repository({}), 'a.py', { rules })).toEqual(expected)
})

test('--rule wins over everything, overrides too, and its options arrive', async () => {
  const root = repository({ 'krait.config.json': { overrides: [{ files: ['**'], rules: { 'errors/no-silent-except': 'off' } }] } })
  const { resolver } = await loaderIn(root, { rules: ['errors/no-silent-except: [error, {allow: [x]}]'] }).forFile(join(root, 'a.py'))
  expect(resolver.resolve('a.py').rules.find((rule) => rule.id === 'errors/no-silent-except')).toEqual({ id: 'errors/no-silent-except', severity: 2, options: [{ allow: ['x'] }] })
})

test.each<[string, string]>([
  ['datetime/no-utcnow', '\'datetime/no-utcnow\' has the wrong form. Write it like this: --rule \'datetime/no-utcnow: off\'.'],
  ['datetime/no-utcnow=off', '\'datetime/no-utcnow=off\' has the wrong form. Write it like this: --rule \'datetime/no-utcnow: off\'. A colon stands between the rule and its severity.'],
  ['datetime/no-utcnow: eror', '\'datetime/no-utcnow: eror\': Must be "off", "warn" or "error" (or 0, 1, 2), not "eror". Did you mean \'error\'?'],
  ['datetime/no-utcnw: off', '\'datetime/no-utcnw: "off"\': Unknown rule \'datetime/no-utcnw\'. Did you mean \'datetime/no-utcnow\'?'],
  ['errors/no-silent-except: [warn, {alow: []}]', '\'errors/no-silent-except: ["warn",{"alow":[]}]\': [1].alow: Unknown option \'alow\'. Did you mean \'allow\'?'],
])('--rule %j is refused', async (rule, message) => {
  expect(await errorFor(repository({}), 'a.py', { rules: [rule] })).toBe(`krait: --rule: ${message}\n`)
})

test('--rule with broken YAML is refused', async () => {
  expect(await errorFor(repository({}), 'a.py', { rules: ['a/b: [warn'] })).toMatch(/^krait: --rule: The setting in 'a\/b: \[warn' cannot be read: /)
})

test('--preset takes the place of recommended, or goes on top of what a config extends, below its own rules', async () => {
  expect(await rulesFor(repository({}), 'a.py', { presets: ['datetime/strict'] })).toEqual({ 'datetime/no-naive-now': 1, 'datetime/no-utcnow': 2 })
  const root = repository({ 'krait.config.json': { extends: ['errors/all'], rules: { 'datetime/no-utcnow': 'off' } } })
  expect(await rulesFor(root, 'a.py', { presets: ['datetime/strict'] })).toEqual({ 'datetime/no-naive-now': 1, 'errors/no-silent-except': 2 })
  expect(await errorFor(root, 'a.py', { presets: ['strct'] })).toBe('krait: --preset: Unknown preset \'strct\'. Did you mean \'strict\'?\n')
})

test('--pack is resolved from the current folder', async () => {
  const root = repository({ ...config, 'lint/pack.ts': packSource('acme', 'no-foo') })
  expect(await rulesFor(root, 'a.py', { packs: ['./lint/pack.ts'], presets: ['acme/all'] })).toEqual({ 'acme/no-foo': 1 })
  expect(await errorFor(root, 'a.py', { packs: ['./pack.ts'] })).toBe(`krait: --pack: The file './pack.ts' does not exist (looked for it from ${root}).\n`)
})

test('--config rules all files; above the current folder its own folder is the project', async () => {
  const root = repository({ 'krait.config.json': off, 'ci/other.yaml': 'overrides:\n  - files: [app/**]\n    rules: { datetime/no-utcnow: off }\n' })
  const options = { configFile: 'ci/other.yaml' }
  expect(await rulesFor(root, 'a.py', options)).toEqual({ 'datetime/no-utcnow': 2, 'errors/no-silent-except': 2 })
  expect(await rulesFor(root, 'app/a.py', options)).toEqual({ 'errors/no-silent-except': 2 })
  expect((await loaderIn(root, options).forFile(join(root, 'app/a.py'))).root).toBe(root)
  const fromBelow = loaderIn(join(root, 'ci'), { configFile: '../krait.config.json' })
  expect(await fromBelow.forFile(join(root, 'ci/a.py'))).toMatchObject({ root, file: join(root, 'krait.config.json') })
})

test.each<[string, string]>([
  ['missing.json', 'krait: missing.json: This config file does not exist.\n'],
  ['config.ini', 'krait: config.ini: krait cannot read this kind of config file. Known endings: .ts .mts .js .mjs .cjs .json .yaml .yml .toml.\n'],
  ['package.json', 'krait: package.json: Has no config of krait: expected the key "krait".\n'],
  ['pyproject.toml', 'krait: pyproject.toml: Has no config of krait: expected [tool.krait].\n'],
])('--config %s is refused', async (configFile, message) => {
  const root = repository({ 'config.ini': '[krait]\n', 'package.json': {}, 'pyproject.toml': '' })
  expect(await errorFor(root, 'a.py', { configFile })).toBe(message)
})

test('--no-config-lookup passes over configs, broken ones too', async () => {
  const root = repository({ 'krait.config.json': '{' })
  expect(await rulesFor(root, 'app/a.py', { lookup: false })).toEqual({ 'datetime/no-utcnow': 2, 'errors/no-silent-except': 2 })
  expect((await loaderIn(root, { lookup: false }).forFile(join(root, 'app/a.py'))).root).toBe(root)
})

test('--report-unused-ignores sets the severity', async () => {
  const root = repository(config)
  const unused = async (unusedIgnores?: 'off' | 'warn' | 'error') => (await loaderIn(root, { unusedIgnores }).forFile(join(root, 'a.py'))).resolver.resolve('a.py').unusedIgnores
  expect([await unused(), await unused('off'), await unused('error')]).toEqual([1, null, 2])
})

test.each<[Record<string, string | object>, string]>([
  [{ 'krait.config.ts': 'throw new Error("was run")' }, 'krait: krait.config.ts: This config is code, which --no-code refuses. Use JSON, YAML or pyproject.toml instead.\n'],
  [{ 'krait.config.json': { packs: ['./pack.ts'] } }, 'krait: krait.config.json: packs[0]: The pack \'./pack.ts\' is code, which --no-code refuses.\n'],
  [{ 'krait.config.json': { extends: ['./base.js'] }, 'base.js': 'throw new Error("was run")' }, 'krait: krait.config.json: extends[0]: \'./base.js\' is code, which --no-code refuses.\n'],
])('--no-code refuses %j', async (files, message) => {
  expect(await errorFor(repository(files), 'a.py', { noCode: true })).toBe(message)
})

test('--no-code takes data, and the packs that come with krait', async () => {
  const root = repository({ 'krait.config.json': { extends: ['./base.yaml'] }, 'base.yaml': 'rules: { datetime/no-utcnow: warn }' })
  expect(await rulesFor(root, 'a.py', { noCode: true })).toEqual({ 'datetime/no-utcnow': 1 })
})
