import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { sampleReport } from './sample-report.ts'

const report = await createReporter('github')

describe('github', () => {
  it('writes one escaped workflow command per finding', () => {
    expect(report(sampleReport)).toBe(
      [
        '::error file=backend/naïve "a" & <b>%2C 100%25%3A%0A.py,line=1,col=9,endLine=1,endColumn=12,title=krait/syntax-error' +
          '::`a|b` <i> "q" \'r\' ]]> 100%25, @router.get #12:%0Asecond line \\x1b[31m*_',
        // Without columns: GitHub refuses them for a place on several lines.
        '::error file=backend/orders.py,line=4,endLine=5,title=error-handling/no-silent-except' +
          "::'ValueError' is caught and dropped: log it with its context, or re-raise it.",
        "::warning file=backend/orders.py,line=6,col=12,endLine=6,endColumn=29,title=datetime/no-utcnow::'datetime.utcnow()' has no time zone.",
        '::warning file=backend/photo.py,line=1,col=1,endLine=1,endColumn=2,title=krait/unreadable-file::The file is not UTF-8.',
        '',
      ].join('\n'),
    )
  })
})
