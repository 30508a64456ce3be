import { boundException, calledFunction, effectsOfCall, isLoggingOrReporterCall, lastNameOf, ownCode } from '@krait/python'
import type { CallNode, EffectContext, ExceptClauseNode, FunctionDefinitionNode, PythonNode, TryStatementNode } from '@krait/python'
import { inertStatements } from './inert-statements.ts'
import { callOf, doesMore, isRollback } from './log-only-handler.ts'

/**
 * Whether every way through a handler ends the function normally, and on it nothing is done but logging, rolling back, and what has no effect. To return something does
 * not count, whatever it is.
 */
export function endsQuietly(context: EffectContext, fn: FunctionDefinitionNode, statement: TryStatementNode, clause: ExceptClauseNode): boolean {
  if (!isQuiet(context, clause)) return false
  const flow = context.flow(fn)
  const after = { exceptions: 'none' } as const
  if (!flow.canReach(clause, 'normal-exit', after)) return false
  for (const node of ownCode(fn.body)) {
    if (node.start < statement.end || !isNoticed(context, node)) continue
    if (flow.canReach(clause, node, after)) return false
  }
  return true
}

function isQuiet(context: EffectContext, clause: ExceptClauseNode): boolean {
  const rest: PythonNode[] = []
  const pending = [...(clause.namedChildren.find(({ kind }) => kind === 'block')?.namedChildren ?? [])]
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    const call = callOf(statement)
    if (statement.kind === 'comment' || (call && (isQuietCall(context, call) || isRollback(call)))) continue
    if (statement.kind === 'block' || statement.kind === 'else_clause') pending.push(...statement.namedChildren)
    else if (statement.kind === 'if_statement' || statement.kind === 'elif_clause') {
      const { condition } = statement
      if (!hasOnlyQuietCalls(context, condition)) return false
      pending.push(...statement.namedChildren.filter((child) => child !== condition))
    } else if (statement.kind === 'return_statement') {
      if (!hasOnlyQuietCalls(context, statement)) return false
    } else rest.push(statement)
  }
  const name = boundException(clause)
  const isKept = name !== null && rest.some((statement) => [...ownCode(statement)].some(({ kind, text }) => kind === 'identifier' && text === name))
  return !isKept && inertStatements(rest) !== null
}

function isQuietCall(context: EffectContext, call: CallNode): boolean {
  return isLoggingOrReporterCall(context, call) && !doesMore(context, call)
}

/** Whether the calls in an expression only make a value. */
function hasOnlyQuietCalls(context: EffectContext, expression: PythonNode): boolean {
  for (const node of ownCode(expression)) {
    if (node.kind !== 'call') continue
    const { paths, summary } = effectsOfCall(context, node)
    if (TELLING.has(lastNameOf(node.function) ?? '') || paths.has('write') || paths.has('external-effect') || (summary && summary.raises.length > 0)) return false
  }
  return true
}

/** Methods by which a task tells the queue what became of it. */
const TELLING: ReadonlySet<string> = new Set(['retry', 'update_state'])

/** Whether something behind the `try` may raise, or do more than log. */
function isNoticed(context: EffectContext, node: PythonNode): boolean {
  switch (node.kind) {
    case 'raise_statement':
      return true
    case 'assignment':
    case 'augmented_assignment':
      return node.left.kind === 'attribute' || node.left.kind === 'subscript'
    case 'call':
      return !isQuietCall(context, node) && !isRollback(node) && calledFunction(context, node)?.startsWith('builtins.') !== true && lastNameOf(node.function) !== 'close'
    default:
      return false
  }
}
