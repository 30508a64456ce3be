import { ownCode, terminates } from '@krait/python'
import type { BlockNode, PythonNode, PythonServices } from '@krait/python'

/** Whether control that comes to the end of a block leaves the function: it ends in `return`, `raise`, a call that never returns, or branches that all do. */
export function leavesFunction(context: PythonServices, block: BlockNode): boolean {
  const pending: PythonNode[] = [block]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const last = node.namedChildren.findLast(({ kind }) => kind !== 'comment')
    if (!last) return false
    switch (last.kind) {
      case 'return_statement':
      case 'raise_statement':
        break
      case 'with_statement':
        pending.push(last.body)
        break
      case 'if_statement': {
        const other = last.alternative.at(-1)
        if (other?.kind !== 'else_clause') return false
        pending.push(last.consequence, ...last.alternative.map((part) => (part.kind === 'else_clause' ? part.body : part.consequence)))
        break
      }
      case 'expression_statement': {
        const call = last.namedChildren[0]
        if (call?.kind !== 'call' || !terminates(context, call)) return false
        break
      }
      default:
        return false
    }
  }
  return true
}

/** The names that each of some blocks assigns, by an assignment that it makes in any case. */
export function namesAssignedByAll(blocks: readonly BlockNode[]): ReadonlySet<string> {
  const [first, ...others] = blocks.map(assignedNames)
  return new Set([...(first ?? [])].filter((name) => others.every((names) => names.has(name))))
}

function assignedNames(block: BlockNode): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of block.namedChildren) {
    const [expression] = statement.kind === 'expression_statement' ? statement.namedChildren : []
    if (expression?.kind !== 'assignment') continue
    for (const target of ownCode(expression.left)) {
      if (target.kind === 'identifier' && target.parent?.kind !== 'attribute' && target.parent?.kind !== 'subscript') names.add(target.text)
    }
  }
  return names
}

/** Whether a name has been bound when control comes to a statement, as far as the order of the text tells. */
export function isBoundBefore({ scopes }: PythonServices, statement: PythonNode, name: string): boolean {
  const definitions = scopes.scopeOf(statement).lookup(name)?.definitions ?? []
  return definitions.some(({ kind, node }) => kind !== 'annotation' && kind !== 'delete' && node.start < statement.start)
}

/** Whether something follows a statement in its block, or in a block around it that is no loop. */
export function isFollowed(statement: PythonNode): boolean {
  for (let node: PythonNode | null = statement; node; node = node.parent) {
    const isStatement = node.kind !== 'case_clause' && (node.parent?.kind === 'block' || node.parent?.kind === 'module')
    if (isStatement && nextStatement(node)) return true
    if (node.parent && LOOPS_AND_FUNCTIONS.has(node.parent.kind)) return false
  }
  return false
}

const LOOPS_AND_FUNCTIONS: ReadonlySet<string> = new Set(['class_definition', 'for_statement', 'function_definition', 'while_statement'])

function nextStatement(node: PythonNode): PythonNode | null {
  let next = node.nextNamedSibling
  while (next?.kind === 'comment') next = next.nextNamedSibling
  return next
}
