import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { finding, ordersFile, reportedFile, reportOf, sampleReport } from './sample-report.ts'

const report = await createReporter('gitlab')
const schema = JSON.parse(readFileSync(new URL('schemas/gitlab-code-quality.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv({ allErrors: true }).compile(schema)

describe('gitlab', () => {
  it('writes the properties that GitLab documents', () => {
    const fingerprint = expect.stringMatching(/^[0-9a-f]{32}$/) as string
    const issues: unknown = JSON.parse(report(sampleReport))
    expect(issues).toStrictEqual([
      {
        description: '`a|b` <i> "q" \'r\' ]]> 100%, @router.get #12:\nsecond line \u001b[31m*_',
        check_name: 'krait/syntax-error',
        fingerprint,
        severity: 'major',
        location: { path: 'backend/naïve "a" & <b>, 100%:\n.py', lines: { begin: 1 } },
      },
      {
        description: "'ValueError' is caught and dropped: log it with its context, or re-raise it.",
        check_name: 'error-handling/no-silent-except',
        fingerprint,
        severity: 'major',
        location: { path: 'backend/orders.py', lines: { begin: 4 } },
      },
      {
        description: "'datetime.utcnow()' has no time zone.",
        check_name: 'datetime/no-utcnow',
        fingerprint,
        severity: 'minor',
        location: { path: 'backend/orders.py', lines: { begin: 6 } },
      },
      {
        description: 'The file is not UTF-8.',
        check_name: 'krait/unreadable-file',
        fingerprint,
        severity: 'minor',
        location: { path: 'backend/photo.py', lines: { begin: 1 } },
      },
    ])
    validate(issues)
    expect(validate.errors).toBeNull()
  })

  it('gives every issue its own fingerprint', () => {
    const findings = [finding(), finding(), finding({ ruleId: 'pack/other' }), finding({ line: 2, endLine: 2 })]
    const files = ['a.py', 'b.py'].map((name) => reportedFile(name, { source: 'x\nx\n', findings }))
    const fingerprints = fingerprintsIn(report(reportOf(...files)))
    expect(fingerprints).toHaveLength(8)
    expect(new Set(fingerprints).size).toBe(8)
  })

  it('keeps fingerprints when lines move, spacing changes or a neighbour is suppressed', () => {
    const moved = ordersFile.findings.map((original) => ({ ...original, line: original.line + 2, endLine: original.endLine + 2 }))
    const source = `import os\n\n${ordersFile.source!.replace('    except ValueError:', '\texcept  ValueError:')}`
    const after = { ...ordersFile, source, findings: moved }
    expect(fingerprintsIn(report(reportOf(after)))).toEqual(fingerprintsIn(report(reportOf(ordersFile))))

    const twins = [finding(), finding({ column: 3, endColumn: 4 })] as const
    const both = reportedFile('a.py', { source: 'x x\n', findings: twins })
    const one = { ...both, findings: [twins[1]], suppressed: [{ ...twins[0], suppressions: [] }] }
    expect(fingerprintsIn(report(reportOf(one)))).toEqual(fingerprintsIn(report(reportOf(both))).slice(1))
  })

  it('changes a fingerprint when the reported line changes', () => {
    const changed = { ...ordersFile, source: ordersFile.source!.replace('ValueError', 'KeyError') }
    const [before, unchangedBefore] = fingerprintsIn(report(reportOf(ordersFile)))
    const [after, unchangedAfter] = fingerprintsIn(report(reportOf(changed)))
    expect(after).not.toBe(before)
    expect(unchangedAfter).toBe(unchangedBefore)
  })
})

function fingerprintsIn(text: string): string[] {
  return (JSON.parse(text) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint)
}
