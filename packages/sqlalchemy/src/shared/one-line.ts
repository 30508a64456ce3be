import type { PythonNode } from '@krait/python'

/** The code of an expression in one line, for a message; longer code is cut off. @param maxLength in UTF-16 code units */
export function oneLine({ text }: PythonNode, maxLength = 40): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line
}
