import type { FileResult } from './finding.ts'

/**
 * The result for a file that can not be linted.
 * @param reason a clause that ends the sentence "This file was not linted: ..."
 */
export function unreadableFile(path: string, reason: string): FileResult {
  return {
    path,
    findings: [
      {
        ruleId: 'krait/unreadable-file',
        severity: 1,
        message: `This file was not linted: ${reason}.`,
        messageId: 'unreadable',
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        range: [0, 0],
      },
    ],
    suppressed: [],
  }
}
