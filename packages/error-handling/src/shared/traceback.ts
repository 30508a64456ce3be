import { argument, calledProjectFunction, calleeName, callsOf, isReporterCall, keywordArguments, loggingCall, ownCode } from '@krait/python'
import type { CallNode, ExceptClauseNode, LoggerContext, PythonNode } from '@krait/python'

/** How deep calls are followed from a function of the project. */
const MAX_DEPTH = 3

/**
 * Whether something in a handler records the traceback: a logging call with it, the module `traceback`, a reporter, or a function of the project that does
 * one of these; or whether the exception is handed to a future, whose reader gets it with its traceback.
 * @param exception the name of the exception, if it has one
 */
export function recordsTraceback(context: LoggerContext, clause: ExceptClauseNode, exception: string | null): boolean {
  for (const node of ownCode(clause)) {
    if (node.kind === 'attribute' && node.attribute.text === '__traceback__') return true
    if (node.kind === 'call' && recordsItself(context, node, exception)) return true
  }
  return false
}

function recordsItself(context: LoggerContext, call: CallNode, exception: string | null): boolean {
  const name = context.resolve(call.function)
  if (name !== null && (name.startsWith('traceback.') || name === 'sys.exc_info')) return true
  if (carriesTraceback(context, call)) return true
  const logging = loggingCall(context, call)
  if (logging) return logging.method === 'exception'
  if (exception !== null && isMethod(call, 'set_exception') && argument(call, 'exception', 0)?.text === exception) return true
  return isReporterCall(context, call) || usesTraceback(context, call)
}

/** Whether a logging call has the traceback with it, by `exc_info` or by loguru's `opt(exception=...)`. */
export function carriesTraceback(context: LoggerContext, call: CallNode): boolean {
  for (const [name, value] of keywordArguments(call)) {
    const isMeant = name === 'exc_info' || name === '_exc_info' || (name === 'exception' && isMethod(call, 'opt'))
    if (isMeant && !isOff(context, value)) return true
  }
  return false
}

/** `exc_info=False` or `exc_info=None`. */
function isOff(context: LoggerContext, value: PythonNode): boolean {
  const constant = context.constantOf(value)
  return constant === false || constant === null
}

function isMethod({ function: called }: CallNode, name: string): boolean {
  return called?.kind === 'attribute' && called.attribute.text === name
}

/** Whether a function of the project uses the module `traceback`, directly or through what it calls. */
function usesTraceback(context: LoggerContext, call: CallNode): boolean {
  const { project } = context
  const first = calledProjectFunction(context, call)
  let level = first === null ? [] : [first]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = []
    for (const caller of level.map((name) => callsOf(project, name))) {
      for (const inner of caller?.calls ?? []) {
        const callee = calleeName(project, caller!, inner)
        if (callee?.startsWith('traceback.')) return true
        if (callee !== null) next.push(callee)
      }
    }
    level = next
  }
  return false
}
