import type { Finding, SourceCode } from '@krait/core'
import type { ExpectedFinding, InvalidCase } from './test-case.ts'

type ShownFinding = Pick<Finding, 'line' | 'column' | 'message'> & Partial<Finding>

/** Longer code is shown only around its findings. */
const LINES_SHOWN_WHOLE = 40
const LINES_AROUND = 2

/** The code with its findings under the lines where they start, then the findings as a list. */
export function showFindings(source: SourceCode, findings: readonly ShownFinding[]): string {
  const { lines } = source
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length
  const width = String(count).length
  const shown: string[] = []
  let skipped = false
  for (let line = 1; line <= count; line++) {
    if (count > LINES_SHOWN_WHOLE && !findings.some((finding) => Math.abs(finding.line - line) <= LINES_AROUND)) {
      if (!skipped) shown.push('  ...')
      skipped = true
      continue
    }
    skipped = false
    const text = lines[line - 1]!
    shown.push(`  ${String(line).padStart(width)} | ${text}`.trimEnd())
    for (const finding of findings.filter((one) => one.line === line)) {
      shown.push(`  ${' '.repeat(width)} | ${underline(finding, text)} ${finding.messageId ?? finding.ruleId ?? ''}`.trimEnd())
    }
  }
  const list = findings.map((finding, index) => `  ${index + 1}. ${describeFinding(finding)}`)
  return [...shown, ...(list.length > 0 ? ['Found:', ...list] : ['Found: nothing'])].join('\n')
}

export function describeExpected(errors: Exclude<InvalidCase['errors'], number>): string {
  return errors.map((expected, index) => `  ${index + 1}. ${describeOne(typeof expected === 'string' ? { messageId: expected } : expected)}`).join('\n')
}

function describeFinding({ line, column, endLine, endColumn, messageId, ruleId, message, suggestions }: ShownFinding): string {
  const end = endLine === undefined ? '' : `-${endLine}:${endColumn}`
  const more = suggestions ? ` (${suggestions.length === 1 ? '1 suggestion' : `${suggestions.length} suggestions`})` : ''
  return `${line}:${column}${end} ${messageId ?? ruleId ?? ''}: ${message}${more}`
}

function describeOne({ line, column, endLine, endColumn, messageId, data, message }: ExpectedFinding): string {
  const start = line === undefined && column === undefined ? [] : [`${line ?? '?'}:${column ?? '?'}`]
  const end = endLine === undefined && endColumn === undefined ? [] : [`to ${endLine ?? '?'}:${endColumn ?? '?'}`]
  const parts = [...start, ...end, ...(messageId === undefined ? [] : [messageId]), ...(data === undefined ? [] : [JSON.stringify(data)])]
  return [...parts, ...(message === undefined ? [] : [String(message)])].join(' ') || 'any finding'
}

/** Tabs stay tabs, so that the marks stand under the code in any terminal. */
function underline({ line, column, endLine, endColumn }: ShownFinding, text: string): string {
  const before = text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ')
  const end = endLine === line && endColumn !== undefined ? endColumn : endLine === undefined ? column + 1 : text.length + 1
  return before + '^'.repeat(Math.max(1, end - column))
}
