import type { Language, SourceCode } from '@krait/core'
import { SourceCode as Source } from '@krait/core'

/** A comment that speaks to the tester, not to the reader of the program. */
export interface Mark {
  /** What stands behind the mark's word, such as the rules behind `expect:`. */
  readonly text: string
  /** The 1-based line that it speaks of: its own, or, where the comment stands alone, the next one that holds code. */
  readonly line: number
}

/**
 * Takes the marks out of a text, so that rules see the code without them. Lines keep their numbers.
 * @param pattern finds the mark inside a comment; what its first group holds is the mark's text
 */
export function takeMarks(path: string, text: string, language: Language, pattern: RegExp): { text: string; marks: Mark[] } {
  const source = new Source(path, language.parse(text), false)
  const marks: Mark[] = []
  let rest = ''
  let position = 0
  for (const comment of source.comments) {
    const match = pattern.exec(comment.text)
    if (!match) continue
    const start = comment.start + match.index
    marks.push({ text: (match[1] ?? '').trim(), line: lineSpokenOf(source, start) })
    rest += text.slice(position, start).replace(/[ \t]+$/, '')
    position = comment.end
  }
  return { text: rest + text.slice(position), marks }
}

function lineSpokenOf(source: SourceCode, offset: number): number {
  const { lines } = source
  const { line, column } = source.getLocFromIndex(offset)
  if (lines[line - 1]!.slice(0, column - 1).trim() !== '') return line
  for (let next = line + 1; next <= lines.length; next++) if (/^\s*[^\s#]/.test(lines[next - 1]!)) return next
  return line
}
