import { REPORTERS, REPORTING_METHODS } from '../data/reporters.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { CallNode } from '../generated/nodes.ts'
import { UNKNOWN } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { calledFunction } from './called-function.ts'
import { matchesEntry } from './dotted-name.ts'
import { calleeName, callsOf } from './function-calls.ts'
import type { FunctionCalls } from './function-calls.ts'
import { isLoggingFunction, isLoggingMethod, loggingCall } from './loggers.ts'
import type { LoggerContext } from './loggers.ts'
import { withoutParentheses } from './parentheses.ts'
import { listSetting } from './settings.ts'

/** How deep calls are followed from a project function to one that logs. */
const MAX_DEPTH = 3
/** Longer chains of calls on loggers are not followed. */
const MAX_CHAIN = 8

/** Whether a call tells somebody of a failure: a call of an error tracker or the like, or of a project function whose body logs or reports. */
export function isReporterCall(context: LoggerContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute' && REPORTING_METHODS.has(called.attribute.text)) return true
  const name = calledFunction(context, call)
  return name !== null && (isReporter(context, name) || isReportingFunction(context, name))
}

/** Whether a call logs or reports. */
export function isLoggingOrReporterCall(context: LoggerContext, call: CallNode): boolean {
  return loggingCall(context, call) !== null || isReporterCall(context, call)
}

function isReporter({ settings }: LoggerContext, name: string): boolean {
  return REPORTERS.has(name) || listSetting(settings, 'logging', 'reporters').some((entry) => matchesEntry(name, entry))
}

function isReportingFunction(context: LoggerContext, name: string): boolean {
  return context.project.answerOnce('reporting function', name, false, () => reports(context, name))
}

/** Whether the body of a project function logs or reports, or calls one that does. */
function reports(context: LoggerContext, name: string): boolean {
  const seen = new Set<string>()
  let level = [name]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = []
    for (const caller of level.map((callee) => callsOf(context.project, callee))) {
      if (!caller || seen.has(caller.name)) continue
      seen.add(caller.name)
      for (const call of caller.calls) {
        const callee = calleeName(context.project, caller, call)
        if (saysSo(context, caller, call, callee)) return true
        if (callee !== null) next.push(callee)
      }
    }
    level = next
  }
  return false
}

/** Whether a call of a project function logs or reports, by its number; see `CallFact`. */
export function isLoggingOrReporterCallOf(context: LoggerContext, caller: FunctionCalls, number: number): boolean {
  const call = caller.calls[number]
  const callee = call ? calleeName(context.project, caller, call) : null
  return call !== undefined && (saysSo(context, caller, call, callee) || (callee !== null && isReportingFunction(context, callee)))
}

function saysSo(context: LoggerContext, caller: FunctionCalls, call: CallFact, callee: string | null): boolean {
  if (callee !== null) return isReporter(context, callee) || isLoggingFunction(context, callee)
  const { method, receiver, on } = call
  if (method === undefined) return false
  if (REPORTING_METHODS.has(method)) return true
  if (receiver) return isLoggingMethod(context, context.project.value(receiver, caller.path), method)
  return on !== undefined && isLoggingMethod(context, madeBy(context, caller, on), method)
}

/** The value of the call at a position, as far as its receivers go: `log.bind().info()`, `get_logger().info()`. */
function madeBy(context: LoggerContext, caller: FunctionCalls, position: number): Value {
  const chain: CallFact[] = []
  for (let at: number | undefined = position; at !== undefined && chain.length < MAX_CHAIN; at = caller.calls[at]?.on) chain.push(caller.calls[at]!)
  let value: Value = UNKNOWN
  for (const call of chain.reverse()) {
    const callee = calleeName(context.project, caller, call)
    const object: Value = call.receiver ? context.project.value(call.receiver, caller.path) : value
    const called: Value | null = call.method === undefined ? null : { kind: 'attribute', object, attribute: call.method }
    value = { kind: 'call', callee, function: callee === null ? called : null, arguments: [], keywords: {}, open: true }
  }
  return value
}
