import type { Finding, LineTable } from '@krait/core'
import { displayWidth } from './display-width.ts'
import { escapeControls } from './escape-controls.ts'

/** How a code frame is drawn. */
export interface CodeFrameStyle {
  /** The terminal columns that code may take; longer lines are cut around the reported column. */
  readonly codeWidth: number
  /** Colors the line numbers and context lines. */
  readonly dim: (text: string) => string
  /** Colors the marks of the reported place. */
  readonly mark: (text: string) => string
}

/**
 * The reported lines (three at most) with an underline, and one line before and after them. Tabs are expanded, control characters are
 * shown as escapes, and the underline stands right below wide and combined characters.
 * @returns the rows without line breaks; none if the place lies outside the text
 */
export function codeFrame(lines: LineTable, place: Pick<Finding, 'line' | 'column' | 'endLine' | 'endColumn'>, style: CodeFrameStyle): string[] {
  if (place.line > lines.lineCount) return []
  // A range that takes in its last line's break ends at the start of the next line, which is not meant.
  const endsBeforeLine = place.endLine > place.line && place.endColumn === 1
  const lastLine = Math.min(endsBeforeLine ? place.endLine - 1 : place.endLine, lines.lineCount)
  const lastShown = Math.min(lastLine, place.line + maxReportedLines - 1)

  const firstText = lines.lineText(place.line)
  const start = Math.min(place.column - 1, firstText.length)
  const end = lastLine === place.line && !endsBeforeLine ? Math.max(start, place.endColumn - 1) : firstText.length
  const cut = cutStart(firstText, start, style.codeWidth)

  const numberWidth = String(Math.min(lastShown + 1, lines.lineCount)).length
  const gutter = (mark: string, number: string): string => `${mark} ${number.padStart(numberWidth)} |`
  const contextRow = (line: number): string[] => {
    const { text } = renderLine(line >= 1 && line <= lines.lineCount ? lines.lineText(line) : '', cut, style.codeWidth)
    return text === '' ? [] : [style.dim(`${gutter(' ', String(line))} ${text}`)]
  }
  const reportedRow = (line: number, rendered: RenderedLine): string =>
    `${style.mark('>')}${style.dim(gutter('', String(line)))} ${rendered.text}`.trimEnd()

  const first = renderLine(firstText, cut, style.codeWidth)
  const rows = [...contextRow(place.line - 1), reportedRow(place.line, first)]
  rows.push(`${style.dim(gutter(' ', ''))} ${underline(first, start, end, style)}`)
  for (let line = place.line + 1; line <= lastShown; line++) rows.push(reportedRow(line, renderLine(lines.lineText(line), cut, style.codeWidth)))
  if (lastShown < lastLine) rows.push(`${style.mark('>')} ${style.dim('...')}`)
  else rows.push(...contextRow(lastLine + 1))
  return rows
}

const maxReportedLines = 3
const tabWidth = 4
const ellipsis = '…'

/** One grapheme as it is shown. */
interface Cell {
  /** The offset in the line, in code units. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly width: number
}

interface RenderedLine {
  readonly text: string
  readonly cells: readonly Cell[]
  /** The columns before the first cell. */
  readonly indent: number
}

/** The offset from which a line is shown so that the reported one is in sight: 0 if the line fits or the offset is near its start. */
function cutStart(text: string, offset: number, width: number): number {
  const limit = longestShown(width)
  if (text.length <= limit && totalWidth(toCells(text, 0, text.length)) <= width) return 0
  if (offset <= limit && totalWidth(toCells(text, 0, offset)) <= (width * 2) / 3) return 0
  const before = toCells(text, Math.max(0, offset - limit), offset)
  let room = Math.floor(width / 3)
  let start = offset
  for (const cell of before.reverse()) {
    room -= cell.width
    if (room < 0) break
    start = cell.start
  }
  return start
}

function renderLine(text: string, cut: number, width: number): RenderedLine {
  const shown: Cell[] = []
  let room = width
  for (const cell of toCells(text, cut, Math.min(text.length, cut + longestShown(width)))) {
    room -= cell.width
    if (room < 0) break
    shown.push(cell)
  }
  const end = shown.at(-1)?.end ?? Math.min(cut, text.length)
  const code = shown.map((cell) => cell.text).join('')
  // An indent alone is nothing to see, even where more of the line was cut away.
  if (cut >= text.length || (code.trim() === '' && end === text.length)) return { text: '', cells: shown, indent: cut > 0 ? 1 : 0 }
  return { text: `${cut > 0 ? ellipsis : ''}${code}${end < text.length ? ellipsis : ''}`.trimEnd(), cells: shown, indent: cut > 0 ? 1 : 0 }
}

/** Code units beyond which a line is not looked at: enough for graphemes of several units, and no work for a line of a megabyte. */
function longestShown(width: number): number {
  return width * 8
}

function underline({ cells, indent }: RenderedLine, start: number, end: number, style: CodeFrameStyle): string {
  const before = totalWidth(cells.filter((cell) => cell.end <= start))
  const under = totalWidth(cells.filter((cell) => cell.end > start && cell.start < end))
  return ' '.repeat(indent + before) + style.mark('^'.repeat(Math.max(1, under)))
}

function toCells(text: string, from: number, to: number): Cell[] {
  const cells: Cell[] = []
  let start = isLowSurrogate(text, from) ? from + 1 : from
  let column = 0
  for (const grapheme of graphemes(text.slice(start, isLowSurrogate(text, to) ? to + 1 : to))) {
    const shown = grapheme === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : escapeControls(grapheme)
    const width = displayWidth(shown)
    cells.push({ start, end: start + grapheme.length, text: shown, width })
    start += grapheme.length
    column += width
  }
  return cells
}

function isLowSurrogate(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset)
  return code >= 0xdc00 && code <= 0xdfff && offset > 0
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

function graphemes(text: string): string[] {
  // The segmenter is slow, and nearly all code is ASCII.
  return /^[\t\x20-\x7e]*$/.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function totalWidth(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0)
}
