import type { Finding } from '@krait/core'
import { escapeControls } from './escape-controls.ts'
import { relatedDisplayPath } from './related-path.ts'
import type { Report, ReportedFile, Reporter } from './reporter.ts'
import { countTotals, describeTotals, severityWord } from './totals.ts'

/** `markdown`: the counts, then a table per file, fit for a comment on a pull request (GitHub Flavored Markdown). */
export function createMarkdownReporter(): Reporter {
  return (report) => {
    const counts = `**krait**: ${describeTotals(countTotals(report.files)).replace('--fix', '`--fix`')}`
    return [counts, ...report.files.filter(({ findings }) => findings.length > 0).map((file) => section(report, file)), ''].join('\n')
  }
}

function section(report: Report, file: ReportedFile): string {
  const rows = file.findings.map((finding) => row(report, file, finding))
  return ['', `#### ${code(file.displayPath)}`, '', '| Place | Severity | Rule | Message |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function row(report: Report, file: ReportedFile, finding: Finding): string {
  const { related = [], suggestions = [] } = finding
  const message = [
    escapeMarkdown(finding.message),
    ...related.map((place) => `See ${code(`${relatedDisplayPath(report, file, place)}:${place.line}`)}: ${escapeMarkdown(place.message)}`),
    ...suggestions.map(({ desc }) => `Suggestion: ${escapeMarkdown(desc)}`),
  ].join('<br>')
  return `| ${finding.line}:${finding.column} | ${severityWord(finding.severity)} | ${code(finding.ruleId)} | ${message} |`
}

/** Code where that is safe: a pipe would end the table's cell, a backtick the code. */
function code(text: string): string {
  const visible = escapeControls(text)
  return /[`|]/.test(visible) || visible.trim() === '' ? escapeMarkdown(visible) : `\`${visible}\``
}

function escapeMarkdown(text: string): string {
  return (
    escapeControls(text)
      .replace(/[&<>|]/g, (character) => entities[character]!)
      .replace(/[\\`*_{}[\]~!$]/g, '\\$&')
      // An empty comment keeps decorators from notifying people and numbers from linking to issues.
      .replace(/@(?=\w)|(?<!&)#(?=\d)/g, '$&<!-- -->')
  )
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' }
