import { callLabel, findInputOutput, ownCode } from '@krait/python'
import type { BlockNode, DatabaseContext, ExceptClauseNode, PythonNode } from '@krait/python'

/** Longer lists of types are cut. */
const MAX_LENGTH = 80

/** An `except` clause as a message names it, without its colon and its `as`: `except (OSError, ValueError)`. */
export function describeHandler(clause: ExceptClauseNode): string {
  const keyword = clause.children[1]?.kind === '*' ? 'except*' : 'except'
  if (clause.value.length === 0) return keyword
  const text = `${keyword} ${clause.value.map(textOfTypes).join(', ')}`
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH).trimEnd()}…` : text
}

/** The end of `except E as e:`. */
export function headerEnd(clause: ExceptClauseNode): number {
  return clause.children.find(({ kind }) => kind === ':')?.end ?? clause.end
}

/** The types on one line, without comments. */
function textOfTypes(value: PythonNode): string {
  const types = value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value
  return types.kind === 'tuple' ? `(${types.namedChildren.map(({ text }) => text).join(', ')})` : types.text
}

/** The call that a message names for a `try` block: one that waits for the outside, or else the first one; `null` if there is none. */
export function sourceLabel(context: DatabaseContext, body: BlockNode): string | null {
  const waiting = findInputOutput(context, body)
  const call = (waiting && firstCall(context, waiting)) ?? firstCall(context, body)
  return call && callLabel(call)
}

/** The first call; a builtin such as `isinstance()` only if there is no other. */
function firstCall(context: DatabaseContext, root: PythonNode): PythonNode | null {
  let builtin: PythonNode | null = null
  for (const node of ownCode(root)) {
    if (node.kind !== 'call') continue
    if (!context.resolve(node.function)?.startsWith('builtins.')) return node
    builtin ??= node
  }
  return builtin
}
