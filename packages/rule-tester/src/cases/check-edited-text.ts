import type { SourceCode } from '@krait/core'
import type { OpenedCase } from './check-case.ts'

/**
 * What an edit of the rule broke, one sentence each.
 * @param what the subject of the sentences, such as `The fix`
 * @param text the whole file after the edit
 */
export function checkEditedText({ small, path, source, language }: OpenedCase, what: string, text: string): string[] {
  const edited = small.project.withText(path, text).source(path)!
  const problems: string[] = []
  const broken = language.findSyntaxProblem(edited.tree)
  if (broken && !language.findSyntaxProblem(source.tree)) {
    const { line, column } = edited.getLocFromIndex(broken.range[0])
    problems.push(`${what} adds a syntax error at ${line}:${column}: ${broken.message}. The text would be\n${indent(text)}`)
  }
  for (const comment of lostComments(source, edited)) problems.push(`${what} loses the comment '${comment}'.`)
  return problems
}

/** The whole file after one edit, with its byte order mark. */
export function withMark(source: SourceCode, text: string): string {
  return source.hasBom ? `\uFEFF${text}` : text
}

export function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

/** How a text differs from the expected one; empty if it does not. */
export function compareTexts(what: string, actual: string, expected: string): string[] {
  if (actual === expected) return []
  const actualLines = actual.split('\n')
  const expectedLines = expected.split('\n')
  let index = 0
  while (actualLines[index] === expectedLines[index]) index++
  return [
    `${what} gives\n${indent(actual)}\n  expected\n${indent(expected)}\n  First difference in line ${index + 1}: ` +
      `${JSON.stringify(actualLines[index] ?? null)}, expected ${JSON.stringify(expectedLines[index] ?? null)}.`,
  ]
}

function lostComments(before: SourceCode, after: SourceCode): string[] {
  const left = after.comments.map((comment) => comment.text)
  return before.comments
    .map((comment) => comment.text)
    .filter((text) => {
      const index = left.indexOf(text)
      if (index === -1) return true
      left.splice(index, 1)
      return false
    })
}
