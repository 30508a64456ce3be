import type { ChangesByPath } from '../filter/keep-changed.ts'
import type { ChangedFile, LineRange } from '../project/project-changes.ts'
import type { TextEdit } from '../results/finding.ts'
import type { LineTable } from '../source/line-table.ts'
import { matchLines } from './match-lines.ts'

/** A text before and after edits. */
export interface EditedText {
  readonly before: LineTable
  readonly after: LineTable
  /** By position, without overlap; ranges are those of the text before. */
  readonly edits: readonly TextEdit[]
}

/** The changes once a file was edited: what was changed has moved with the text, and the edited lines are changed too. */
export function changesAfterEdits(changes: ChangesByPath, path: string, text: EditedText): ChangesByPath {
  const file = changes.file(path)
  const edited: ChangedFile = { path, status: 'modified', deletions: [], ...file, lines: linesAfterEdits(file?.lines ?? [], text) }
  return { file: (other) => (other === path ? edited : changes.file(other)) }
}

function linesAfterEdits(lines: readonly LineRange[], { before, after, edits }: EditedText): LineRange[] {
  const result: LineRange[] = []
  let nextLine = 1
  let lineShift = 0
  let offsetShift = 0
  for (const { range: [start, end], text } of edits) {
    const newStart = start + offsetShift
    const newEnd = newStart + text.length
    moveUntouched(before.lineAt(start) - 1)
    addEdited(touchedLines(before, start, end), touchedLines(after, newStart, newEnd))
    nextLine = touchedLines(before, start, end)[1] + 1
    lineShift = after.lineAt(newEnd) - before.lineAt(end)
    offsetShift += text.length - (end - start)
  }
  moveUntouched(Infinity)
  return result

  /** Moves what is changed from `nextLine` to this line. */
  function moveUntouched(last: number): void {
    for (const [start, end] of lines) {
      const range: LineRange = [Math.max(start, nextLine) + lineShift, Math.min(end, last) + lineShift]
      if (range[0] <= range[1]) result.push(range)
    }
  }

  /** One edit can reach over lines that it leaves as they are: an import at the top and a call far below are edited at once. */
  function addEdited(oldLines: LineRange, newLines: LineRange): void {
    for (const [i, match] of matchLines(textsOf(before, oldLines), textsOf(after, newLines)).entries()) {
      const line = newLines[0] + i
      if (match === -1 || isChanged(oldLines[0] + match)) result.push([line, line])
    }
  }

  function isChanged(line: number): boolean {
    return lines.some(([first, last]) => first <= line && line <= last)
  }
}

/** The lines that a range of text stands on, without the one at whose start it ends: none where whole lines come or go. */
function touchedLines(table: LineTable, start: number, end: number): LineRange {
  const first = table.position(start)
  const last = table.position(end)
  const endsBefore = last.column === 1 && (start < end || first.column === 1)
  return [first.line, endsBefore ? last.line - 1 : last.line]
}

function textsOf(table: LineTable, [first, last]: LineRange): string[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => table.lineText(first + i))
}
