import { didYouMean, validateRules, validateShape, type Registry, type RuleSetting, type RuleSettings } from '@krait/core'
import { ConfigError, configError } from './config-error.ts'

const place = '--rule'

/**
 * Reads the values of `--rule`: `datetime/no-utcnow: off`, or with options `datetime/no-utcnow: [error, {"allow": []}]`. What follows the
 * colon is YAML, so that quotes may be left out. The later of two settings of one rule wins.
 *
 * @throws {ConfigError} when a value has no colon or no rule, or its setting has a wrong shape
 */
export async function parseRuleOptions(values: readonly string[]): Promise<RuleSettings> {
  const rules: Record<string, RuleSetting> = {}
  for (const value of values) {
    const [, id, setting] = /^\s*([^\s:]+)\s*:\s*(\S[\s\S]*)$/.exec(value) ?? []
    if (id === undefined || setting === undefined) {
      throw configError(null, place, `'${value}' has the wrong form. Write it like this: --rule 'datetime/no-utcnow: off'.${idHint(value)}`)
    }
    const parsed = await parseSetting(value, setting.trim())
    const problems = validateShape({ rules: { [id]: parsed } })
    if (problems.length > 0) throw atCommandLine(value, problems)
    rules[id] = parsed as RuleSetting
  }
  return rules
}

/**
 * Checks the rules of the command line against the loaded packs.
 * @throws {ConfigError} for an unknown rule or options that do not fit
 */
export async function checkRuleOptions(rules: RuleSettings, registry: Registry): Promise<void> {
  for (const [id, setting] of Object.entries(rules)) {
    const problems = await validateRules({ rules: { [id]: setting } }, registry)
    if (problems.length > 0) throw atCommandLine(`${id}: ${JSON.stringify(setting)}`, problems)
  }
}

async function parseSetting(value: string, setting: string): Promise<unknown> {
  if (/^(?:off|warn|error)$/.test(setting)) return setting
  if (/^[012]$/.test(setting)) return Number(setting)
  const { parse } = await import('yaml')
  try {
    return parse(setting, { prettyErrors: false })
  } catch (error) {
    throw configError(null, place, `The setting in '${value}' cannot be read: ${(error as Error).message}`, error)
  }
}

function atCommandLine(value: string, problems: ConfigError['problems']): ConfigError {
  return new ConfigError(null, problems.map((problem) => {
    const inside = problem.place.replace(/^rules(?:\['.*?'\]|\.\w+)/, '')
    return { place, message: `'${value}': ${inside === '' ? '' : `${inside}: `}${problem.message}` }
  }))
}

function idHint(value: string): string {
  const lastWord = value.trim().split(/[\s=]+/).at(-1) ?? ''
  return didYouMean(lastWord, ['off', 'warn', 'error']) !== '' ? ' A colon stands between the rule and its severity.' : ''
}
