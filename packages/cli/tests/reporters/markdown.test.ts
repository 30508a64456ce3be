import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { finding, reportedFile, reportOf, sampleReport } from './sample-report.ts'

const report = await createReporter('markdown')

describe('markdown', () => {
  it('writes the counts and an escaped table per file', () => {
    expect(report(sampleReport)).toBe(
      [
        '**krait**: 4 problems (2 errors, 2 warnings) in 3 files; 1 fixable with `--fix`',
        '',
        '#### `backend/naïve "a" & <b>, 100%:\\n.py`',
        '',
        '| Place | Severity | Rule | Message |',
        '| --- | --- | --- | --- |',
        '| 1:9 | error | `krait/syntax-error` | \\`a&#124;b\\` &lt;i&gt; "q" \'r\' \\]\\]&gt; 100%, @<!-- -->router.get #<!-- -->12:\\\\nsecond line' +
          ' \\\\x1b\\[31m\\*\\_ |',
        '',
        '#### `backend/orders.py`',
        '',
        '| Place | Severity | Rule | Message |',
        '| --- | --- | --- | --- |',
        "| 4:5 | error | `error-handling/no-silent-except` | 'ValueError' is caught and dropped: log it with its context, or re-raise it." +
          "<br>See `backend/db/store.py:3`: 'write' raises it<br>Suggestion: Re-raise the exception |",
        "| 6:12 | warning | `datetime/no-utcnow` | 'datetime.utcnow()' has no time zone. |",
        '',
        '#### `backend/photo.py`',
        '',
        '| Place | Severity | Rule | Message |',
        '| --- | --- | --- | --- |',
        '| 1:1 | warning | `krait/unreadable-file` | The file is not UTF-8. |',
        '',
      ].join('\n'),
    )
  })

  it('writes no code span where a pipe or a backtick would end it', () => {
    const text = report(reportOf(reportedFile('a`b|c.py', { findings: [finding({ ruleId: 'x|y/z' })] })))
    expect(text).toContain('#### a\\`b&#124;c.py\n')
    expect(text).toContain('| error | x&#124;y/z | Something')
  })

  it('leaves entities whole', () => {
    expect(report(reportOf(reportedFile('a.py', { findings: [finding({ message: 'a|1 &#3;' })] })))).toContain('| a&#124;1 &amp;#<!-- -->3; |')
  })
})
