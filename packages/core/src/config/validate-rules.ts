import { builtinRules } from './builtin-rules.ts'
import type { Config, RuleSetting, RuleSettings } from './config.ts'
import { placeInside, type ConfigProblem } from './config-problem.ts'
import { didYouMean } from './nearest-name.ts'
import type { Registry } from './registry.ts'

/**
 * Checks a config's rule settings against the loaded packs: unknown rules (with the nearest known id) and options that do not fit the
 * rule's schema. Ajv is loaded only when some rule has options.
 *
 * @param config has the right shape already (see `validateShape`)
 * @returns what is wrong, in the order of the config
 */
export async function validateRules(config: Pick<Config, 'rules' | 'overrides'>, registry: Registry): Promise<ConfigProblem[]> {
  const problems = await validateRuleSettings(config.rules, 'rules', registry)
  for (const [index, override] of (config.overrides ?? []).entries()) {
    const place = placeInside(placeInside(placeInside('', 'overrides'), index), 'rules')
    problems.push(...await validateRuleSettings(override.rules, place, registry))
  }
  return problems
}

/** The message for a rule id that no loaded pack has. */
export function unknownRuleMessage(id: string, registry: Registry): string {
  const [packName] = id.split('/')
  const pack = registry.packs.find((candidate) => candidate.name === packName)
  const hint = didYouMean(id, [...registry.rules.keys(), ...builtinRules.map((rule) => rule.id)])
  if (hint !== '') return `Unknown rule '${id}'.${hint}`
  if (!id.includes('/')) return `Unknown rule '${id}'. Rule ids have the form 'pack/rule'.${sameName(id, registry)}`
  if (pack === undefined && packName !== 'krait') {
    return `Unknown rule '${id}': no pack named '${packName}' is loaded. In-house packs are named under 'packs'.`
  }
  return `Unknown rule '${id}'. 'krait rules' lists all rules.`
}

function sameName(name: string, registry: Registry): string {
  const match = [...registry.rules.values()].find((entry) => entry.rule.name === name)
  return match === undefined ? '' : ` Did you mean '${match.id}'?`
}

async function validateRuleSettings(rules: RuleSettings | undefined, place: string, registry: Registry): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = []
  for (const [id, setting] of Object.entries(rules ?? {})) {
    const rulePlace = placeInside(place, id)
    const options = optionsOf(setting)
    const builtin = builtinRules.find((rule) => rule.id === id)
    if (builtin !== undefined) {
      if (builtin.notSettable !== null) problems.push({ place: rulePlace, message: `'${id}' cannot be set here. ${builtin.notSettable}` })
      else if (options.length > 0) problems.push({ place: placeInside(rulePlace, 1), message: `'${id}' takes no options.` })
      continue
    }
    const registered = registry.rules.get(id)
    if (registered === undefined) {
      problems.push({ place: rulePlace, message: unknownRuleMessage(id, registry) })
      continue
    }
    if (options.length === 0) continue
    const { validateOptions } = await import('./validate-options.ts')
    problems.push(...await validateOptions(registered, options, rulePlace))
  }
  return problems
}

function optionsOf(setting: RuleSetting): readonly unknown[] {
  return Array.isArray(setting) ? (setting as readonly unknown[]).slice(1) : []
}
