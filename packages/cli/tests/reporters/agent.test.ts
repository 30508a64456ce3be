import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { sampleReport } from './sample-report.ts'

const report = await createReporter('agent')

describe('agent', () => {
  it('writes a line per finding below its file', () => {
    expect(report(sampleReport)).toBe(
      [
        'backend/naïve "a" & <b>, 100%:\\n.py',
        '1:9 krait/syntax-error error `a|b` <i> "q" \'r\' ]]> 100%, @router.get #12:\\nsecond line \\x1b[31m*_',
        'backend/orders.py',
        "4:5 error-handling/no-silent-except error 'ValueError' is caught and dropped: log it with its context, or re-raise it.",
        "  see backend/db/store.py:3:9 'write' raises it",
        '  suggestion: Re-raise the exception',
        "6:12 datetime/no-utcnow warning 'datetime.utcnow()' has no time zone.",
        'backend/photo.py',
        '1:1 krait/unreadable-file warning The file is not UTF-8.',
        '4 problems (2 errors, 2 warnings) in 3 files; 1 fixable with --fix',
        '',
      ].join('\n'),
    )
  })
})
