import type { PythonNode, PythonRuleContext, WithStatementNode } from '@krait/python'
import { caughtTypes, namedExceptionTypes, positionalArguments } from '@krait/python'

const CATCHES_VALUE_ERROR: ReadonlySet<string> = new Set(['builtins.ValueError', 'builtins.Exception', 'builtins.BaseException'])

/** Whether a `ValueError` of a node is handled in the code around it: by a `try`, or by `suppress()`. */
export function isValueErrorHandled(context: PythonRuleContext, node: PythonNode): boolean {
  for (let child = node, up = node.parent; up; child = up, up = up.parent) {
    if (up.kind === 'function_definition' || up.kind === 'lambda' || up.kind === 'class_definition') return false
    if (up.kind === 'try_statement' && child === up.body && handles(context, up)) return true
    if (up.kind === 'with_statement' && child === up.body && suppresses(context, up)) return true
  }
  return false
}

function handles(context: PythonRuleContext, statement: PythonNode): boolean {
  return statement.namedChildren.some((clause) => clause.kind === 'except_clause' && caughtTypes(context, clause).some(isValueError))
}

function suppresses(context: PythonRuleContext, statement: WithStatementNode): boolean {
  for (const call of statement.namedChildren[0]?.descendants('call') ?? []) {
    if (context.resolve(call.function) !== 'contextlib.suppress') continue
    if (namedExceptionTypes(context, positionalArguments(call).map((argument) => context.values.summary(argument))).some(isValueError)) return true
  }
  return false
}

function isValueError(type: string | null): boolean {
  return type !== null && CATCHES_VALUE_ERROR.has(type)
}
