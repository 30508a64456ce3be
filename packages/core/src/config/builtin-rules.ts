import type { Severity } from '../results/finding.ts'

/** A check of krait itself, not of a pack: its ids begin with `krait/`. */
export interface BuiltinRule {
  readonly id: string
  readonly description: string
  readonly severity: Severity
  readonly fixable: boolean
  /** Why a config cannot set it under `rules`; `null` when it can. */
  readonly notSettable: string | null
}

/** The id whose severity a config and `--report-unused-ignores` set. */
export const unusedIgnoreId = 'krait/unused-ignore'

/** Sorted by id. */
export const builtinRules: readonly BuiltinRule[] = [
  {
    id: 'krait/internal-error',
    description: 'Report a rule or a pack that failed',
    severity: 2,
    fixable: false,
    notSettable: 'It is always on: a rule that failed must not go unseen.',
  },
  {
    id: 'krait/invalid-ignore',
    description: 'Report suppression comments that cannot be understood',
    severity: 1,
    fixable: false,
    notSettable: 'It is always on: such a comment suppresses nothing.',
  },
  {
    id: 'krait/missing-reason',
    description: 'Report suppressions without a reason',
    severity: 2,
    fixable: false,
    notSettable: 'Set `suppressions.requireReason` instead.',
  },
  {
    id: 'krait/syntax-error',
    description: 'Report code that the parser cannot understand',
    severity: 2,
    fixable: false,
    notSettable: 'It is always on: rules see only the part that was understood.',
  },
  {
    id: 'krait/unreadable-file',
    description: 'Report files that cannot be read as text',
    severity: 1,
    fixable: false,
    notSettable: 'It is always on; add the file to `ignores` instead.',
  },
  {
    id: unusedIgnoreId,
    description: 'Report suppressions that suppress nothing',
    severity: 1,
    fixable: true,
    notSettable: null,
  },
]
