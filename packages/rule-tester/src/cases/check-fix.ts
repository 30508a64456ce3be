import type { Finding } from '@krait/core'
import type { OpenedCase } from './check-case.ts'
import { checkEditedText, compareTexts, indent } from './check-edited-text.ts'
import type { InvalidCase } from './test-case.ts'

/** Applies the fixes in all their passes and compares the outcome with `output`; one sentence per problem. */
export function checkFix(opened: OpenedCase, { code, output = null }: InvalidCase, findings: readonly Finding[]): string[] {
  const { rule, small, path } = opened
  if (!findings.some((finding) => finding.fix)) {
    return output === null ? [] : ['The test expects an `output`, but no finding has a fix. A fix that would drop a comment becomes a suggestion.']
  }
  if (rule.meta.fixable !== 'code') return [`The rule fixes code but does not declare it: add \`fixable: 'code'\` to its meta.`]

  const config = small.configOf(path)
  const { text, problems } = small.linter.fix(small.project, path, config, { unsafe: false })
  if (problems.length > 0) return problems.map(({ ruleId, message }) => `Fixing with ${ruleId}: ${message}.`)
  if (text === code) return ['The fix changes nothing: it replaces text by the same text.']
  if (output === null) return [`The rule fixes this code, but the test has no \`output\`. The fix gives\n${indent(text)}`]
  const again = small.linter.fix(small.project.withText(path, text), path, config, { unsafe: false }).text
  return [
    ...compareTexts('The fix', text, output),
    ...checkEditedText(opened, 'The fix', text),
    ...(again === text ? [] : [`The fix does not settle: a second application changes its own output to\n${indent(again)}`]),
  ]
}
