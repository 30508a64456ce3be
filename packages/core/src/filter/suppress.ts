import type { ResolvedConfig } from '../config/resolved-config.ts'
import { nearestName } from '../config/nearest-name.ts'
import type { Language } from '../language/language.ts'
import type { Finding, Severity, SuppressedFinding, TextEdit } from '../results/finding.ts'
import type { SourceCode } from '../source/source-code.ts'
import type { Range } from '../syntax/node.ts'
import { type Directive, type DirectiveId, readDirectives } from './directive.ts'

export interface SuppressInput {
  readonly source: SourceCode
  readonly language: Language
  readonly config: ResolvedConfig
  readonly findings: readonly Finding[]
  /** Ids of all rules that exist, for spotting a mistyped one. */
  readonly knownRules: ReadonlySet<string>
}

export interface SuppressOutput {
  readonly findings: Finding[]
  readonly suppressed: SuppressedFinding[]
}

/** Findings about the file as a whole or about krait itself can not be silenced by a comment in the file. */
const NEVER_SUPPRESSED = 'krait/'

/** Applies the suppression comments of a file and reports on the comments themselves. */
export function applySuppressions({ source, language, config, findings, knownRules }: SuppressInput): SuppressOutput {
  const { directives, broken } = readDirectives(source)
  if (directives.length === 0 && broken.length === 0) return { findings: [...findings], suppressed: [] }

  const active = directives.map((directive) => activate(directive, source, language))
  closeRanges(active)
  const kept: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  for (const finding of findings) {
    const by = finding.ruleId.startsWith(NEVER_SUPPRESSED) ? undefined : active.find((one) => covers(one, finding, source, language))
    if (!by) {
      kept.push(finding)
      continue
    }
    by.used.add(finding.ruleId)
    suppressed.push({ ...finding, suppressions: [{ kind: 'directive', justification: by.directive.reason }] })
  }

  for (const { range, problem } of broken) {
    kept.push(finding(source, 'krait/invalid-ignore', 1, range, `This suppression comment does nothing: ${problem}.`))
  }
  const rulesOn = new Set(config.rules.map((rule) => rule.id))
  for (const { directive, used } of active) {
    kept.push(...unknownIds(source, directive, knownRules))
    if (config.requireReason && directive.kind !== 'enable' && directive.reason === '') {
      const message = `Say why: this project wants a reason behind each suppression, as in '# krait: ${directive.kind}[${listOf(directive)}] -- reason'.`
      kept.push(finding(source, 'krait/missing-reason', 2, directive.range, message))
    }
    if (config.unusedIgnores === null || directive.kind === 'enable') continue
    const unused = directive.ids.filter(({ id }) => rulesOn.has(id) && !used.has(id))
    if (unused.length > 0) kept.push(unusedFinding(source, directive, unused, config.unusedIgnores))
  }
  return { findings: kept, suppressed }
}

/** A directive with the part of the file it speaks for. */
interface Active {
  readonly directive: Directive
  /** The line that an `ignore` speaks for. */
  readonly line: number
  /** The offsets that a `disable` speaks for, by rule id; open until an `enable` of the id. */
  readonly until: Map<string, number>
  readonly used: Set<string>
}

function activate(directive: Directive, source: SourceCode, language: Language): Active {
  const line = directive.standsAlone && directive.kind === 'ignore' ? nextStatementLine(directive, source, language) : directive.line
  const until = new Map(directive.ids.map(({ id }) => [id, directive.kind === 'disable' ? Infinity : -1]))
  return { directive, line, until, used: new Set() }
}

/** The first line of the statement behind a comment that stands alone: the next line that holds code. */
function nextStatementLine(directive: Directive, source: SourceCode, language: Language): number {
  const { lineTable } = source
  for (let line = directive.line + 1; line <= lineTable.lineCount; line++) {
    const text = lineTable.lineText(line)
    const code = text.search(/\S/)
    if (code === -1 || text[code] === '#') continue
    return lineTable.lineAt(language.statementRange(source, lineTable.starts[line - 1]! + code)[0])
  }
  return directive.line
}

function closeRanges(active: readonly Active[]): void {
  for (const { directive } of active) {
    if (directive.kind !== 'enable') continue
    for (const { id } of directive.ids) {
      for (const earlier of active) {
        if (earlier.until.get(id) === Infinity && earlier.directive.range[0] < directive.range[0]) earlier.until.set(id, directive.range[0])
      }
    }
  }
}

function covers({ directive, line, until }: Active, finding: Finding, source: SourceCode, language: Language): boolean {
  if (!until.has(finding.ruleId)) return false
  switch (directive.kind) {
    case 'enable':
      return false
    case 'ignore-file':
      return true
    case 'disable':
      return finding.range[0] >= directive.range[0] && finding.range[0] < until.get(finding.ruleId)!
    case 'ignore':
      return isOnLine(finding, line, source, language)
  }
}

/** A finding on one line is met on that line; one that spans lines, on any line of the first statement (or clause header) it covers. */
function isOnLine(finding: Finding, line: number, source: SourceCode, language: Language): boolean {
  if (finding.line === line) return true
  if (finding.endLine === finding.line) return false
  const [start, end] = language.statementRange(source, finding.range[0])
  return line >= source.lineTable.lineAt(start) && line <= source.lineTable.lineAt(end)
}

function unknownIds(source: SourceCode, directive: Directive, knownRules: ReadonlySet<string>): Finding[] {
  return directive.ids
    .filter(({ id }) => !knownRules.has(id))
    .map(({ id, range }) => {
      if (id.startsWith(NEVER_SUPPRESSED)) {
        return finding(source, 'krait/invalid-ignore', 1, range, `'${id}' can not be suppressed by a comment: it tells of the file or of krait itself.`)
      }
      const nearest = nearestName(id, knownRules)
      const hint = nearest ? ` Did you mean '${nearest}'?` : ` 'krait rules' lists the rules.`
      return finding(source, 'krait/invalid-ignore', 1, range, `There is no rule '${id}'.${hint}`)
    })
}

function unusedFinding(source: SourceCode, directive: Directive, unused: readonly DirectiveId[], severity: Severity): Finding {
  const names = unused.map(({ id }) => `'${id}'`).join(', ')
  const place = directive.kind === 'ignore' ? 'here' : directive.kind === 'disable' ? 'in this range' : 'in this file'
  const message = `Nothing is suppressed ${place} for ${names}. Remove it, so that it can not hide a later finding.`
  const range: Range = unused.length === directive.ids.length ? directive.range : unused[0]!.range
  return { ...finding(source, 'krait/unused-ignore', severity, range, message), fix: removal(source, directive, unused) }
}

/** Takes the unused ids out of the list, or the whole directive where none is left; a line that held nothing else goes with it. */
function removal(source: SourceCode, directive: Directive, unused: readonly DirectiveId[]): TextEdit {
  const left = directive.ids.filter((one) => !unused.includes(one))
  if (left.length > 0) {
    const range: Range = [directive.ids[0]!.range[0], directive.ids[directive.ids.length - 1]!.range[1]]
    return { range, text: left.map(({ id }) => id).join(', ') }
  }
  const [start, end] = directive.range
  const lineStart = source.lineTable.starts[directive.line - 1]!
  if (source.text.slice(lineStart, start).trim() === '') {
    return { range: [lineStart, source.lineTable.starts[directive.line] ?? source.text.length], text: '' }
  }
  const before = source.text.slice(lineStart, start)
  return { range: [lineStart + before.trimEnd().length, end], text: '' }
}

function listOf(directive: Directive): string {
  return directive.ids.map(({ id }) => id).join(', ')
}

function finding(source: SourceCode, ruleId: string, severity: Severity, range: Range, message: string): Finding {
  const { start, end } = source.locationOf(range)
  return { ruleId, severity, message, line: start.line, column: start.column, endLine: end.line, endColumn: end.column, range }
}
