import { ownCode } from '@krait/python'
import type { ExceptClauseNode, Flow, FunctionDefinitionNode, PythonNode, PythonServices, TryStatementNode } from '@krait/python'

/**
 * Whether whoever calls a function cannot tell that a handler ran: it goes on to where the `try` block leads, too, and nothing there asks what happened; or it
 * returns what is returned after success.
 */
export function looksLikeSuccess(context: PythonServices, fn: FunctionDefinitionNode, statement: TryStatementNode, clause: ExceptClauseNode): boolean {
  const flow = context.flow(fn)
  const returns = returnsOf(fn).filter((found) => flow.isReachable(found))
  const isOfTry = (node: PythonNode) => statement.body.contains(node) || elseOf(statement)?.contains(node) === true
  const onSuccess = returns.filter((found) => isOfTry(found) || (!clause.contains(found) && flow.canReach(statement.body, found, { exceptions: 'none' })))
  const afterFailure = returns.filter((found) => clause.contains(found) || flow.canReach(clause, found, { exceptions: 'none' }))
  const fallsOff = (from: PythonNode) => flow.canReach(from, 'normal-exit', { exceptions: 'none', avoiding: returns })
  const failureFallsOff = fallsOff(clause)
  if (afterFailure.length === 0 && !failureFallsOff) return false
  const isNeverAnything = returns.every((found) => isNothing(found))
  const isSame = (found: PythonNode) => {
    if (isNeverAnything) return true
    if (onSuccess.includes(found)) return !tellsByName(context, flow, found, statement, clause)
    const value = constantText(found)
    return value !== null && value !== 'None' && onSuccess.some((other) => constantText(other) === value)
  }
  if (failureFallsOff && !isNeverAnything && !fallsOff(statement.body)) return false
  return afterFailure.every(isSame) && !isAskedLater(context, flow, fn, statement, clause)
}

function returnsOf(fn: FunctionDefinitionNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  for (const node of ownCode(fn.body)) if (node.kind === 'return_statement') found.push(node)
  return found
}

function elseOf(statement: TryStatementNode): PythonNode | null {
  return statement.namedChildren.find(({ kind }) => kind === 'else_clause') ?? null
}

function valueOf(statement: PythonNode): PythonNode | null {
  return statement.namedChildren.find(({ kind }) => kind !== 'comment') ?? null
}

function isNothing(statement: PythonNode): boolean {
  const value = valueOf(statement)
  return value === null || value.kind === 'none'
}

/** The text of what a `return` returns, if it is a constant or a literal of such; that of nothing is `None`. */
export function constantText(statement: PythonNode): string | null {
  const value = valueOf(statement)
  if (!value) return 'None'
  for (const node of ownCode(value)) if (NOT_CONSTANT.has(node.kind)) return null
  return value.text
}

const NOT_CONSTANT: ReadonlySet<string> = new Set(['attribute', 'await', 'call', 'identifier', 'interpolation', 'subscript', 'yield'])

/** Whether what is returned depends on a name to which the handler gives a value, or which has a constant one unless the `try` block gets through. */
function tellsByName(context: PythonServices, flow: Flow, returned: PythonNode, statement: TryStatementNode, clause: ExceptClauseNode): boolean {
  for (const node of ownCode(returned)) {
    if (node.kind !== 'identifier' || !context.scopes.bindingOf(node)) continue
    const { definitions } = flow.definitionsOf(node)
    if (definitions.some((definition) => clause.contains(definition.node))) return true
    const isOfTry = definitions.some((definition) => statement.body.contains(definition.node))
    if (isOfTry && definitions.some(({ node: other, value }) => !statement.body.contains(other) && value && CONSTANTS.has(value.kind))) return true
  }
  return false
}

const CONSTANTS: ReadonlySet<string> = new Set(['none', 'false', 'true', 'integer', 'string', 'dictionary', 'list', 'tuple', 'set'])

/** Whether a test behind the `try` reads a name that its body or the handler assigns. */
function isAskedLater(context: PythonServices, flow: Flow, fn: FunctionDefinitionNode, statement: TryStatementNode, clause: ExceptClauseNode): boolean {
  const assigned = new Set<string>()
  for (const part of [statement.body, clause]) {
    for (const node of ownCode(part)) {
      if (node.kind !== 'assignment' && node.kind !== 'named_expression' && node.kind !== 'augmented_assignment') continue
      const target = node.kind === 'named_expression' ? node.name : node.left
      for (const name of ownCode(target)) if (name.kind === 'identifier') assigned.add(name.text)
    }
  }
  if (assigned.size === 0) return false
  for (const node of ownCode(fn.body)) {
    if (node.start < statement.end || !isTest(node)) continue
    for (const name of ownCode(node)) {
      if (name.kind === 'identifier' && assigned.has(name.text) && context.scopes.bindingOf(name) && flow.canReach(clause, name, { exceptions: 'none' })) return true
    }
  }
  return false
}

/** Whether a node is the condition of an `if`, `while`, `assert` or conditional expression, or the subject of a `match`. */
function isTest(node: PythonNode): boolean {
  const { parent } = node
  switch (parent?.kind) {
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return parent.condition === node
    case 'match_statement':
      return node.kind !== 'block'
    case 'assert_statement':
      return parent.namedChildren[0] === node
    case 'conditional_expression':
      return parent.namedChildren[1] === node
    default:
      return false
  }
}
