import { LineTable, type ChangedFile } from '@krait/core'

/**
 * Gives the changed lines the numbers that krait gives them: for git a line ends at `\n` only, for Python, and so for krait, also at a `\r`
 * that stands alone.
 */
export function numberLikePython(file: ChangedFile, text: string): ChangedFile {
  if (!/\r(?!\n)/.test(text)) return file
  const table = new LineTable(text)
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return {
    ...file,
    lines: file.lines.map(([first, last]) => [table.lineAt(starts[first - 1] ?? text.length), lastOf(last)]),
    deletions: file.deletions.map(lastOf),
  }

  function lastOf(line: number): number {
    const next = starts[line]
    return table.lineAt(next === undefined ? text.length : next - 1)
  }
}
