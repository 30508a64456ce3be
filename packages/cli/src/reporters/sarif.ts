import { LineTable } from '@krait/core'
import type { Finding, RuleMeta, Suppression, SuppressedFinding } from '@krait/core'
import { fingerprintsOf } from './fingerprints.ts'
import { relatedDisplayPath } from './related-path.ts'
import type { Report, ReportedFile, Reporter } from './reporter.ts'
import { isInternalError, severityWord } from './totals.ts'

/**
 * `sarif`: a log of version 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html).
 * It holds no code and no path outside the report's root, so that it can be published.
 */
export function createSarifReporter(): Reporter {
  return (report) => {
    const log = {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [run(report)],
    }
    return `${JSON.stringify(log, null, 2)}\n`
  }
}

function run(report: Report): object {
  const ruleIds = sortedRuleIds(report)
  const ruleIndexes = new Map(ruleIds.map((id, index) => [id, index]))
  return {
    tool: {
      driver: {
        name: 'krait',
        version: report.toolVersion,
        rules: ruleIds.map((id) => ruleDescriptor(id, report.rules.get(id))),
      },
    },
    invocations: [{ executionSuccessful: !report.files.some(({ findings }) => findings.some(isInternalError)) }],
    originalUriBaseIds: { [rootId]: { description: { text: 'The folder in which krait was started.' } } },
    columnKind: 'utf16CodeUnits',
    results: report.files.flatMap((file) => fileResults(report, file, ruleIndexes)),
  }
}

const rootId = 'SRCROOT'

/** The known rules and those that findings name, such as krait's own. */
function sortedRuleIds(report: Report): string[] {
  const ids = new Set(report.rules.keys())
  for (const { findings, suppressed } of report.files) {
    for (const { ruleId } of findings) ids.add(ruleId)
    for (const { ruleId } of suppressed) ids.add(ruleId)
  }
  return [...ids].sort()
}

function ruleDescriptor(id: string, meta: RuleMeta<string> | undefined): object {
  if (!meta) return { id }
  return {
    id,
    shortDescription: { text: meta.docs.description },
    defaultConfiguration: { level: meta.docs.severity === 'error' ? 'error' : 'warning' },
  }
}

function fileResults(report: Report, file: ReportedFile, ruleIndexes: ReadonlyMap<string, number>): object[] {
  const fingerprints = fingerprintsOf(file)
  const lines = file.source === undefined ? undefined : new LineTable(file.source)
  const result = (finding: Finding, suppressions?: readonly Suppression[]): object => ({
    ruleId: finding.ruleId,
    ruleIndex: ruleIndexes.get(finding.ruleId),
    level: severityWord(finding.severity),
    message: { text: finding.message },
    locations: [{ physicalLocation: physicalLocation(file.displayPath, finding) }],
    relatedLocations: finding.related?.map((place) => ({
      physicalLocation: physicalLocation(relatedDisplayPath(report, file, place), place),
      message: { text: place.message },
    })),
    partialFingerprints: { 'krait/v1': fingerprints.get(finding) },
    fixes: fixes(file, finding, lines),
    suppressions: suppressions?.map(suppression),
  })
  return [
    ...file.findings.map((finding) => result(finding)),
    ...file.suppressed.map((finding: SuppressedFinding) => result(finding, finding.suppressions)),
  ]
}

interface Place {
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

function physicalLocation(displayPath: string, place: Place): object {
  return { artifactLocation: artifactLocation(displayPath), region: region(place) }
}

function artifactLocation(displayPath: string): object {
  return { uri: relativeUri(displayPath), uriBaseId: rootId }
}

function region({ line, column, endLine, endColumn }: Place): object {
  return { startLine: line, startColumn: column, endLine, endColumn }
}

function fixes(file: ReportedFile, { fix }: Finding, lines: LineTable | undefined): object[] | undefined {
  if (!fix || !lines) return undefined
  const start = lines.position(fix.range[0])
  const end = lines.position(fix.range[1])
  const replacement = {
    deletedRegion: region({ ...start, endLine: end.line, endColumn: end.column }),
    insertedContent: { text: fix.text },
  }
  return [{ artifactChanges: [{ artifactLocation: artifactLocation(file.displayPath), replacements: [replacement] }] }]
}

function suppression({ kind, justification }: Suppression): object {
  return { kind: kind === 'directive' ? 'inSource' : 'external', justification: justification || undefined }
}

function relativeUri(displayPath: string): string {
  // A file name with half a surrogate pair has no UTF-8 form; encodeURIComponent would throw.
  return displayPath.replace(/\p{Surrogate}/gu, '\ufffd').split('/').map(encodeURIComponent).join('/')
}
