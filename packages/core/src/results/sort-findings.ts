import { compareCodeUnits } from '../project/file-list.ts'
import type { Finding } from './finding.ts'

/** Sorts by position, then rule id, then message: an order that no run can change. Equal findings (same place, rule and message) become one. */
export function sortFindings<T extends Finding>(findings: readonly T[]): T[] {
  return [...findings].sort(compareFindings).filter((finding, i, all) => i === 0 || compareFindings(all[i - 1]!, finding) !== 0)
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    a.range[0] - b.range[0] ||
    a.range[1] - b.range[1] ||
    compareCodeUnits(a.ruleId, b.ruleId) ||
    compareCodeUnits(a.message, b.message)
  )
}
