import type { SyntaxNode } from '@krait/core'

/** Longer code is cut in messages. */
const MAX_LENGTH = 80

/** The code of a node as a message shows it: its first line, cut where it is long. */
export function excerpt({ text }: SyntaxNode): string {
  const end = text.search(/[\r\n]/)
  const line = end === -1 ? text : text.slice(0, end).trimEnd()
  if (line.length > MAX_LENGTH) return `${line.slice(0, MAX_LENGTH).trimEnd()}…`
  return end === -1 ? line : `${line} …`
}
