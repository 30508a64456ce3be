import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreConfig } from '../../src/config/load-config.ts'
import { errorFor, loaderIn, packSource, repository, rulesFor } from './repository.ts'

const utcnow = 'datetime/no-utcnow'

test('extended configs come first, in order; their own extends before them; the config itself last', async () => {
  const root = repository({
    'krait.config.json': { extends: ['./a.json', './b.yaml'], rules: { 'errors/no-silent-except': 'off' } },
    'a.json': { extends: ['recommended'], rules: { [utcnow]: 'off', 'datetime/no-naive-now': 'error' } },
    'b.yaml': 'rules:\n  datetime/no-utcnow: warn\n',
  })
  expect(await rulesFor(root, 'x.py')).toEqual({ [utcnow]: 1, 'datetime/no-naive-now': 2 })
  const loaded = await loaderIn(root).forFile(join(root, 'x.py'))
  expect(loaded.plan.layers.map((layer) => layer.source)).toEqual(['preset \'recommended\'', 'a.json', 'b.yaml', 'krait.config.json'])
  expect(loaded.inputs).toEqual(['a.json', 'b.yaml', 'krait.config.json'].map((name) => join(root, name)))
})

test('one base may be reached twice', async () => {
  const root = repository({
    'krait.config.json': { extends: ['./a.json', './b.json'] },
    'a.json': { extends: ['./base.json'] },
    'b.json': { extends: ['./base.json'] },
    'base.json': { rules: { [utcnow]: 'warn' } },
  })
  expect(await rulesFor(root, 'x.py')).toEqual({ [utcnow]: 1 })
})

test('a circle is named', async () => {
  const root = repository({
    'krait.config.json': { extends: ['./a.json'] },
    'a.json': { extends: ['./lint/b.json'] },
    'lint/b.json': { extends: ['../a.json'] },
  })
  expect(await errorFor(root, 'x.py'))
    .toBe('krait: lint/b.json: extends[0]: These configs extend each other in a circle: a.json -> lint/b.json -> a.json. Take one \'extends\' away.\n')
})

test('packages: a config or { config }, from the config\'s folder first, with packs and extends of their own', async () => {
  const root = repository({
    'krait.config.json': { extends: ['@acme/krait-config', 'plain-config'] },
    'node_modules/@acme/krait-config/package.json': { name: '@acme/krait-config', type: 'module', exports: './index.js' },
    'node_modules/@acme/krait-config/index.js': 'import { defineConfig } from "krait"\nexport const config = defineConfig({ extends: ["./base.json"], packs: ["./pack.ts"], rules: { "acme/no-foo": "error" } })',
    'node_modules/@acme/krait-config/base.json': { rules: { [utcnow]: 'warn' }, overrides: [{ files: ['tests/**'], rules: { [utcnow]: 'off' } }] },
    'node_modules/@acme/krait-config/pack.ts': packSource('acme', 'no-foo'),
    'node_modules/plain-config/package.json': { name: 'plain-config', main: 'main.cjs' },
    'node_modules/plain-config/main.cjs': 'module.exports = { rules: { "datetime/no-naive-now": 1 } }',
  })
  expect(await rulesFor(root, 'x.py')).toEqual({ [utcnow]: 1, 'acme/no-foo': 2, 'datetime/no-naive-now': 1 })
  // Globs of a package mean the project that uses it.
  expect(await rulesFor(root, 'tests/x.py')).toEqual({ 'acme/no-foo': 2, 'datetime/no-naive-now': 1 })
})

test('a preset of an in-house pack, whether the pack is named here or by a config that is extended', async () => {
  const root = repository({
    'krait.config.json': { extends: ['./house.json', 'acme/recommended'] },
    'house.json': { packs: ['./lint/pack.ts'] },
    'lint/pack.ts': packSource('acme', 'no-foo'),
  })
  expect(await rulesFor(root, 'x.py')).toEqual({ 'acme/no-foo': 1 })
})

test('globs of an extended file above the project are relative to that file, of one elsewhere to the project', async () => {
  const tests = (severity: string) => ({ overrides: [{ files: ['services/*/tests/**'], rules: { [utcnow]: severity } }] })
  const root = repository({
    'base.json': tests('warn'),
    'shared/tools.json': { overrides: [{ files: ['tests/**'], rules: { 'datetime/no-naive-now': 'warn' } }] },
    'services/api/krait.config.json': { extends: ['../../base.json', '../../shared/tools.json'] },
  })
  expect(await rulesFor(root, 'services/api/tests/x.py')).toEqual({ [utcnow]: 1, 'datetime/no-naive-now': 1 })
  expect(await rulesFor(root, 'services/api/x.py')).toEqual({})
})

test.each<[object, string]>([
  [{ extends: ['recomended'] }, 'extends[0]: Unknown preset \'recomended\'. Did you mean \'recommended\'?'],
  [{ extends: ['datetime/strct'] }, 'extends[0]: Unknown preset \'datetime/strct\'. Did you mean \'datetime/strict\'?'],
  [{ extends: ['datetime/house'] }, 'extends[0]: Unknown preset \'datetime/house\'. The pack has: datetime/all, datetime/recommended, datetime/strict.'],
  [{ extends: ['./missing.json'] }, 'extends[0]: The file \'./missing.json\' does not exist (looked for it from ROOT).'],
  [{ extends: ['@nobody/config'] }, 'extends[0]: \'@nobody/config\' is neither a preset nor an installed package (looked for a package of that name from ROOT and from krait itself). A file is named by a path: \'./@nobody/config\'.'],
  [{ packs: ['./missing.ts'] }, 'packs[0]: The file \'./missing.ts\' does not exist (looked for it from ROOT).'],
  [{ packs: ['@nobody/pack'] }, 'packs[0]: The package \'@nobody/pack\' is not installed (looked for it from ROOT and from krait itself).'],
  [{ packs: ['./no-pack.ts'] }, 'packs[0]: \'./no-pack.ts\' is not a pack: \'version\' must be a string. Its default export (or its export \'pack\') must come from definePack().'],
  [{ packs: ['./no-meta.ts'] }, 'packs[0]: \'./no-meta.ts\' is not a pack: rules[0]: \'x\' has no \'meta\'. Its default export (or its export \'pack\') must come from definePack().'],
  [{ packs: ['./throws.ts'] }, 'packs[0]: The pack \'./throws.ts\' cannot be loaded: ROOT/throws.ts: Throws when loaded: no network'],
  [{ packs: ['./datetime.ts'] }, 'packs: Two packs have one name: \'datetime\' 1.0.0 and \'datetime\' 1.0.0 (file://ROOT/datetime.ts). Rename one or load only one of them.'],
  [{ rules: { 'datetime/no-utcnw': 'off' } }, 'rules[\'datetime/no-utcnw\']: Unknown rule \'datetime/no-utcnw\'. Did you mean \'datetime/no-utcnow\'?'],
  [{ rules: { 'errors/no-silent-except': ['error', { allow: [5] }] } }, 'rules[\'errors/no-silent-except\'][1].allow[0]: Must be string, not 5.'],
])('%j: a clear error', async (config, message) => {
  const root = repository({
    'krait.config.json': config,
    'no-pack.ts': 'export default { name: "x" }',
    'no-meta.ts': 'export const pack = { name: "x", version: "1", rules: [{ name: "x" }] }',
    'throws.ts': 'throw new Error("no network")',
    'datetime.ts': packSource('datetime', 'no-foo'),
  })
  expect(await errorFor(root, 'x.py')).toBe(`krait: krait.config.json: ${message.replaceAll('ROOT', root)}\n`)
})

test('an error in an extended file names that file; all its problems are told', async () => {
  const root = repository({ 'krait.config.json': { extends: ['./base.json'] }, 'base.json': { rules: { 'a/b': 'on' }, ignore: [] } })
  expect(await errorFor(root, 'x.py')).toBe(
    'krait: base.json: rules[\'a/b\']: Must be "off", "warn" or "error" (or 0, 1, 2), not "on".\n'
    + 'krait: base.json: ignore: Unknown key \'ignore\'. Did you mean \'ignores\'?\n',
  )
})

test('a plan is plain data that makes the same config again', async () => {
  const root = repository({
    'krait.config.json': { extends: [], packs: ['./lint/pack.ts'], rules: { 'acme/no-foo': 'error' }, overrides: [{ files: ['tests'], rules: { 'acme/no-foo': 'off' } }] },
    'lint/pack.ts': packSource('acme', 'no-foo'),
  })
  const { plan, resolver } = await loaderIn(root).forFile(join(root, 'x.py'))
  const restored = await restoreConfig(JSON.parse(JSON.stringify(plan)) as typeof plan, [])
  for (const path of ['x.py', 'tests/x.py']) expect(restored.resolver.resolve(path)).toEqual(resolver.resolve(path))
  expect([...restored.registry.rules.keys()]).toEqual(['acme/no-foo'])
})
