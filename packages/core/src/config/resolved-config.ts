import type { Severity } from '../results/finding.ts'
import type { Settings } from './config.ts'

/** A rule as it is set for one file. */
export interface ResolvedRule {
  readonly id: string
  readonly severity: Severity
  /** Complete: the rule's defaults are merged in. */
  readonly options: readonly unknown[]
}

/** The config of one file, after presets, `extends` and overrides: plain JSON, so that it can travel to a worker. */
export interface ResolvedConfig {
  /** The rules that are on, sorted by id. */
  readonly rules: readonly ResolvedRule[]
  readonly settings: Settings
  readonly requireReason: boolean
  /** Severity of `krait/unused-ignore`; `null` is off. */
  readonly unusedIgnores: Severity | null
}
