import type { Severity } from '../results/finding.ts'
import type { RuleSetting, RuleSeverity } from './config.ts'
import { isPlainObject } from './merge-settings.ts'

/** A rule's setting while layers are merged. */
export interface RuleState {
  /** `0` is off. */
  readonly severity: Severity | 0
  /** As the config gives them, without the rule's defaults. */
  readonly options: readonly unknown[]
}

const severities: Readonly<Record<RuleSeverity, Severity | 0>> = { off: 0, warn: 1, error: 2, 0: 0, 1: 1, 2: 2 }

/** A later setting on top of an earlier one: a setting without options keeps the earlier options, as in ESLint. */
export function applyRuleSetting(earlier: RuleState | undefined, setting: RuleSetting): RuleState {
  if (!isSettingWithOptions(setting)) return { severity: severities[setting], options: earlier?.options ?? [] }
  const [severity, ...options] = setting
  return { severity: severities[severity], options: options.length === 0 ? (earlier?.options ?? []) : options }
}

/** The options a rule gets: what the config gives, on top of the rule's defaults. Objects are merged one level deep, all else is replaced. */
export function completeOptions(defaults: readonly unknown[], given: readonly unknown[]): readonly unknown[] {
  const count = Math.max(defaults.length, given.length)
  return Array.from({ length: count }, (_, index) => {
    if (index >= given.length) return defaults[index]
    const [fallback, value] = [defaults[index], given[index]]
    return isPlainObject(fallback) && isPlainObject(value) ? { ...fallback, ...value } : value
  })
}

function isSettingWithOptions(setting: RuleSetting): setting is readonly [RuleSeverity, ...unknown[]] {
  return Array.isArray(setting)
}
