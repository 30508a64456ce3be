import type { Finding, RuleMeta, SuppressedFinding } from '@krait/core'
import type { Report, ReportedFile } from '../../src/reporters/reporter.ts'

/** A finding on the first character of a file, with parts replaced. */
export function finding(parts: Partial<Finding> = {}): Finding {
  const base = { ruleId: 'pack/rule', severity: 2, message: 'Something is wrong.', line: 1, column: 1, endLine: 1, endColumn: 2, range: [0, 1] } as const
  return { ...base, ...parts }
}

export function suppressedFinding(parts: Partial<SuppressedFinding> = {}): SuppressedFinding {
  return { ...finding(parts), suppressions: parts.suppressions ?? [{ kind: 'directive', justification: 'known' }] }
}

/** A file of the project at `/project`. */
export function reportedFile(displayPath: string, parts: Partial<ReportedFile> = {}): ReportedFile {
  const base = { filePath: `/project/${displayPath}`, displayPath, projectRoot: '/project', source: '', findings: [], suppressed: [] }
  return { ...base, ...parts }
}

export function reportOf(...files: ReportedFile[]): Report {
  return { root: '/project', files, rules, toolVersion: '1.2.3' }
}

/** Two real-looking findings and two suppressed ones. Its project lies below the report's root. */
export const ordersFile = reportedFile('backend/orders.py', {
  projectRoot: '/project/backend',
  source: [
    'def save(order):',
    '    try:',
    '        write(order)',
    '    except ValueError:',
    '        pass',
    '    return datetime.utcnow()',
    '',
  ].join('\n'),
  findings: [
    finding({
      ruleId: 'error-handling/no-silent-except',
      messageId: 'silent',
      message: "'ValueError' is caught and dropped: log it with its context, or re-raise it.",
      line: 4,
      column: 5,
      endLine: 5,
      endColumn: 13,
      range: [51, 82],
      suggestions: [{ messageId: 'reraise', desc: 'Re-raise the exception', fix: { range: [78, 82], text: 'raise' } }],
      related: [{ path: 'db/store.py', line: 3, column: 9, message: "'write' raises it" }],
    }),
    finding({
      ruleId: 'datetime/no-utcnow',
      severity: 1,
      messageId: 'naive',
      message: "'datetime.utcnow()' has no time zone.",
      line: 6,
      column: 12,
      endLine: 6,
      endColumn: 29,
      range: [94, 111],
      fix: { range: [94, 111], text: 'datetime.now(UTC)' },
    }),
  ],
  suppressed: [
    suppressedFinding({
      ruleId: 'pack/rule',
      severity: 1,
      line: 1,
      column: 5,
      endColumn: 9,
      range: [4, 8],
      suppressions: [{ kind: 'directive', justification: 'the name is public' }],
    }),
    suppressedFinding({ ruleId: 'pack/rule', line: 3, column: 9, endLine: 3, endColumn: 14, suppressions: [{ kind: 'baseline', justification: '' }] }),
  ],
})

/** A name and a message with all that formats must escape. */
export const oddFile = reportedFile('backend/naïve "a" & <b>, 100%:\n.py', {
  source: 'a|`b` = ]]>\n',
  findings: [
    finding({
      ruleId: 'krait/syntax-error',
      message: '`a|b` <i> "q" \'r\' ]]> 100%, @router.get #12:\nsecond line \u001b[31m*_',
      line: 1,
      column: 9,
      endLine: 1,
      endColumn: 12,
      range: [8, 11],
    }),
  ],
})

export const cleanFile = reportedFile('backend/clean.py', { source: 'x = 1\n' })

export const unreadableFile = reportedFile('backend/photo.py', {
  source: undefined,
  findings: [finding({ ruleId: 'krait/unreadable-file', severity: 1, message: 'The file is not UTF-8.' })],
})

const rules = new Map<string, RuleMeta<string>>([
  ['pack/rule', ruleMeta('Disallow something', 'warn')],
  ['error-handling/no-silent-except', ruleMeta('Disallow except clauses that hide the error', 'error')],
  ['datetime/no-utcnow', ruleMeta('Disallow times without a zone', 'error')],
])

/** All of the files above, not in order. */
export const sampleReport = reportOf(unreadableFile, ordersFile, oddFile, cleanFile)

function ruleMeta(description: string, severity: 'error' | 'warn'): RuleMeta<string> {
  return { type: 'problem', docs: { description, preset: 'recommended', severity, since: '0.1.0' }, messages: {}, schema: [] }
}
