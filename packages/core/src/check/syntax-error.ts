import type { Language } from '../language/language.ts'
import type { Finding } from '../results/finding.ts'
import type { SourceCode } from '../source/source-code.ts'

/** The `krait/syntax-error` of a file at its first broken place, or `null`. */
export function syntaxErrorFinding(source: SourceCode, language: Language): Finding | null {
  const problem = language.findSyntaxProblem(source.tree)
  if (!problem) return null
  const { start, end } = source.locationOf(problem.range)
  return {
    ruleId: 'krait/syntax-error',
    severity: 2,
    message: `This is not valid ${language.displayName}: ${problem.message}. Rules ran on what could be understood around it.`,
    messageId: 'syntaxError',
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    range: problem.range,
  }
}
