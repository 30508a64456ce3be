import type { Finding, Suggestion } from '@krait/core'
import type { OpenedCase } from './check-case.ts'
import { checkEditedText, compareTexts, indent, withMark } from './check-edited-text.ts'
import { checkPlaceholders, compareMessageId } from './compare-finding.ts'
import type { ExpectedFinding, ExpectedSuggestion } from './test-case.ts'

/** Applies each suggestion of a finding alone and compares it with what is expected; one sentence per problem. */
export function checkSuggestions(opened: OpenedCase, expected: ExpectedFinding | null, finding: Finding): string[] {
  const actual = finding.suggestions ?? []
  return [
    ...checkDeclared(opened, actual),
    ...checkDistinct(actual),
    ...actual.flatMap((suggestion) => checkSound(opened, suggestion)),
    ...(expected ? compareSuggestions(opened, expected.suggestions ?? [], actual) : []),
  ]
}

function checkDeclared({ rule }: OpenedCase, suggestions: readonly Suggestion[]): string[] {
  const problems: string[] = []
  if (!rule.meta.hasSuggestions && suggestions.some((suggestion) => !isDemotedFix(suggestion))) {
    problems.push('The rule has suggestions but does not declare it: add `hasSuggestions: true` to its meta.')
  }
  if (rule.meta.fixable !== 'code' && suggestions.some(isDemotedFix)) {
    problems.push(`The rule fixes code but does not declare it: add \`fixable: 'code'\` to its meta.`)
  }
  return problems
}

function checkDistinct(suggestions: readonly Suggestion[]): string[] {
  const descriptions = suggestions.map((suggestion) => suggestion.desc)
  const repeated = descriptions.filter((desc, index) => descriptions.indexOf(desc) !== index)
  return [...new Set(repeated)].map((desc) => `Two suggestions of one finding have the same description '${desc}': nobody could choose.`)
}

function checkSound(opened: OpenedCase, suggestion: Suggestion): string[] {
  const what = `The suggestion '${suggestion.desc}'`
  const text = applySuggestion(opened, suggestion)
  const problems = checkPlaceholders(opened.rule, suggestion.messageId, suggestion.desc)
  if (text === withMark(opened.source, opened.source.text)) problems.push(`${what} changes nothing.`)
  // What the host offers in place of a fix that would drop a comment says so in its description.
  return isDemotedFix(suggestion) ? problems : [...problems, ...checkEditedText(opened, what, text)]
}

function compareSuggestions(
  opened: OpenedCase,
  expected: number | readonly ExpectedSuggestion[],
  actual: readonly Suggestion[],
): string[] {
  const count = typeof expected === 'number' ? expected : expected.length
  if (count !== actual.length) {
    const list = actual.map((suggestion) => `\n  ${suggestion.messageId ?? suggestion.desc}, which gives\n${indent(applySuggestion(opened, suggestion))}`)
    return [`Expected ${count} suggestions, got ${actual.length}.${list.join('')}`]
  }
  if (typeof expected === 'number') return []
  return expected.flatMap((wanted, index) => compareSuggestion(opened, wanted, actual[index]!, index + 1))
}

function compareSuggestion(opened: OpenedCase, expected: ExpectedSuggestion, actual: Suggestion, position: number): string[] {
  const what = `Suggestion ${position}`
  if (expected.messageId === undefined && expected.desc === undefined) return [`${what} is expected without \`messageId\` or \`desc\`: give one.`]
  const { desc, ...rest } = actual
  const differences = compareMessageId(opened.rule, expected, { ...rest, message: desc }).map((difference) => `${what}: ${difference}`)
  if (expected.desc !== undefined && expected.desc !== desc) differences.push(`${what} is described as '${desc}', expected '${expected.desc}'.`)
  return [...differences, ...compareTexts(what, applySuggestion(opened, actual), expected.output)]
}

function applySuggestion({ source }: OpenedCase, { fix }: Suggestion): string {
  const [start, end] = fix.range
  return withMark(source, source.text.slice(0, start) + fix.text + source.text.slice(end))
}

/** A fix that the host turned into a suggestion since it would drop a comment. */
function isDemotedFix(suggestion: Suggestion): boolean {
  return suggestion.messageId === undefined
}
