import { hasNewContent, type ChangedFile, type LineRange, type ProjectChanges } from '../project/project-changes.ts'
import type { FileResult, Finding } from '../results/finding.ts'

/** Changed files by path. */
export type ChangesByPath = Pick<ProjectChanges, 'file'>

/** What happens to krait itself is reported wherever it happens. */
const ALWAYS_KEPT = 'krait/internal-error'
/** The subject of these is the file, and the line is only where it shows: a bracket that was taken away is missed at the end of the file. */
const ABOUT_THE_FILE: ReadonlySet<string> = new Set(['krait/syntax-error', 'krait/unreadable-file'])

/** Leaves the findings that a change caused: those on its lines, and those with a related place on its lines. */
export function keepChanged<Result extends FileResult>(result: Result, changes: ChangesByPath): Result {
  const keeps = (finding: Finding) => isCausedBy(changes, finding, result.path)
  return { ...result, findings: result.findings.filter(keeps), suppressed: result.suppressed.filter(keeps) }
}

function isCausedBy(changes: ChangesByPath, finding: Finding, path: string): boolean {
  if (finding.ruleId === ALWAYS_KEPT) return true
  const file = changes.file(path)
  if (file && ABOUT_THE_FILE.has(finding.ruleId)) return hasNewContent(file)
  if (file && overlaps(file.lines, linesOf(finding))) return true
  return (finding.related ?? []).some((place) => isChanged(changes.file(place.path), place.line))
}

/** Whether a related place was changed: its line was, lines behind it were taken away, or the whole file was. */
function isChanged(file: ChangedFile | undefined, line: number): boolean {
  if (!file) return false
  return file.status === 'deleted' || overlaps(file.lines, [line, line]) || file.deletions.includes(line)
}

/** The lines that a finding stands on. One without extent at the start of a line also stands at the end of the line before. */
function linesOf({ line, column, endLine, endColumn }: Finding): LineRange {
  if (line === endLine) return column === 1 && endColumn === 1 ? [line - 1, line] : [line, line]
  return [line, endColumn === 1 ? endLine - 1 : endLine]
}

function overlaps(lines: readonly LineRange[], [first, last]: LineRange): boolean {
  return lines.some(([start, end]) => start <= last && first <= end)
}
