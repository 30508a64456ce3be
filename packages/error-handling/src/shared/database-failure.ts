import { effectsOfCall, ownCode } from '@krait/python'
import type { CallNode, CallPath, EffectContext, FunctionDefinitionNode, PythonNode, PythonRuleContext } from '@krait/python'
import { handlerOfLostConnection } from './connection-errors.ts'
import { functionOf } from './functions-of-file.ts'

/** The path to the database call whose error a call lets out; empty if that is not known or the call itself, `null` if it lets none out. */
export function databaseFailure(context: PythonRuleContext, call: CallNode): CallPath | null {
  const { function: name, summary } = effectsOfCall(context, call)
  if (name === null) return talksToDatabase(context, call) ? [] : null
  if (!summary) return null
  return summary.databaseFailure ?? (letsErrorOut(context, functionOf(context, call.function)) ? [] : null)
}

function talksToDatabase(context: EffectContext, call: CallNode): boolean {
  const { paths } = effectsOfCall(context, call)
  return paths.has('database') || paths.has('query') || paths.has('commit')
}

/** Whether a function of the file, or one that it calls, lets out the error of a session that only its place tells: `with self.open() as session`. */
function letsErrorOut(context: PythonRuleContext, start: FunctionDefinitionNode | null): boolean {
  const seen = new Set(start ? [start] : [])
  for (const definition of seen) {
    for (const node of ownCode(definition.body)) {
      if (node.kind !== 'call' || isCaught(context, node)) continue
      const { function: name } = effectsOfCall(context, node)
      if (name === null && talksToDatabase(context, node)) return true
      const called = name === null ? null : functionOf(context, node.function)
      if (called) seen.add(called)
    }
  }
  return false
}

/** Whether a handler around a place in its function catches the error of a lost connection without raising again. */
function isCaught(context: PythonRuleContext, place: PythonNode): boolean {
  for (let child = place, node = place.parent; node && node.kind !== 'function_definition'; child = node, node = node.parent) {
    if (node.kind !== 'try_statement' || child !== node.body) continue
    const handler = handlerOfLostConnection(context, node)
    if (handler && ![...ownCode(handler)].some(({ kind }) => kind === 'raise_statement')) return true
  }
  return false
}
