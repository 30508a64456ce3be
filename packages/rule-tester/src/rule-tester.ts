import type { AnyRule, Language, Pack, Rule, Settings } from '@krait/core'
import { checkCase } from './cases/check-case.ts'
import type { InvalidCase, TestCases, ValidCase } from './cases/test-case.ts'
import { RuleTestFailure } from './failure.ts'
import { findTestFramework, type TestFramework } from './framework/test-framework.ts'
import { checkMarkdownProject, readMarkdownProjects, type MarkdownProjectOptions } from './markdown/markdown-project.ts'
import { readMarkdown } from './markdown/read-markdown.ts'

export interface RuleTesterOptions {
  /** Settings of every case; a case's own are put on top, key by key. */
  readonly settings?: Settings
  /** The languages of the files; Python when left out. */
  readonly languages?: readonly Language[]
}

/**
 * Registers tests of rules with the test framework: with global `describe` and `it` if there are any, else with vitest inside vitest, else
 * with node:test. Set `RuleTester.describe` and `RuleTester.it` for another framework.
 */
export class RuleTester {
  static #describe: TestFramework['describe'] | undefined
  static #it: TestFramework['it'] | undefined
  readonly #options: RuleTesterOptions

  constructor(options: RuleTesterOptions = {}) {
    this.#options = options
  }

  static get describe(): TestFramework['describe'] {
    return RuleTester.#describe ?? findTestFramework().describe
  }

  static set describe(describe: TestFramework['describe'] | undefined) {
    RuleTester.#describe = describe
  }

  static get it(): TestFramework['it'] {
    return RuleTester.#it ?? findTestFramework().it
  }

  static set it(it: TestFramework['it'] | undefined) {
    RuleTester.#it = it
  }

  /**
   * Registers one test per case.
   * @param name the suite's title; a `pack/` in front gives the pack under which suppression comments in the cases name the rule.
   * @throws {RuleTestFailure} at once if there is no case, or two are equal.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a rule's context stands in parameter position: nothing else takes every rule
  run<MessageIds extends string>(name: string, rule: Rule<MessageIds, any, any, any>, cases: TestCases<NoInfer<MessageIds>>): void {
    const calledFrom = callerFrames(this.run)
    const groups: [string, readonly (string | ValidCase | InvalidCase)[]][] = [['valid', cases.valid], ['invalid', cases.invalid]]
    for (const [title, group] of groups) refuseDuplicates(title, group)
    if (groups.every(([, group]) => group.length === 0)) throw new RuleTestFailure(`'${name}' has no test case.`)
    for (const testCase of cases.invalid) {
      if (!('errors' in testCase)) throw new RuleTestFailure(`An invalid case of '${name}' has no \`errors\`:\n${(testCase as ValidCase).code}`)
    }
    const pack = /^([a-z][a-z0-9-]*)\//.exec(name)?.[1]
    RuleTester.describe(name, () => {
      for (const [title, group] of groups) {
        // Some frameworks take an empty suite for a mistake.
        if (group.length > 0) RuleTester.describe(title, () => group.forEach((testCase) => this.#register(rule, pack, testCase, calledFrom)))
      }
    })
  }

  /**
   * Registers one test per section of a Markdown page that holds files. See the package's README for the format.
   * @param rules one rule, several, or a whole pack
   * @param markdown the page's text (which has a line break) or where it is: a file URL, or a path from the current folder
   */
  runProject(rules: AnyRule | readonly AnyRule[] | Pack, markdown: string | URL, options: MarkdownProjectOptions = {}): void {
    const calledFrom = callerFrames(this.runProject)
    const { title, text } = readMarkdown(markdown)
    const projects = readMarkdownProjects(text)
    RuleTester.describe(options.name ?? title, () => {
      for (const project of projects) {
        const languages = this.#options.languages
        const settings = { ...this.#options.settings, ...options.settings }
        const check = (): Promise<void> => checkMarkdownProject(rules, project, { ...options, settings, ...(languages ? { languages } : {}) })
        RuleTester.it(project.name, () => reportedAt(calledFrom, check))
      }
    })
  }

  #register(rule: AnyRule, pack: string | undefined, testCase: string | ValidCase | InvalidCase, calledFrom: string): void {
    const given = typeof testCase === 'string' ? { code: testCase } : testCase
    const { settings, languages } = this.#options
    const complete = settings ? { ...given, settings: { ...settings, ...given.settings } } : given
    const input = { rule, ...(pack === undefined ? {} : { pack }), ...(languages ? { languages } : {}) }
    const { it } = RuleTester
    const register = given.only ? it.only : it
    if (!register) throw new RuleTestFailure('This test framework has no `it.only`: a case can not have `only`.')
    register(titleOf(given), () => reportedAt(calledFrom, () => checkCase(input, complete)))
  }
}

function refuseDuplicates(title: string, group: readonly (string | ValidCase | InvalidCase)[]): void {
  const seen = new Set<string>()
  for (const testCase of group) {
    const { name: _, only: __, ...content } = typeof testCase === 'string' ? { code: testCase } : (testCase as InvalidCase)
    const key = JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)), (_key, value: unknown) => value instanceof RegExp ? String(value) : value)
    if (seen.has(key)) throw new RuleTestFailure(`Two ${title} cases are equal; remove one:\n${content.code}`)
    seen.add(key)
  }
}

const LONGEST_TITLE = 120

function titleOf({ name, code }: ValidCase): string {
  if (name !== undefined) return name
  const title = code.trimEnd().replaceAll(/\r\n?|\n/g, ' ⏎ ')
  if (title === '') return '(no code)'
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE)}…` : title
}

/** The stack from the caller of `callee` on: where the test is written. */
function callerFrames(callee: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, callee)
  return (holder.stack ?? '').split('\n').slice(1).join('\n')
}

/** A failure points at the test instead of at this package. */
async function reportedAt(calledFrom: string, check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (error) {
    if (error instanceof RuleTestFailure) error.stack = `${error.name}: ${error.message}\n${calledFrom}`
    throw error
  }
}
