import type { Finding } from '@krait/core'
import { escapeControls } from './escape-controls.ts'
import { relatedDisplayPath } from './related-path.ts'
import type { Report, ReportedFile, Reporter } from './reporter.ts'
import { countTotals, describeTotals, severityWord } from './totals.ts'

/** `agent`: for AI assistants. One line per finding under its file's path, without code, which the reader has at hand. */
export function createAgentReporter(): Reporter {
  return (report) => {
    const lines = report.files.flatMap((file) => fileLines(report, file))
    return [...lines, describeTotals(countTotals(report.files)), ''].join('\n')
  }
}

function fileLines(report: Report, file: ReportedFile): string[] {
  if (file.findings.length === 0) return []
  return [escapeControls(file.displayPath), ...file.findings.flatMap((finding) => findingLines(report, file, finding))]
}

function findingLines(report: Report, file: ReportedFile, finding: Finding): string[] {
  const { line, column, ruleId, severity, message, related = [], suggestions = [] } = finding
  return [
    `${line}:${column} ${ruleId} ${severityWord(severity)} ${message}`,
    ...related.map((place) => `  see ${relatedDisplayPath(report, file, place)}:${place.line}:${place.column} ${place.message}`),
    ...suggestions.map(({ desc }) => `  suggestion: ${desc}`),
  ].map(escapeControls)
}
