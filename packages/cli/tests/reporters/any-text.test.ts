import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReporter } from '../../src/reporters/create-reporter.ts'
import type { Report } from '../../src/reporters/reporter.ts'
import { finding, reportedFile, reportOf } from './sample-report.ts'
import { readJunit } from './validate-junit.ts'
import { sarifErrors } from './validate-sarif.ts'

const tricky = fc.constantFrom('\n', '\r\n', '\u0085', '\u2028', '\u001b', '\0', '\ud800', '\udc00', '\ufffe', '\uffff', ']]>', '&#0;', '%0A', '::', ',', '|', '`', '<', '"', '//')
const text = fc.array(fc.oneof(tricky, fc.string({ unit: 'binary' })), { maxLength: 6 }).map((parts) => parts.join(''))
// Paths never start with a slash: they are relative.
const path = text.map((name) => `a${name}`)

const reports: fc.Arbitrary<Report> = fc.record({ path, message: text, source: text, related: path, desc: text, fix: text }).map((parts) =>
  reportOf(
    reportedFile(parts.path, {
      source: parts.source,
      findings: [
        finding({
          message: parts.message,
          fix: { range: [0, parts.source.length], text: parts.fix },
          suggestions: [{ desc: parts.desc, fix: { range: [0, 0], text: parts.fix } }],
          related: [{ path: parts.related, line: 1, column: 1, message: parts.message }],
        }),
      ],
      suppressed: [{ ...finding({ message: parts.message }), suppressions: [{ kind: 'directive', justification: parts.desc }] }],
    }),
  ),
)

describe('any text in paths, messages and code', () => {
  it('gives json that reads back the same', async () => {
    const report = await createReporter('json')
    check((sample) => {
      const file = sample.files[0]!
      const messages = [{ message: file.findings[0]!.message }]
      expect(JSON.parse(report(sample))).toMatchObject([{ filePath: file.filePath, messages, suppressedMessages: messages }])
    })
  })

  it('gives gitlab that reads back the same', async () => {
    const report = await createReporter('gitlab')
    check((sample) => {
      const file = sample.files[0]!
      const issue = { description: file.findings[0]!.message, location: { path: file.displayPath } }
      expect(JSON.parse(report(sample))).toMatchObject([issue])
    })
  })

  it('gives valid sarif', async () => {
    const report = await createReporter('sarif')
    check((sample) => {
      expect(sarifErrors(report(sample))).toEqual([])
    })
  })

  it('gives valid junit with the finding in it', async () => {
    const report = await createReporter('junit')
    check((sample) => {
      expect(readJunit(report(sample)).map(({ name }) => name)).toEqual(['pack/rule 1:1'])
    })
  })

  it('gives github exactly one line per finding, which decodes to the message', async () => {
    const report = await createReporter('github')
    check((sample) => {
      const { displayPath, findings } = sample.files[0]!
      const output = report(sample)
      expect(output).toMatch(/^[^\n\r]*\n$/)
      const [, properties, data] = /^::error (.*?)::(.*)\n$/su.exec(output)!
      expect(properties!.split(',').map((part) => part.split('=')[0])).toContain('file')
      expect(properties!.split(',')).toHaveLength(6)
      if (isPlain(findings[0]!.message)) expect(decode(data!)).toBe(findings[0]!.message)
      if (isPlain(displayPath)) expect(decode(properties!.split(',')[0]!)).toBe(`file=${displayPath}`)
    })
  })

  it('gives agent, markdown and stylish no line or escape that is not theirs', async () => {
    const [agent, markdown, stylish] = await Promise.all(['agent', 'markdown', 'stylish'].map((name) => createReporter(name)))
    check((sample) => {
      expect(agent!(sample).split('\n')).toHaveLength(6)
      expect(markdown!(sample).split('\n')).toHaveLength(8)
      for (const report of [agent!, markdown!, stylish!]) expect(report(sample)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]/)
    })
  })
})

function check(property: (sample: Report) => void): void {
  fc.assert(fc.property(reports, property), { numRuns: 200 })
}

/** Whether GitHub's escaping alone changes the text: other control characters become visible escapes for good. */
function isPlain(value: string): boolean {
  return /^[\n\r\x20-\x7e]*$/.test(value)
}

function decode(value: string): string {
  return value.replace(/%(25|0D|0A|3A|2C)/g, (code) => decodeURIComponent(code))
}
