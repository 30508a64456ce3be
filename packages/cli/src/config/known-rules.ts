import { builtinRules, type Registry, type RegisteredRule, type ResolvedConfig } from '@krait/core'

/** A rule as the commands list it. */
export interface KnownRule {
  readonly id: string
  readonly description: string
  /** `always` for krait's own rules. */
  readonly preset: 'recommended' | 'strict' | 'needs-config' | 'always'
  /** In the config at hand, before overrides. */
  readonly severity: 'off' | 'warn' | 'error'
  readonly fixable: boolean
  readonly suggestions: boolean
  /** The version that brought the rule. */
  readonly since: string
  /** The rule of a pack; `null` for krait's own. */
  readonly registered: RegisteredRule | null
}

/** `0`, `1`, `2` as a config writes them. */
export const severityNames = ['off', 'warn', 'error'] as const

const firstVersion = '0.1.0'

/** All rules of the loaded packs and krait's own, sorted by id, as a config sets them. */
export function knownRules(registry: Registry, config: ResolvedConfig): readonly KnownRule[] {
  const active = new Map(config.rules.map((rule) => [rule.id, rule.severity]))
  const ofPacks = [...registry.rules.values()].map((registered): KnownRule => {
    const { meta } = registered.rule
    return {
      id: registered.id,
      description: meta.docs.description,
      preset: meta.docs.preset,
      severity: severityNames[active.get(registered.id) ?? 0],
      fixable: meta.fixable !== undefined,
      suggestions: meta.hasSuggestions === true,
      since: meta.docs.since,
      registered,
    }
  })
  return [...ofPacks, ...ownRules(config)].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function ownRules(config: ResolvedConfig): readonly KnownRule[] {
  return builtinRules.map((rule): KnownRule => {
    const severity = rule.id === 'krait/unused-ignore'
      ? (config.unusedIgnores ?? 0)
      : rule.id === 'krait/missing-reason' && !config.requireReason ? 0 : rule.severity
    return {
      id: rule.id,
      description: rule.description,
      preset: 'always',
      severity: severityNames[severity],
      fixable: rule.fixable,
      suggestions: false,
      since: firstVersion,
      registered: null,
    }
  })
}
