export { RuleTester, type RuleTesterOptions } from './rule-tester.ts'
export { python } from './python-tag.ts'
export { RuleTestFailure } from './failure.ts'
export { checkCase } from './cases/check-case.ts'
export type {
  ExpectedFinding,
  ExpectedRelatedPlace,
  ExpectedSuggestion,
  InvalidCase,
  TestCases,
  ValidCase,
} from './cases/test-case.ts'
export { checkMarkdownProject, readMarkdownProjects, type MarkdownProject } from './markdown/markdown-project.ts'
export { checkRuleDocs } from './docs/check-rule-docs.ts'
export { checkRulePage } from './docs/check-rule-page.ts'
export type { TestFramework } from './framework/test-framework.ts'
