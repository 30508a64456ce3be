import type { Finding, Severity } from '@krait/core'
import type { ReportedFile } from './reporter.ts'

/** The counts of one file or of a whole run. Suppressed findings are not in them. */
export interface Totals {
  readonly errors: number
  readonly warnings: number
  /** Findings with a safe fix. */
  readonly fixable: number
  /** All files, clean ones too. */
  readonly files: number
  readonly filesWithFindings: number
}

/** Counts the findings of files. */
export function countTotals(files: readonly ReportedFile[]): Totals {
  let errors = 0
  let warnings = 0
  let fixable = 0
  let filesWithFindings = 0
  for (const { findings } of files) {
    if (findings.length > 0) filesWithFindings++
    for (const finding of findings) {
      if (finding.severity === 2) errors++
      else warnings++
      if (finding.fix) fixable++
    }
  }
  return { errors, warnings, fixable, files: files.length, filesWithFindings }
}

/** A sentence of counts without a full stop: `12 problems (5 errors, 7 warnings) in 4 files; 3 fixable with --fix`. */
export function describeTotals(totals: Totals): string {
  const problems = totals.errors + totals.warnings
  if (problems === 0) return `No problems in ${plural(totals.files, 'file')}`
  const counts = `${plural(problems, 'problem')} (${plural(totals.errors, 'error')}, ${plural(totals.warnings, 'warning')})`
  const fixable = totals.fixable > 0 ? `; ${totals.fixable} fixable with --fix` : ''
  return `${counts} in ${plural(totals.filesWithFindings, 'file')}${fixable}`
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The word for a severity: `warning` or `error`. */
export function severityWord(severity: Severity): 'error' | 'warning' {
  return severity === 2 ? 'error' : 'warning'
}

/** Whether the finding says that a rule or krait itself broke, so that the run is not complete. */
export function isInternalError(finding: Finding): boolean {
  return finding.ruleId === 'krait/internal-error'
}
