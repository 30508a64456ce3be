import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { cleanFile, finding, oddFile, ordersFile, reportedFile, reportOf, sampleReport, suppressedFinding } from './sample-report.ts'
import { sarifErrors } from './validate-sarif.ts'

const report = await createReporter('sarif')

describe('sarif', () => {
  it('writes a run with rules and results', () => {
    const fingerprint = expect.stringMatching(/^[0-9a-f]{32}$/) as string
    const orders = { uri: 'backend/orders.py', uriBaseId: 'SRCROOT' }
    expect(JSON.parse(report(reportOf(ordersFile)))).toStrictEqual({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'krait',
              version: '1.2.3',
              rules: [
                {
                  id: 'datetime/no-utcnow',
                  shortDescription: { text: 'Disallow times without a zone' },
                  defaultConfiguration: { level: 'error' },
                },
                {
                  id: 'error-handling/no-silent-except',
                  shortDescription: { text: 'Disallow except clauses that hide the error' },
                  defaultConfiguration: { level: 'error' },
                },
                { id: 'pack/rule', shortDescription: { text: 'Disallow something' }, defaultConfiguration: { level: 'warning' } },
              ],
            },
          },
          invocations: [{ executionSuccessful: true }],
          originalUriBaseIds: { SRCROOT: { description: { text: 'The folder in which krait was started.' } } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'error-handling/no-silent-except',
              ruleIndex: 1,
              level: 'error',
              message: { text: "'ValueError' is caught and dropped: log it with its context, or re-raise it." },
              locations: [
                { physicalLocation: { artifactLocation: orders, region: { startLine: 4, startColumn: 5, endLine: 5, endColumn: 13 } } },
              ],
              relatedLocations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'backend/db/store.py', uriBaseId: 'SRCROOT' },
                    region: { startLine: 3, startColumn: 9 },
                  },
                  message: { text: "'write' raises it" },
                },
              ],
              partialFingerprints: { 'krait/v1': fingerprint },
            },
            {
              ruleId: 'datetime/no-utcnow',
              ruleIndex: 0,
              level: 'warning',
              message: { text: "'datetime.utcnow()' has no time zone." },
              locations: [
                { physicalLocation: { artifactLocation: orders, region: { startLine: 6, startColumn: 12, endLine: 6, endColumn: 29 } } },
              ],
              partialFingerprints: { 'krait/v1': fingerprint },
              fixes: [
                {
                  artifactChanges: [
                    {
                      artifactLocation: orders,
                      replacements: [
                        {
                          deletedRegion: { startLine: 6, startColumn: 12, endLine: 6, endColumn: 29 },
                          insertedContent: { text: 'datetime.now(UTC)' },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
            {
              ruleId: 'pack/rule',
              ruleIndex: 2,
              level: 'warning',
              message: { text: 'Something is wrong.' },
              locations: [
                { physicalLocation: { artifactLocation: orders, region: { startLine: 1, startColumn: 5, endLine: 1, endColumn: 9 } } },
              ],
              partialFingerprints: { 'krait/v1': fingerprint },
              suppressions: [{ kind: 'inSource', justification: 'the name is public' }],
            },
            {
              ruleId: 'pack/rule',
              ruleIndex: 2,
              level: 'error',
              message: { text: 'Something is wrong.' },
              locations: [
                { physicalLocation: { artifactLocation: orders, region: { startLine: 3, startColumn: 9, endLine: 3, endColumn: 14 } } },
              ],
              partialFingerprints: { 'krait/v1': fingerprint },
              suppressions: [{ kind: 'external' }],
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['all kinds of files', sampleReport],
    ['no file', reportOf()],
    ['a clean file', reportOf(cleanFile)],
    ['suppressed findings only', reportOf(reportedFile('a.py', { source: 'x', suppressed: [suppressedFinding()] }))],
  ])('is valid against the schema with %s', (_what, sample) => {
    expect(sarifErrors(report(sample))).toEqual([])
  })

  it('has a schema check that finds faults', () => {
    expect(sarifErrors(report(sampleReport).replace('"startLine": 4', '"startLine": 0'))).not.toEqual([])
    expect(sarifErrors(report(sampleReport).replace('"ruleIndex"', '"ruleNumber"'))).not.toEqual([])
    expect(sarifErrors(report(sampleReport).replace('backend/orders.py', 'backend/or ders.py'))).not.toEqual([])
  })

  it('encodes odd file names and lists rules it knows nothing of', () => {
    const text = report(reportOf(oddFile))
    expect(text).toContain('"uri": "backend/na%C3%AFve%20%22a%22%20%26%20%3Cb%3E%2C%20100%25%3A%0A.py"')
    expect(text).toMatch(/\{\s+"id": "krait\/syntax-error"\s+\}/)
  })

  it('calls the execution unsuccessful when a rule broke', () => {
    const broken = reportOf(reportedFile('a.py', { findings: [finding({ ruleId: 'krait/internal-error' })] }))
    expect(report(broken)).toContain('"executionSuccessful": false')
  })

  it('writes no code', () => {
    expect(report(reportOf(ordersFile))).not.toContain('def save')
  })

  it('leaves fixes out when the text is not known', () => {
    const file = reportedFile('a.py', { source: undefined, findings: [finding({ fix: { range: [0, 1], text: 'y' } })] })
    expect(report(reportOf(file))).not.toContain('"fixes"')
  })
})
