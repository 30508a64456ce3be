import type { Finding, Language } from '@krait/core'
import { RuleTestFailure } from '../failure.ts'
import { takeMarks } from './marks.ts'

/** A finding that a comment `# expect: rule-id "part of the message"` asks for. */
export interface Expectation {
  /** A rule's full id, or its name without the pack. */
  readonly rule: string
  /** A part of the message; `null` if any message will do. */
  readonly message: string | null
  readonly line: number
}

const EXPECT = /#\s*expect:(.*)$/s
const ONE_EXPECTATION = /\s*([A-Za-z][\w/-]*)(?:\s+"((?:[^"\\]|\\.)*)")?\s*(?:,|$)/y

/**
 * Takes the expectations out of a file's text; see `takeMarks`.
 * @throws {RuleTestFailure} for one that can not be read.
 */
export function takeExpectations(path: string, text: string, language: Language): { text: string; expectations: Expectation[] } {
  const taken = takeMarks(path, text, language, EXPECT)
  return { text: taken.text, expectations: taken.marks.flatMap(({ text: list, line }) => readList(list, path, line)) }
}

/** What differs between a file's findings and its expectations. */
export function compareExpectations(expectations: readonly Expectation[], findings: readonly Finding[]): { missing: Expectation[]; unexpected: Finding[] } {
  const unexpected = [...findings]
  const missing: Expectation[] = []
  // Those with a message first: another one on the same line must not use up the finding they mean.
  const strictFirst = [...expectations.filter((one) => one.message !== null), ...expectations.filter((one) => one.message === null)]
  for (const expectation of strictFirst) {
    const index = unexpected.findIndex((finding) => meets(finding, expectation))
    if (index === -1) missing.push(expectation)
    else unexpected.splice(index, 1)
  }
  return { missing, unexpected }
}

function readList(list: string, path: string, line: number): Expectation[] {
  const expectations: Expectation[] = []
  for (let position = 0; position < list.length || expectations.length === 0; ) {
    ONE_EXPECTATION.lastIndex = position
    const match = ONE_EXPECTATION.exec(list)
    if (!match) {
      throw new RuleTestFailure(`${path}:${line}: '# expect: ${list}' can not be read. Write rule ids, each with a part of its message if wanted: # expect: pack/rule "text", pack/other`)
    }
    expectations.push({ rule: match[1]!, message: match[2]?.replaceAll(/\\(.)/g, '$1') ?? null, line })
    position = ONE_EXPECTATION.lastIndex
  }
  return expectations
}

function meets(finding: Finding, { rule, message, line }: Expectation): boolean {
  if (finding.line !== line || (finding.ruleId !== rule && !finding.ruleId.endsWith(`/${rule}`))) return false
  return message === null || finding.message.includes(message)
}
