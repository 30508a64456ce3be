import type { FileResult } from '@krait/core'

/** The result of a file that could not be linted because krait failed. */
export function internalErrorResult(path: string, messageId: string, message: string): FileResult {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1, range: [0, 0] as const }
  return { path, findings: [{ ruleId: 'krait/internal-error', severity: 2, message, messageId, ...place }], suppressed: [] }
}
