import type { Finding } from '@krait/core'
import { escapeControls } from './escape-controls.ts'
import type { Reporter } from './reporter.ts'
import { severityWord } from './totals.ts'

/**
 * `github`: one workflow command per finding, which GitHub Actions shows as an annotation
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function createGithubReporter(): Reporter {
  return ({ files }) => files.flatMap(({ displayPath, findings }) => findings.map((finding) => command(displayPath, finding))).join('')
}

function command(displayPath: string, finding: Finding): string {
  const properties = [
    `file=${escapeProperty(displayPath)}`,
    `line=${finding.line}`,
    ...columns(finding),
    `title=${escapeProperty(finding.ruleId)}`,
  ]
  return `::${severityWord(finding.severity)} ${properties.join(',')}::${escapeData(finding.message)}\n`
}

/** GitHub takes columns only for a place within one line. */
function columns({ line, endLine, column, endColumn }: Finding): string[] {
  if (line !== endLine) return [`endLine=${endLine}`]
  return [`col=${column}`, `endLine=${endLine}`, `endColumn=${endColumn}`]
}

/** The rules of `escapeProperty` in https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function escapeData(text: string): string {
  return text
    .split(/(\r|\n)/)
    .map((part) => lineBreaks[part] ?? escapeControls(part).replaceAll('%', '%25'))
    .join('')
}

const lineBreaks: Readonly<Record<string, string>> = { '\r': '%0D', '\n': '%0A' }
