import type { Position } from '../syntax/node.ts'

/**
 * Turns offsets into lines and columns and back. A line ends at `\n`, `\r\n` or `\r`, as in Python's own tokenizer; a form feed ends none.
 * Offsets are UTF-16 code units from 0; lines and columns start at 1.
 */
export class LineTable {
  /** The offset at which each line starts. */
  readonly starts: Uint32Array
  #lines: readonly string[] | undefined

  constructor(readonly text: string) {
    this.starts = lineStarts(text)
  }

  get lineCount(): number {
    return this.starts.length
  }

  get lines(): readonly string[] {
    return (this.#lines ??= Array.from({ length: this.lineCount }, (_, i) => this.lineText(i + 1)))
  }

  /** The 1-based line on which the offset stands. */
  lineAt(offset: number): number {
    const { starts } = this
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  position(offset: number): Position {
    const line = this.lineAt(offset)
    return { line, column: offset - this.starts[line - 1]! + 1 }
  }

  offset(position: Position): number {
    const start = this.starts[position.line - 1]
    if (start === undefined) throw new RangeError(`line ${position.line} is outside 1..${this.lineCount}`)
    return start + position.column - 1
  }

  /** The text of a 1-based line without its line break. */
  lineText(line: number): string {
    const start = this.starts[line - 1]!
    let end = line < this.lineCount ? this.starts[line]! : this.text.length
    if (end > start && this.text.charCodeAt(end - 1) === LINE_FEED) end--
    if (end > start && line < this.lineCount && this.text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--
    return this.text.slice(start, end)
  }
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

function lineStarts(text: string): Uint32Array {
  const starts = [0]
  if (text.includes('\r')) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(i + 1) !== LINE_FEED)) starts.push(i + 1)
    }
  } else {
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  }
  return Uint32Array.from(starts)
}
