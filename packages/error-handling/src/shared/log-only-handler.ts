import { boundException, effectsOfCall, isLoggingOrReporterCall, ownCode, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, ExceptClauseNode, PythonNode } from '@krait/python'
import { constantText } from './handler-outcome.ts'
import { inertStatements } from './inert-statements.ts'

/**
 * Whether a handler logs or reports the error, and beside that only rolls back, returns a literal, or does what `inertStatements` knows. Not so one that keeps the
 * exception.
 */
export function onlyLogs(context: EffectContext, clause: ExceptClauseNode): boolean {
  const rest: PythonNode[] = []
  const pending = [...(clause.namedChildren.find(({ kind }) => kind === 'block')?.namedChildren ?? [])]
  let logs = 0
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    const call = callOf(statement)
    if (call && isLoggingOrReporterCall(context, call)) {
      if (doesMore(context, call)) return false
      logs++
    } else if (call && isRollback(call)) continue
    else if (statement.kind === 'block' || statement.kind === 'else_clause') pending.push(...statement.namedChildren)
    else if (statement.kind === 'if_statement' || statement.kind === 'elif_clause') {
      if (!isPure(statement.condition)) return false
      pending.push(...statement.namedChildren.filter((child) => child !== statement.condition))
    } else if (statement.kind !== 'comment' && (statement.kind !== 'return_statement' || constantText(statement) === null)) rest.push(statement)
  }
  return logs > 0 && inertStatements(rest) !== null && !keepsException(clause, rest)
}

/** Whether a function of the project that logs also raises, writes, or tells somebody. */
export function doesMore(context: EffectContext, call: CallNode): boolean {
  const { summary } = effectsOfCall(context, call)
  if (!summary) return false
  const { raises, effects } = summary
  return raises.length > 0 || effects.write !== undefined || effects['external-effect'] !== undefined
}

/** The call that is a statement of its own, perhaps awaited. */
export function callOf(statement: PythonNode): CallNode | null {
  if (statement.kind !== 'expression_statement') return null
  const [expression] = statement.namedChildren
  const inner = expression?.kind === 'await' ? expression.namedChildren[0] : expression
  return inner?.kind === 'call' ? inner : null
}

export function isRollback(call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  return called.kind === 'attribute' && called.attribute.text === 'rollback'
}

function isPure(condition: PythonNode): boolean {
  for (const node of ownCode(condition)) if (node.kind === 'call' || node.kind === 'await' || node.kind === 'named_expression') return false
  return true
}

/** Whether a statement other than those that log looks at the exception. */
function keepsException(clause: ExceptClauseNode, statements: readonly PythonNode[]): boolean {
  const name = boundException(clause)
  if (name === null) return false
  return statements.some((statement) => {
    for (const node of ownCode(statement)) if (node.kind === 'identifier' && node.text === name) return true
    return false
  })
}
