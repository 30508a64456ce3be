import { createRegistry, definePack, type AnyRule, type Finding, type Language, type SourceCode } from '@krait/core'
import { openSmallProject, refuseInternalErrors, type SmallProject } from '../engine/small-project.ts'
import { pythonLanguage } from '../engine/python-language.ts'
import { RuleTestFailure } from '../failure.ts'
import { checkFix } from './check-fix.ts'
import { checkSuggestions } from './check-suggestions.ts'
import { compareFinding } from './compare-finding.ts'
import { describeExpected, showFindings } from './show-findings.ts'
import type { ExpectedFinding, InvalidCase, ValidCase } from './test-case.ts'

const DEFAULT_PATH = 'example.py'
const DEFAULT_PACK = 'local'

export interface CaseInput {
  readonly rule: AnyRule
  /** The pack's part of the rule's id, as suppression comments name it; `local` when left out. */
  readonly pack?: string
  readonly languages?: readonly Language[]
}

/**
 * Runs one case: an invalid one if it has `errors`, else a valid one.
 * @throws {RuleTestFailure} which shows the code with what was found and what was expected.
 */
export async function checkCase(input: CaseInput, testCase: string | ValidCase | InvalidCase): Promise<void> {
  const given: ValidCase | InvalidCase = typeof testCase === 'string' ? { code: testCase } : testCase
  const opened = await openCase(input, given)
  refuseSyntaxErrors(opened, given)
  const result = opened.small.lint(opened.path)
  refuseInternalErrors(result)
  const findings = result.findings.filter((finding) => finding.ruleId !== 'krait/syntax-error')
  const problems = isInvalid(given) ? compareAll(opened, given, findings) : refuseFindings(findings)
  if (problems.length > 0) throw new RuleTestFailure(failureText(opened, given, findings, problems))
}

function isInvalid(given: ValidCase | InvalidCase): given is InvalidCase {
  return 'errors' in given
}

/** A case with its project. */
export interface OpenedCase {
  readonly rule: AnyRule
  readonly id: string
  readonly small: SmallProject
  readonly path: string
  readonly source: SourceCode
  readonly language: Language
}

async function openCase({ rule, pack = DEFAULT_PACK, languages = [pythonLanguage] }: CaseInput, given: ValidCase): Promise<OpenedCase> {
  const path = given.path ?? DEFAULT_PATH
  if (given.files && Object.hasOwn(given.files, path)) {
    throw new RuleTestFailure(`\`files\` names '${path}', which is the case's own file. Give it another path.`)
  }
  const id = `${pack}/${rule.name}`
  const registry = createRegistry([definePack({ name: pack, version: '0.0.0', rules: [rule] })])
  const small = await openSmallProject({
    registry,
    languages,
    files: new Map([...Object.entries(given.files ?? {}), [path, given.code]]),
    config: {
      ...(given.options && given.options.length > 0 ? { rules: { [id]: ['error', ...given.options] as const } } : {}),
      ...(given.settings ? { settings: given.settings } : {}),
    },
  })
  const source = small.project.source(path)
  const language = small.project.languageOf(path)
  if (!source || !language) throw new RuleTestFailure(`No language of this test knows '${path}' by its extension.`)
  return { rule, id, small, path, source, language }
}

/** Code that is broken by accident makes a case pass or fail for a reason that nobody meant. */
function refuseSyntaxErrors({ small: { project } }: OpenedCase, given: ValidCase): void {
  if (given.syntaxErrors) return
  for (const path of project.files) {
    const source = project.source(path)
    const problem = source && project.languageOf(path)?.findSyntaxProblem(source.tree)
    if (!problem) continue
    const { line, column } = source.getLocFromIndex(problem.range[0])
    const place = { line, column, message: problem.message, messageId: 'syntax error' }
    throw new RuleTestFailure(
      `The code of this case has a syntax error at ${path}:${line}:${column}: ${problem.message}. ` +
        `If that is meant, add \`syntaxErrors: true\`.\n\n${showFindings(source, [place])}`,
    )
  }
}

function refuseFindings(findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [`Expected no finding, got ${findings.length}.`]
}

function compareAll(opened: OpenedCase, given: InvalidCase, findings: readonly Finding[]): string[] {
  const { errors } = given
  const count = typeof errors === 'number' ? errors : errors.length
  if (count === 0) return ['An invalid case expects at least one finding: give `errors`, or move the case to `valid`.']
  const problems = findings.length === count ? [] : [`Expected ${plural(count, 'finding')}, got ${findings.length}.`]
  for (const [index, finding] of findings.entries()) {
    const expected = expectedAt(errors, index)
    const label = findings.length === 1 ? '' : `Finding ${index + 1}: `
    const differences = [...compareFinding(opened, expected, finding), ...checkSuggestions(opened, expected, finding)]
    // With a wrong number of findings it is not known which expectation belongs to which finding.
    if (findings.length === count) problems.push(...differences.map((difference) => label + difference))
  }
  if (problems.length === 0) problems.push(...checkFix(opened, given, findings))
  return problems
}

function expectedAt(errors: InvalidCase['errors'], index: number): ExpectedFinding | null {
  if (typeof errors === 'number') return null
  const expected = errors[index]
  return typeof expected === 'string' ? { messageId: expected } : (expected ?? null)
}

function failureText({ path, source }: OpenedCase, given: ValidCase | InvalidCase, findings: readonly Finding[], problems: readonly string[]): string {
  const parts = [problems.join('\n'), `${path}, with what was found:\n${showFindings(source, findings)}`]
  if (isInvalid(given) && typeof given.errors !== 'number') parts.push(`Expected:\n${describeExpected(given.errors)}`)
  return parts.join('\n\n')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
