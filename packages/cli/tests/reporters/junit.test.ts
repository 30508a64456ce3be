import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { cleanFile, oddFile, ordersFile, reportOf, sampleReport } from './sample-report.ts'
import { readJunit } from './validate-junit.ts'

const report = await createReporter('junit')

describe('junit', () => {
  it('writes a suite per file and a test case per finding', () => {
    expect(report(reportOf(ordersFile, cleanFile))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="krait" tests="3" failures="2" errors="0">
  <testsuite name="backend/clean.py" file="backend/clean.py" tests="1" failures="0" errors="0" time="0">
    <testcase name="no problems" classname="backend/clean.py" time="0"/>
  </testsuite>
  <testsuite name="backend/orders.py" file="backend/orders.py" tests="2" failures="2" errors="0" time="0">
    <testcase name="error-handling/no-silent-except 4:5" classname="backend/orders.py" time="0">
      <failure message="&apos;ValueError&apos; is caught and dropped: log it with its context, or re-raise it." type="error">backend/orders.py:4:5: error: &apos;ValueError&apos; is caught and dropped: log it with its context, or re-raise it. (error-handling/no-silent-except)
suggestion: Re-raise the exception</failure>
    </testcase>
    <testcase name="datetime/no-utcnow 6:12" classname="backend/orders.py" time="0">
      <failure message="&apos;datetime.utcnow()&apos; has no time zone." type="warning">backend/orders.py:6:12: warning: &apos;datetime.utcnow()&apos; has no time zone. (datetime/no-utcnow)</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
  })

  it('is valid, and reads back as what was written but for control characters', () => {
    const message = '`a|b` <i> "q" \'r\' ]]> 100%, @router.get #12:\nsecond line \\x1b[31m*_'
    expect(readJunit(report(reportOf(oddFile)))).toEqual([
      {
        suite: oddFile.displayPath,
        name: 'krait/syntax-error 1:9',
        message,
        details: `${oddFile.displayPath}:1:9: error: ${message} (krait/syntax-error)`,
      },
    ])
    expect(readJunit(report(sampleReport))).toHaveLength(5)
  })

  it('is valid for an empty run', () => {
    const text = report(reportOf())
    expect(text).toContain('<testsuites name="krait" tests="0" failures="0" errors="0">')
    expect(readJunit(text)).toEqual([])
  })

  it('has a check that finds faults', () => {
    const text = report(sampleReport)
    expect(() => readJunit(text.replace(' classname=', ' class='))).toThrow()
    expect(() => readJunit(text.replace('&lt;i&gt;', '<i>'))).toThrow()
    expect(() => readJunit(text.replaceAll('\\x1b', '\u001b'))).toThrow()
  })
})
