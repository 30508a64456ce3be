import { fingerprintsOf } from './fingerprints.ts'
import type { ReportedFile, Reporter } from './reporter.ts'

/** `gitlab`: a Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
export function createGitlabReporter(): Reporter {
  return ({ files }) => `${JSON.stringify(files.flatMap(fileIssues), null, 2)}\n`
}

function fileIssues(file: ReportedFile): object[] {
  const fingerprints = fingerprintsOf(file)
  return file.findings.map((finding) => ({
    description: finding.message,
    check_name: finding.ruleId,
    fingerprint: fingerprints.get(finding),
    severity: finding.severity === 2 ? 'major' : 'minor',
    location: { path: file.displayPath, lines: { begin: finding.line } },
  }))
}
