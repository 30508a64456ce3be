import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { cleanFile, finding, oddFile, ordersFile, reportedFile, reportOf, suppressedFinding } from './sample-report.ts'

const report = await createReporter('json')

describe('json', () => {
  it('has the shape of ESLint results', () => {
    expect(JSON.parse(report(reportOf(ordersFile, cleanFile)))).toStrictEqual([
      {
        filePath: '/project/backend/clean.py',
        messages: [],
        suppressedMessages: [],
        errorCount: 0,
        fatalErrorCount: 0,
        warningCount: 0,
        fixableErrorCount: 0,
        fixableWarningCount: 0,
      },
      {
        filePath: '/project/backend/orders.py',
        messages: [
          {
            ruleId: 'error-handling/no-silent-except',
            severity: 2,
            message: "'ValueError' is caught and dropped: log it with its context, or re-raise it.",
            messageId: 'silent',
            line: 4,
            column: 5,
            endLine: 5,
            endColumn: 13,
            suggestions: [{ messageId: 'reraise', desc: 'Re-raise the exception', fix: { range: [78, 82], text: 'raise' } }],
            related: [{ filePath: '/project/backend/db/store.py', line: 3, column: 9, message: "'write' raises it" }],
          },
          {
            ruleId: 'datetime/no-utcnow',
            severity: 1,
            message: "'datetime.utcnow()' has no time zone.",
            messageId: 'naive',
            line: 6,
            column: 12,
            endLine: 6,
            endColumn: 29,
            fix: { range: [94, 111], text: 'datetime.now(UTC)' },
          },
        ],
        suppressedMessages: [
          {
            ruleId: 'pack/rule',
            severity: 1,
            message: 'Something is wrong.',
            line: 1,
            column: 5,
            endLine: 1,
            endColumn: 9,
            suppressions: [{ kind: 'directive', justification: 'the name is public' }],
          },
          {
            ruleId: 'pack/rule',
            severity: 2,
            message: 'Something is wrong.',
            line: 3,
            column: 9,
            endLine: 3,
            endColumn: 14,
            suppressions: [{ kind: 'baseline', justification: '' }],
          },
        ],
        errorCount: 1,
        fatalErrorCount: 0,
        warningCount: 1,
        fixableErrorCount: 0,
        fixableWarningCount: 1,
      },
    ])
  })

  it('counts errors, fatal ones and fixable ones of what is not suppressed', () => {
    const fix = { range: [0, 1], text: 'y' } as const
    const file = reportedFile('a.py', {
      findings: [
        finding({ ruleId: 'krait/syntax-error' }),
        finding({ ruleId: 'krait/internal-error' }),
        finding({ ruleId: 'krait/internal-error', severity: 1 }),
        finding({ fix }),
        finding({ severity: 1, fix }),
        finding({ severity: 1, fix }),
      ],
      suppressed: [suppressedFinding({ fix }), suppressedFinding({ severity: 1 })],
    })
    expect(JSON.parse(report(reportOf(file)))).toMatchObject([
      { errorCount: 3, fatalErrorCount: 2, warningCount: 3, fixableErrorCount: 1, fixableWarningCount: 2 },
    ])
  })

  it('keeps odd names and messages as they are', () => {
    expect(JSON.parse(report(reportOf(oddFile)))).toMatchObject([
      { filePath: oddFile.filePath, messages: [{ message: oddFile.findings[0]!.message }] },
    ])
  })

  it('is an empty array for no files', () => {
    expect(report(reportOf())).toBe('[]\n')
  })
})
