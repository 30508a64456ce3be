import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configPrintCommand } from '../../src/commands/config-print.ts'
import { configWhyCommand } from '../../src/commands/config-why.ts'
import { explainCommand } from '../../src/commands/explain.ts'
import { rulesCommand } from '../../src/commands/rules.ts'
import { officialPacks, packSource, repository } from '../config/repository.ts'
import { fakeIo } from './fake-io.ts'

const config = { officialPacks }

function shop(): string {
  return repository({
    'krait.config.json': {
      extends: ['recommended'],
      packs: ['./lint/pack.ts'],
      rules: { 'datetime/no-utcnow': 'off', 'errors/no-silent-except': ['warn', { allow: ['KeyError'] }] },
      overrides: [{ files: ['tests/**'], rules: { 'errors/no-silent-except': 'error' } }],
      ignores: ['gen/**'],
    },
    'lint/pack.ts': packSource('acme', 'no-foo'),
    'lint/docs/no-foo.md': '# acme/no-foo\n\n## What it does\nForbids foo.\n',
  })
}

test('rules: every known rule with its severity here, as a table', async () => {
  const { io, out, err } = fakeIo(shop())
  expect(await rulesCommand({ config }, io)).toBe(0)
  expect(err()).toBe('')
  expect(out()).toBe(`acme
  warn   no-foo            recommended            1.0.0  Disallow no-foo

datetime
  off    no-naive-now      strict                 0.1.0  Disallow no-naive-now
  off    no-utcnow         recommended            0.1.0  Disallow no-utcnow

errors
  warn   no-silent-except  recommended   fix      0.1.0  Disallow no-silent-except

krait
  error  internal-error    always                 0.1.0  Report a rule or a pack that failed
  warn   invalid-ignore    always                 0.1.0  Report suppression comments that cannot be understood
  off    missing-reason    always                 0.1.0  Report suppressions without a reason
  error  syntax-error      always                 0.1.0  Report code that the parser cannot understand
  warn   unreadable-file   always                 0.1.0  Report files that cannot be read as text
  warn   unused-ignore     always        fix      0.1.0  Report suppressions that suppress nothing

10 rules, 7 on. 'krait explain RULE' tells more of one.
`)
})

test('rules as JSON', async () => {
  const { io, out } = fakeIo(shop())
  expect(await rulesCommand({ format: 'json', config }, io)).toBe(0)
  const rules = JSON.parse(out()) as { id: string }[]
  expect(rules.map((rule) => rule.id).slice(0, 4)).toEqual(['acme/no-foo', 'datetime/no-naive-now', 'datetime/no-utcnow', 'errors/no-silent-except'])
  expect(rules[3]).toEqual({
    id: 'errors/no-silent-except',
    description: 'Disallow no-silent-except',
    preset: 'recommended',
    severity: 'warn',
    fixable: true,
    suggestions: false,
    since: '0.1.0',
  })
})

test('rules as Markdown: a rulebook of those that are on', async () => {
  const { io, out } = fakeIo(shop())
  expect(await rulesCommand({ format: 'markdown', config }, io)).toBe(0)
  expect(out()).toBe(`# Rules for our Python code

krait checks these. An error fails the build.

## acme

- Disallow no-foo. (\`acme/no-foo\`, warn)

## errors

- Disallow no-silent-except. (\`errors/no-silent-except\`, warn, \`--fix\` repairs it)
`)
})

test('a broken config is told on standard error and gives 2', async () => {
  const { io, out, err } = fakeIo(repository({ 'krait.config.json': { rule: {} } }))
  expect(await rulesCommand({ config }, io)).toBe(2)
  expect(out()).toBe('')
  expect(err()).toBe('krait: krait.config.json: rule: Unknown key \'rule\'. Did you mean \'rules\'?\n')
})

test('explain prints the page beside the pack, under its state here', async () => {
  const { io, out } = fakeIo(shop())
  expect(await explainCommand({ rule: 'acme/no-foo', config }, io)).toBe(0)
  expect(out()).toBe(`acme/no-foo · preset recommended · severity here: warn · no automatic fix · since 1.0.0

# acme/no-foo

## What it does
Forbids foo.
`)
})

test('explain tells what it knows of a rule without a page', async () => {
  const { io, out } = fakeIo(shop())
  expect(await explainCommand({ rule: 'datetime/no-utcnow', config }, io)).toBe(0)
  expect(out()).toContain('# datetime/no-utcnow\n\nDisallow no-utcnow\n\nThis rule has no page. It reports:\n\n- Bad.\n')
})

test('explain: an unknown rule gives the nearest one and 2', async () => {
  const { io, out, err } = fakeIo(shop())
  expect(await explainCommand({ rule: 'datetime/no-utcnw', config }, io)).toBe(2)
  expect([out(), err()]).toEqual(['', 'krait: Unknown rule \'datetime/no-utcnw\'. Did you mean \'datetime/no-utcnow\'?\n'])
})

test.each(['internal-error', 'invalid-ignore', 'missing-reason', 'syntax-error', 'unreadable-file', 'unused-ignore'])('krait/%s has a page', async (name) => {
  const { io, out } = fakeIo(shop())
  expect(await explainCommand({ rule: `krait/${name}`, config }, io)).toBe(0)
  expect(out()).toContain(`\n\n# krait/${name}\n\n## What it does\n`)
})

test('config print gives the resolved config of a file', async () => {
  const root = shop()
  const { io, out } = fakeIo(join(root, 'tests'))
  expect(await configPrintCommand({ file: 'a.py', config }, io)).toBe(0)
  expect(JSON.parse(out())).toEqual({
    configFile: join(root, 'krait.config.json'),
    root,
    ignored: false,
    rules: { 'acme/no-foo': ['warn'], 'errors/no-silent-except': ['error', { allow: ['KeyError'] }], 'krait/unused-ignore': ['warn'] },
    settings: {},
    suppressions: { requireReason: false },
  })
})

test('config why tells each step of one rule', async () => {
  const root = shop()
  const { io, out } = fakeIo(root)
  expect(await configWhyCommand({ file: 'tests/a.py', rule: 'errors/no-silent-except', config }, io)).toBe(0)
  expect(out()).toBe(`tests/a.py is ruled by krait.config.json.
Project folder: ${root}

errors/no-silent-except: error [{"allow":["KeyError"]}]
  preset 'recommended', rules: "error"
  krait.config.json, rules: ["warn",{"allow":["KeyError"]}]
  krait.config.json, overrides[0].rules: "error"
`)
})

test('config why without a rule tells of all that something sets; unset and unknown rules when asked', async () => {
  const root = shop()
  const all = fakeIo(root)
  expect(await configWhyCommand({ file: 'gen/a.py', config }, all.io)).toBe(0)
  expect(all.out()).toContain('It is never linted: `ignores` name it.\n')
  expect(all.out().match(/^\S+\/\S+: \w+/gm)).toEqual(['acme/no-foo: warn', 'datetime/no-utcnow: off', 'errors/no-silent-except: warn'])
  const unset = fakeIo(root)
  expect(await configWhyCommand({ file: 'a.py', rule: 'datetime/no-naive-now', config }, unset.io)).toBe(0)
  expect(unset.out()).toContain('datetime/no-naive-now: off\n  nothing sets it, so it is off\n')
  const unknown = fakeIo(root)
  expect(await configWhyCommand({ file: 'a.py', rule: 'datetime/no-naive-noww', config }, unknown.io)).toBe(2)
  expect(unknown.err()).toBe('krait: Unknown rule \'datetime/no-naive-noww\'. Did you mean \'datetime/no-naive-now\'?\n')
})

test('config why without a config file', async () => {
  const root = repository({})
  const { io, out } = fakeIo(root)
  expect(await configWhyCommand({ file: 'a.py', rule: 'datetime/no-utcnow', config }, io)).toBe(0)
  expect(out()).toContain('a.py is ruled by no config file, but by preset \'recommended\'.\n')
})
