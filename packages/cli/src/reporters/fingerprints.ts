import { createHash } from 'node:crypto'
import { LineTable } from '@krait/core'
import type { Finding } from '@krait/core'
import type { ReportedFile } from './reporter.ts'

/**
 * Fingerprints of all findings of a file, suppressed ones too: 32 hexadecimal digits each. They are made of the rule, the shown path and
 * the first reported line without its spacing, so they survive edits elsewhere in the file. Equal ones are told apart by their order;
 * suppressed findings count in it, so that suppressing one leaves the others' fingerprints as they were.
 */
export function fingerprintsOf(file: ReportedFile): ReadonlyMap<Finding, string> {
  const fingerprints = new Map<Finding, string>()
  const findings = [...file.findings, ...file.suppressed].sort(comparePositions)
  if (findings.length === 0) return fingerprints
  const lines = new LineTable(file.source ?? '')
  const seen = new Map<string, number>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.ruleId, file.displayPath, snippet(lines, finding.line)])
    const ordinal = seen.get(key) ?? 0
    seen.set(key, ordinal + 1)
    fingerprints.set(finding, createHash('sha256').update(`${key}${ordinal}`).digest('hex').slice(0, 32))
  }
  return fingerprints
}

function comparePositions(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column
}

function snippet(lines: LineTable, line: number): string {
  return line <= lines.lineCount ? lines.lineText(line).replace(/\s+/g, ' ').trim() : ''
}
