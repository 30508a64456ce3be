import type { FlatTree } from '@krait/core'
import type { PythonNode } from '../syntax/node.ts'
import { showKind } from './kind.ts'
import type { Kind } from './kind.ts'

/** Longer expressions are cut. */
const MAX_TEXT = 60

/** The expressions of a file that are points or spans of time, one a line, for people: `12:8 now - row.created_at: delta`. */
export function dumpKinds(tree: FlatTree, kindOf: (node: PythonNode) => Kind): string {
  const lines: string[] = []
  for (let index = 0; index < tree.size; index++) {
    const node = tree.node(index) as PythonNode
    if (!EXPRESSIONS.has(node.kind) || isOnlyName(node)) continue
    const kind = kindOf(node)
    if (kind.kind === 'unknown' || kind.kind === 'none') continue
    const { line, column } = node.loc.start
    lines.push(`${line}:${column} ${shortened(node.text)}: ${showKind(kind)}`)
  }
  return lines.join('\n')
}

const EXPRESSIONS: ReadonlySet<string> = new Set([
  'identifier',
  'attribute',
  'call',
  'await',
  'binary_operator',
  'boolean_operator',
  'conditional_expression',
  'string',
  'subscript',
])

/** The name of a target, an argument, an attribute or a definition is no expression. */
function isOnlyName(node: PythonNode): boolean {
  const { fieldName } = node
  if (fieldName === 'name' || fieldName === 'attribute' || fieldName === 'left' || fieldName === 'type') return node.parent?.kind !== 'binary_operator' && node.parent?.kind !== 'boolean_operator'
  return node.closest('type', 'import_statement', 'import_from_statement', 'parameters') !== null
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 3)}...` : line
}
