import { builtinRules, unusedIgnoreId, type JsonSchema, type Registry } from '@krait/core'

const severities = { enum: ['off', 'warn', 'error', 0, 1, 2] }
const strings = (description: string): JsonSchema => ({ description, type: 'array', items: { type: 'string', minLength: 1 } })

/**
 * The JSON Schema (draft-07) of a config file, for completion in editors. Rules of in-house packs are allowed with any options: an editor
 * cannot know them.
 *
 * @param registry whose rules and presets are offered
 */
export function configSchema(registry: Registry): JsonSchema {
  const rules = ruleSettings(registry)
  const settings = { description: 'Values that rules read, such as `auditLog`.', type: 'object' }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'krait config',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      root: { description: 'Do not look for another config in the folders above.', type: 'boolean' },
      extends: {
        description: 'Presets, config packages or config files; later ones win. [] is no preset at all. Without it: ["recommended"].',
        type: 'array',
        items: { anyOf: [{ enum: [...registry.presets.keys()] }, { type: 'string', minLength: 1 }] },
      },
      packs: strings('In-house packs: package names, or paths relative to this file. The official packs need no naming.'),
      rules,
      settings,
      overrides: {
        description: 'Other settings for some files; later ones win.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['files'],
          properties: {
            files: { ...strings('Globs, relative to this file.'), minItems: 1 },
            ignores: strings('Globs of files that are not meant after all.'),
            rules: { $ref: '#/properties/rules' },
            settings,
          },
        },
      },
      ignores: strings('Globs of files that are never linted, relative to this file.'),
      suppressions: {
        type: 'object',
        additionalProperties: false,
        properties: { requireReason: { description: 'Every suppression comment must say why.', type: 'boolean' } },
      },
    },
  }
}

function ruleSettings(registry: Registry): JsonSchema {
  const ofPacks = [...registry.rules.values()].map(({ id, rule }) => (
    [id, { description: rule.meta.docs.description, ...setting(rule.meta.schema) }] as const
  ))
  const ofKrait = builtinRules.filter((rule) => rule.id === unusedIgnoreId).map((rule) => [rule.id, { description: rule.description, ...setting([]) }] as const)
  return {
    description: 'Severities of rules, with options: "off", "warn", "error", or ["error", {...}].',
    type: 'object',
    properties: Object.fromEntries([...ofPacks, ...ofKrait]),
    additionalProperties: { anyOf: [severities, { type: 'array', items: [severities], minItems: 1 }] },
  }
}

function setting(options: readonly JsonSchema[]): JsonSchema {
  return { anyOf: [severities, { type: 'array', items: [severities, ...options], minItems: 1, maxItems: options.length + 1 }] }
}
