import type { Finding, Severity, SuppressedFinding, TextEdit } from '@krait/core'
import { absoluteRelatedPath } from './related-path.ts'
import type { ReportedFile, Reporter } from './reporter.ts'

/** `json`: an array in the shape of ESLint's results, on one line. */
export function createJsonReporter(): Reporter {
  return ({ files }) => `${JSON.stringify(files.map(fileResult))}\n`
}

/** ESLint calls an error fatal when the file could not be parsed; krait adds the case that a rule broke on it. */
const fatalRules: ReadonlySet<string> = new Set(['krait/syntax-error', 'krait/internal-error'])

function fileResult(file: ReportedFile): object {
  const { findings } = file
  const count = (severity: Severity, also: (finding: Finding) => boolean = () => true): number =>
    findings.reduce((sum, finding) => (finding.severity === severity && also(finding) ? sum + 1 : sum), 0)
  const isFixable = (finding: Finding): boolean => finding.fix !== undefined
  return {
    filePath: file.filePath,
    messages: findings.map((finding) => message(file, finding)),
    suppressedMessages: file.suppressed.map((finding) => suppressedMessage(file, finding)),
    errorCount: count(2),
    fatalErrorCount: count(2, ({ ruleId }) => fatalRules.has(ruleId)),
    warningCount: count(1),
    fixableErrorCount: count(2, isFixable),
    fixableWarningCount: count(1, isFixable),
  }
}

function suppressedMessage(file: ReportedFile, finding: SuppressedFinding): object {
  const suppressions = finding.suppressions.map(({ kind, justification }) => ({ kind, justification }))
  return { ...message(file, finding), suppressions }
}

function message(file: ReportedFile, finding: Finding): object {
  return {
    ruleId: finding.ruleId,
    severity: finding.severity,
    message: finding.message,
    messageId: finding.messageId,
    line: finding.line,
    column: finding.column,
    endLine: finding.endLine,
    endColumn: finding.endColumn,
    fix: finding.fix && edit(finding.fix),
    suggestions: finding.suggestions?.map(({ messageId, desc, fix }) => ({ messageId, desc, fix: edit(fix) })),
    related: finding.related?.map((place) => ({
      filePath: absoluteRelatedPath(file, place),
      line: place.line,
      column: place.column,
      message: place.message,
    })),
  }
}

function edit({ range, text }: TextEdit): TextEdit {
  return { range, text }
}
