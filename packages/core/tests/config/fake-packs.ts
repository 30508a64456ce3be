import type { AnyRule, JsonSchema, Pack, RuleDocs } from '@krait/core'

interface FakeRule {
  readonly preset?: RuleDocs['preset']
  readonly severity?: RuleDocs['severity']
  readonly schema?: readonly JsonSchema[]
  readonly defaultOptions?: readonly unknown[]
  readonly strictOptions?: readonly unknown[]
}

export function fakeRule(name: string, { preset = 'recommended', severity = 'error', schema = [], defaultOptions = [], strictOptions }: FakeRule = {}): AnyRule {
  return {
    name,
    meta: { type: 'problem', docs: { description: `Disallow ${name}`, preset, severity, since: '0.1.0', ...(strictOptions && { strictOptions }) }, messages: { bad: 'Bad.' }, schema },
    defaultOptions,
    create: () => ({}),
  }
}

export function fakePack(name: string, rules: readonly AnyRule[], more: Partial<Pack> = {}): Pack {
  return { name, version: '1.0.0', rules, ...more }
}

/** Two packs: `datetime` with a rule in each kind of preset, `errors` with a rule that takes options. */
export const datetimePack = fakePack('datetime', [
  fakeRule('no-utcnow'),
  fakeRule('no-naive-now', { preset: 'strict', severity: 'warn' }),
  fakeRule('needs-zones', { preset: 'needs-config' }),
], { presets: { migration: { 'datetime/no-utcnow': 'warn' } } })

export const errorsPack = fakePack('errors', [
  fakeRule('no-silent-except', {
    schema: [{
      type: 'object',
      properties: { allow: { type: 'array', items: { type: 'string' } }, mode: { enum: ['loose', 'tight'] } },
      additionalProperties: false,
    }],
    defaultOptions: [{ allow: [], mode: 'loose' }],
  }),
])
