import type { Finding, Suggestion, TextEdit } from '../results/finding.ts'
import type { ResolvedRule } from '../config/resolved-config.ts'
import { ruleFixer } from '../rules/fixer.ts'
import type { AnyRule, Fix, FixFunction, MessageData, ReportDescriptor } from '../rules/rule.ts'
import type { SourceCode } from '../source/source-code.ts'
import type { Range } from '../syntax/node.ts'

/**
 * Turns what a rule reports into a finding.
 * @throws Error where the descriptor is wrong: no place, an unknown message id, a fix outside the file. It is the rule's mistake.
 */
export function createFinding(rule: AnyRule, setting: ResolvedRule, source: SourceCode, descriptor: ReportDescriptor<string>): Finding {
  const range = rangeOf(source, descriptor)
  const { start, end } = source.locationOf(range)
  const edit = descriptor.fix ? compileFix(source, descriptor.fix) : null
  const losesComment = edit !== null && dropsComment(source, edit)
  const suggestions = (descriptor.suggest ?? []).flatMap((suggest) => {
    if (!suggest) return []
    const fix = compileFix(source, suggest.fix)
    return fix ? [{ messageId: suggest.messageId, desc: messageOf(rule, suggest.messageId, suggest.data), fix }] : []
  })
  const offered: Suggestion[] = losesComment ? [{ desc: 'Apply the fix, which removes a comment', fix: edit }, ...suggestions] : suggestions
  return {
    ruleId: setting.id,
    severity: setting.severity,
    message: messageOf(rule, descriptor.messageId, descriptor.data),
    messageId: descriptor.messageId,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    range,
    ...(edit && !losesComment ? { fix: edit } : {}),
    ...(offered.length > 0 ? { suggestions: offered } : {}),
    ...(descriptor.related && descriptor.related.length > 0 ? { related: descriptor.related } : {}),
  }
}

function rangeOf(source: SourceCode, { node, range, loc }: ReportDescriptor<string>): Range {
  if (range) return range
  if (loc) return [source.getIndexFromLoc(loc.start), source.getIndexFromLoc(loc.end)]
  if (node) return node.range
  throw new Error('report() needs a node, a range or a loc')
}

function messageOf(rule: AnyRule, messageId: string, data: MessageData | undefined): string {
  const template: string | undefined = (rule.meta.messages as Record<string, string>)[messageId]
  if (template === undefined) {
    throw new Error(`report() names the message '${messageId}'; ${rule.name} has ${Object.keys(rule.meta.messages).join(', ')}`)
  }
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => {
    const value = data?.[name]
    return value === undefined ? placeholder : String(value)
  })
}

/** Merges the edits of one fix into a single edit from the first to the last. */
function compileFix(source: SourceCode, fix: FixFunction): TextEdit | null {
  const result = fix(ruleFixer)
  if (result === null) return null
  const edits = (isFix(result) ? [result] : [...result]).sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  if (edits.length === 0) return null
  let text = ''
  let position = edits[0]!.range[0]
  const start = position
  for (const edit of edits) {
    const [from, to] = edit.range
    if (from < position || to < from || to > source.text.length) throw new Error(`a fix has an overlapping or impossible range ${from}-${to}`)
    text += source.text.slice(position, from) + edit.text
    position = to
  }
  return { range: [start, position], text }
}

function isFix(result: Fix | Iterable<Fix>): result is Fix {
  return 'range' in result
}

function dropsComment(source: SourceCode, edit: TextEdit): boolean {
  return source.commentsIn(edit.range).some((comment) => !edit.text.includes(comment.text))
}
