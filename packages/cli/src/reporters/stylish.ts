import { styleText } from 'node:util'
import { LineTable } from '@krait/core'
import type { Finding, Severity } from '@krait/core'
import { codeFrame } from './code-frame.ts'
import { escapeControls } from './escape-controls.ts'
import { relatedDisplayPath } from './related-path.ts'
import type { Report, ReportedFile, Reporter, ReporterOptions } from './reporter.ts'
import { countTotals, describeTotals, plural, severityWord } from './totals.ts'

/** `stylish`: for people at a terminal. A block per file; each finding with its place, rule, message, code and remedies. */
export function createStylishReporter({ color = false, width = 100 }: ReporterOptions = {}): Reporter {
  const paint = color ? paintColors : paintNothing
  return (report) => {
    const blocks = report.files.filter(({ findings }) => findings.length > 0).map((file) => fileBlock(report, file, { paint, width }))
    return [...blocks, `${totalsLine(report, paint)}\n`].join('\n')
  }
}

type Format = Parameters<typeof styleText>[0]
type Paint = (format: Format, text: string) => string

interface Style {
  readonly paint: Paint
  readonly width: number
}

function paintColors(format: Format, text: string): string {
  // The caller has decided whether there are colors; the state of standard output must not overrule it.
  return styleText(format, text, { validateStream: false })
}

function paintNothing(_format: Format, text: string): string {
  return text
}

function totalsLine(report: Report, paint: Paint): string {
  const totals = countTotals(report.files)
  const format = totals.errors > 0 ? 'red' : totals.warnings > 0 ? 'yellow' : 'green'
  return paint([format, 'bold'], describeTotals(totals))
}

function fileBlock(report: Report, file: ReportedFile, style: Style): string {
  const { errors, warnings } = countTotals([file])
  const counts = [errors > 0 ? [plural(errors, 'error')] : [], warnings > 0 ? [plural(warnings, 'warning')] : []].flat().join(', ')
  const head = `${style.paint(['bold', 'underline'], escapeControls(file.displayPath))}  ${style.paint('dim', counts)}`
  const lines = file.source === undefined ? undefined : new LineTable(file.source)
  const findings = file.findings.map((finding) => findingBlock(report, file, finding, lines, style))
  return [head, ...findings].join('\n\n') + '\n'
}

function findingBlock(report: Report, file: ReportedFile, finding: Finding, lines: LineTable | undefined, { paint, width }: Style): string {
  const { severity, ruleId, message, related = [], suggestions = [] } = finding
  const color = severityColors[severity]
  const head = [
    placeText(file.displayPath, finding),
    paint([color, 'bold'], severityWord(severity)),
    paint('dim', escapeControls(ruleId)),
    ...(finding.fix ? [paint('green', '(fixable)')] : []),
  ]
  const frame = lines
    ? codeFrame(lines, finding, {
        codeWidth: Math.max(minCodeWidth, width - frameIndent - gutterWidth(finding.line)),
        dim: (text) => paint('dim', text),
        mark: (text) => paint([color, 'bold'], text),
      })
    : []
  const rows = [
    head.join('  '),
    ...message.split(/\r\n|\r|\n/).map((line) => paint('bold', escapeControls(line))),
    ...frame.map((row) => `  ${row}`),
    ...related.map((place) => {
      const where = placeText(relatedDisplayPath(report, file, place), place)
      return `  ${paint('cyan', 'related:')} ${where}  ${escapeControls(place.message)}`
    }),
    ...suggestions.map(({ desc }) => `  ${paint('green', 'suggestion:')} ${escapeControls(desc)}`),
  ]
  return rows.map((row) => `  ${row}`).join('\n')
}

const severityColors: Readonly<Record<Severity, 'yellow' | 'red'>> = { 1: 'yellow', 2: 'red' }
const minCodeWidth = 40
const frameIndent = 4

/** The columns of `> 12 | `, and of an ellipsis on both sides. */
function gutterWidth(line: number): number {
  return String(line + 1).length + 7
}

function placeText(displayPath: string, { line, column }: { readonly line: number, readonly column: number }): string {
  return `${escapeControls(displayPath)}:${line}:${column}`
}
