import { expect, test } from 'vitest'
import { validateShape, type Config } from '@krait/core'

test('a full config has no problems', () => {
  const config: Config = {
    $schema: './node_modules/krait/schema/krait.schema.json',
    root: true,
    extends: ['recommended'],
    packs: ['./pack.ts'],
    rules: { 'a/b': 'off', 'a/c': 2, 'a/d': ['warn', { x: [1, null, true] }, 'text'] },
    settings: { nested: { list: [] } },
    overrides: [{ files: ['tests/**'], ignores: ['x'], rules: {}, settings: {} }],
    ignores: ['gen/**'],
    suppressions: { requireReason: true },
  }
  expect(validateShape(config)).toEqual([])
})

test.each<[unknown, string, string]>([
  [[], '', 'A config must be an object, not [].'],
  [null, '', 'A config must be an object, not null.'],
  [{ rule: {} }, 'rule', 'Unknown key \'rule\'. Did you mean \'rules\'?'],
  [{ 'no such': 1 }, '[\'no such\']', 'Unknown key \'no such\'. Known keys: $schema, root, extends, packs, rules, settings, overrides, ignores, suppressions.'],
  [{ root: 'yes' }, 'root', 'Must be true or false, not "yes".'],
  [{ extends: 'recommended' }, 'extends', 'Must be an array, not "recommended". Write ["recommended"].'],
  [{ extends: ['a', 3] }, 'extends[1]', 'Must be a non-empty string, not 3.'],
  [{ rules: [] }, 'rules', 'Must be an object, not [].'],
  [{ rules: { 'a/b': 'eror' } }, 'rules[\'a/b\']', 'Must be "off", "warn" or "error" (or 0, 1, 2), not "eror". Did you mean \'error\'?'],
  [{ rules: { 'a/b': 3 } }, 'rules[\'a/b\']', 'Must be "off", "warn" or "error" (or 0, 1, 2), not 3.'],
  [{ rules: { 'a/b': [] } }, 'rules[\'a/b\']', 'Must begin with a severity: "off", "warn" or "error".'],
  [{ rules: { 'a/b': ['on'] } }, 'rules[\'a/b\'][0]', 'Must be "off", "warn" or "error" (or 0, 1, 2), not "on".'],
  [{ rules: { 'a/b': ['warn', { f: [() => 1] }] } }, 'rules[\'a/b\'][1].f[0]', 'Must be plain JSON, not a function.'],
  [{ settings: { at: new Date(0) } }, 'settings.at', 'Must be plain JSON, not an instance of Date.'],
  [{ settings: { n: Number.NaN } }, 'settings.n', 'Must be plain JSON, not NaN.'],
  [{ overrides: [{ rules: {} }] }, 'overrides[0]', 'An override needs `files`: the globs of the files it is for.'],
  [{ overrides: [{ files: [] }] }, 'overrides[0].files', 'Must name at least one glob.'],
  [{ overrides: [{ files: ['!a'] }] }, 'overrides[0].files[0]', '\'!a\' takes back what no earlier glob matched. Put such globs under \'ignores\'.'],
  [{ overrides: [{ files: ['a'], extends: [] }] }, 'overrides[0].extends', 'Unknown key \'extends\'. Known keys: files, ignores, rules, settings.'],
  [{ suppressions: { requireReasons: true } }, 'suppressions.requireReasons', 'Unknown key \'requireReasons\'. Did you mean \'requireReason\'?'],
])('%j', (config, place, message) => {
  expect(validateShape(config)).toEqual([{ place, message }])
})

test('all problems are told, in the order of the config', () => {
  expect(validateShape({ root: 1, extends: 2, ignores: 3 }).map((problem) => problem.place)).toEqual(['root', 'extends', 'ignores'])
})

test('a value that contains itself is refused; one that is only used twice is not', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = [cyclic]
  expect(validateShape({ settings: { cyclic } })).toEqual([{ place: 'settings.cyclic.self[0]', message: 'Must be plain JSON: this value contains itself.' }])
  const shared = { a: 1 }
  expect(validateShape({ settings: { one: shared, two: shared } })).toEqual([])
})

test('deep nesting does not overflow the stack', () => {
  let deep: unknown = () => 1
  for (let depth = 0; depth < 20_000; depth++) deep = [deep]
  expect(validateShape({ settings: { deep } })).toHaveLength(1)
})
