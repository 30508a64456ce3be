import { expect, test } from 'vitest'
import { createRegistry, PackError, validateRules, type RuleSettings } from '@krait/core'
import { datetimePack, errorsPack, fakePack, fakeRule } from './fake-packs.ts'

const registry = createRegistry([datetimePack, errorsPack])
const except = 'errors/no-silent-except'

test.each<[RuleSettings]>([
  [{ 'datetime/no-utcnow': 'off', [except]: ['error', { allow: ['asyncio.CancelledError'], mode: 'tight' }] }],
  [{ 'krait/unused-ignore': 'error' }],
  [{ [except]: ['error'] }],
])('%j is right', async (rules) => {
  expect(await validateRules({ rules }, registry)).toEqual([])
})

test.each<[RuleSettings, string, string]>([
  [{ 'datetime/no-utcnw': 'off' }, 'rules[\'datetime/no-utcnw\']', 'Unknown rule \'datetime/no-utcnw\'. Did you mean \'datetime/no-utcnow\'?'],
  [{ 'no-utcnow': 'off' }, 'rules[\'no-utcnow\']', 'Unknown rule \'no-utcnow\'. Rule ids have the form \'pack/rule\'. Did you mean \'datetime/no-utcnow\'?'],
  [{ 'acme/whatever': 'off' }, 'rules[\'acme/whatever\']', 'Unknown rule \'acme/whatever\': no pack named \'acme\' is loaded. In-house packs are named under \'packs\'.'],
  [{ 'datetime/something-else': 'off' }, 'rules[\'datetime/something-else\']', 'Unknown rule \'datetime/something-else\'. \'krait rules\' lists all rules.'],
  [{ toString: 'off' } as unknown as RuleSettings, 'rules.toString', 'Unknown rule \'toString\'. Rule ids have the form \'pack/rule\'.'],
  [{ 'krait/missing-reason': 'off' }, 'rules[\'krait/missing-reason\']', '\'krait/missing-reason\' cannot be set here. Set `suppressions.requireReason` instead.'],
  [{ 'krait/unused-ignore': ['warn', {}] }, 'rules[\'krait/unused-ignore\'][1]', '\'krait/unused-ignore\' takes no options.'],
  [{ 'datetime/no-utcnow': ['warn', {}] }, 'rules[\'datetime/no-utcnow\'][1]', '\'datetime/no-utcnow\' takes no options, 1 are given.'],
  [{ [except]: ['warn', {}, 1] }, `rules['${except}'][2]`, `'${except}' takes one option, 2 are given.`],
  [{ [except]: ['warn', 1] }, `rules['${except}'][1]`, 'Must be object, not 1.'],
  [{ [except]: ['warn', { allow: ['a', 5] }] }, `rules['${except}'][1].allow[1]`, 'Must be string, not 5.'],
  [{ [except]: ['warn', { alow: [] }] }, `rules['${except}'][1].alow`, 'Unknown option \'alow\'. Did you mean \'allow\'?'],
  [{ [except]: ['warn', { mode: 'lose' }] }, `rules['${except}'][1].mode`, 'Must be one of "loose", "tight", not "lose". Did you mean \'loose\'?'],
])('%j is wrong', async (rules, place, message) => {
  expect(await validateRules({ rules }, registry)).toEqual([{ place, message }])
})

test('rules of overrides are checked at their own place', async () => {
  const overrides = [{ files: ['a'] }, { files: ['b'], rules: { 'datetime/no-utcnw': 'off' } as const }]
  expect((await validateRules({ overrides }, registry)).map((problem) => problem.place)).toEqual(['overrides[1].rules[\'datetime/no-utcnw\']'])
})

test('of a choice between schemas only the whole is reported', async () => {
  const schema = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
  const chosen = createRegistry([fakePack('acme', [fakeRule('choice', { schema: [schema], defaultOptions: ['a'] })])])
  expect(await validateRules({ rules: { 'acme/choice': ['warn', [1]] } }, chosen))
    .toEqual([{ place: 'rules[\'acme/choice\'][1]', message: 'Has none of the allowed forms: [1].' }])
})

test('a broken schema is the pack\'s fault and says so', async () => {
  const broken = createRegistry([fakePack('acme', [fakeRule('broken', { schema: [{ type: 'nonsense' }] })])])
  await expect(validateRules({ rules: { 'acme/broken': ['warn', 1] } }, broken)).rejects.toThrow(PackError)
  await expect(validateRules({ rules: { 'acme/broken': ['warn', 1] } }, broken)).rejects.toThrow('The schema of option 1 of the rule \'acme/broken\' is broken')
})
