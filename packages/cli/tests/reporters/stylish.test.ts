import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import { finding, reportedFile, reportOf, sampleReport } from './sample-report.ts'

const report = await createReporter('stylish')

describe('stylish', () => {
  it('shows place, rule, message, code, related places and remedies', () => {
    expect(report(sampleReport)).toBe(String.raw`
backend/naïve "a" & <b>, 100%:\n.py  1 error

  backend/naïve "a" & <b>, 100%:\n.py:1:9  error  krait/syntax-error
  §a|b§ <i> "q" 'r' ]]> 100%, @router.get #12:
  second line \x1b[31m*_
    > 1 | a|§b§ = ]]>
        |         ^^^

backend/orders.py  1 error, 1 warning

  backend/orders.py:4:5  error  error-handling/no-silent-except
  'ValueError' is caught and dropped: log it with its context, or re-raise it.
      3 |         write(order)
    > 4 |     except ValueError:
        |     ^^^^^^^^^^^^^^^^^^
    > 5 |         pass
      6 |     return datetime.utcnow()
    related: backend/db/store.py:3:9  'write' raises it
    suggestion: Re-raise the exception

  backend/orders.py:6:12  warning  datetime/no-utcnow  (fixable)
  'datetime.utcnow()' has no time zone.
      5 |         pass
    > 6 |     return datetime.utcnow()
        |            ^^^^^^^^^^^^^^^^^

backend/photo.py  1 warning

  backend/photo.py:1:1  warning  krait/unreadable-file
  The file is not UTF-8.

4 problems (2 errors, 2 warnings) in 3 files; 1 fixable with --fix
`.slice(1).replaceAll('§', '`'))
  })

  it('colors without changing the text', async () => {
    const colored = (await createReporter('stylish', { color: true }))(sampleReport)
    expect(colored).toContain('\u001b[31m\u001b[1merror')
    expect(stripVTControlCharacters(colored)).toBe(report(sampleReport))
  })

  it('fits long lines into the width of the terminal', async () => {
    const narrow = await createReporter('stylish', { width: 60 })
    const source = `x = [${'1, '.repeat(300)}now(), ${'2, '.repeat(300)}]\n`
    const text = narrow(reportOf(reportedFile('a.py', { source, findings: [finding({ column: 906, endColumn: 911 })] })))
    const rows = text.split('\n')
    const code = rows.find((row) => row.includes('now()'))!
    expect(code.length).toBeLessThanOrEqual(60)
    expect(code).toMatch(/^ {4}> 1 \| ….*…$/)
    expect(rows[rows.indexOf(code) + 1]!.indexOf('^^^^^')).toBe(code.indexOf('now()'))
  })
})
