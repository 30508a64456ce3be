import type { TextEdit } from '../results/finding.ts'

/** An edit and the rule it comes from. */
export interface RuleEdit extends TextEdit {
  readonly ruleId: string
}

/**
 * Applies the edits that do not overlap, first by position; the others wait for the next pass. Two edits that touch count as overlapping,
 * since their order could change the outcome.
 */
export function applyEdits(text: string, edits: readonly RuleEdit[]): { text: string; applied: RuleEdit[] } {
  const inOrder = [...edits].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  const applied: RuleEdit[] = []
  let output = ''
  let position = 0
  let lastEnd = -1
  for (const edit of inOrder) {
    const [start, end] = edit.range
    if (start <= lastEnd) continue
    output += text.slice(position, start) + edit.text
    position = end
    lastEnd = end
    applied.push(edit)
  }
  return { text: output + text.slice(position), applied }
}
