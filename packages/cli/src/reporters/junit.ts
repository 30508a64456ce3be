import type { Finding } from '@krait/core'
import { escapeControls } from './escape-controls.ts'
import type { ReportedFile, Reporter } from './reporter.ts'
import { countTotals, severityWord } from './totals.ts'

/**
 * `junit`: a test suite per file, a failed test case per finding, one passed test case for a clean file. Only those elements and
 * attributes are used that Jenkins' xUnit plugin allows (its `junit-10.xsd`), the strictest reader known.
 */
export function createJunitReporter(): Reporter {
  return ({ files }) => {
    const { errors, warnings, files: fileCount, filesWithFindings } = countTotals(files)
    const failures = errors + warnings
    const tests = failures + fileCount - filesWithFindings
    const suites = files.map(suite).join('')
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'krait', tests, failures, errors: 0 })}>\n${suites}</testsuites>\n`
  }
}

function suite(file: ReportedFile): string {
  const { displayPath, findings } = file
  const tests = Math.max(1, findings.length)
  const cases = findings.length === 0 ? passedCase(displayPath) : findings.map((finding) => failedCase(displayPath, finding)).join('')
  const head = attributes({ name: displayPath, file: displayPath, tests, failures: findings.length, errors: 0, time: 0 })
  return `  <testsuite${head}>\n${cases}  </testsuite>\n`
}

function passedCase(displayPath: string): string {
  return `    <testcase${attributes({ name: 'no problems', classname: displayPath, time: 0 })}/>\n`
}

function failedCase(displayPath: string, finding: Finding): string {
  const place = `${finding.line}:${finding.column}`
  const type = severityWord(finding.severity)
  const details = [`${displayPath}:${place}: ${type}: ${finding.message} (${finding.ruleId})`]
  for (const { desc } of finding.suggestions ?? []) details.push(`suggestion: ${desc}`)
  return [
    `    <testcase${attributes({ name: `${finding.ruleId} ${place}`, classname: displayPath, time: 0 })}>\n`,
    `      <failure${attributes({ message: finding.message, type })}>${escapeText(details.join('\n'))}</failure>\n`,
    '    </testcase>\n',
  ].join('')
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value), true)}"`)
    .join('')
}

function escapeText(text: string): string {
  return escapeXml(text, false)
}

/** XML 1.0 has no form at all for most control characters, so they become visible escapes; readers turn raw line breaks in attributes into spaces. */
function escapeXml(text: string, inAttribute: boolean): string {
  return text
    .split(/([\t\n\r])/)
    .map((part) => {
      if (part === '\n' || part === '\t') return inAttribute ? `&#${part.charCodeAt(0)};` : part
      if (part === '\r') return '&#13;'
      return escapeControls(part).replace(/[&<>"']/g, (character) => entities[character]!)
    })
    .join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
