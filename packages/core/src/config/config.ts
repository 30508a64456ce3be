/** How a rule is set: a severity, or a severity with options. */
export type RuleSeverity = 'off' | 'warn' | 'error' | 0 | 1 | 2
export type RuleSetting = RuleSeverity | readonly [RuleSeverity, ...unknown[]]
export type RuleSettings = Readonly<Record<string, RuleSetting>>
export type Settings = Readonly<Record<string, unknown>>

export interface ConfigOverride {
  /** Globs relative to the config file. */
  readonly files: readonly string[]
  readonly ignores?: readonly string[]
  readonly rules?: RuleSettings
  readonly settings?: Settings
}

/** A krait config, as a user writes it. */
export interface Config {
  readonly $schema?: string
  /** Do not look for another config in the folders above. */
  readonly root?: boolean
  /** Presets (`recommended`, `sqlalchemy/strict`), config packages or config files; later ones win. `[]` is no preset at all. */
  readonly extends?: readonly string[]
  /** In-house packs: package names or paths relative to the config file. The official packs need no naming. */
  readonly packs?: readonly string[]
  readonly rules?: RuleSettings
  readonly settings?: Settings
  readonly overrides?: readonly ConfigOverride[]
  /** Globs of files that are never linted, relative to the config file. */
  readonly ignores?: readonly string[]
  readonly suppressions?: { readonly requireReason?: boolean }
}

/** Gives completion and type checks in a TypeScript config; returns its argument. */
export function defineConfig(config: Config): Config {
  return config
}
