import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { Definition, lastPart } from '@krait/python'
import { branchesOf, valueBehind } from './values.ts'

/** Functions that read the clock, or a time stamp, into a naive datetime where they get no zone. */
const READINGS: ReadonlySet<string> = new Set(['now', 'utcnow', 'today', 'fromtimestamp', 'utcfromtimestamp'].map((name) => `datetime.datetime.${name}`))

/** The function by which a call reads a naive datetime: `utcnow`; `null` for all else. */
export function naiveReading(context: PythonRuleContext, call: CallNode): string | null {
  const name = context.resolve(call.function)
  if (name === null || !READINGS.has(name)) return null
  return context.kindOf(call).kind === 'naive' ? lastPart(name) : null
}

/** Whether a value is a naive reading of the clock, directly or through locals and sums. */
export function isNaiveReading(context: PythonRuleContext, node: PythonNode): boolean {
  if (context.kindOf(node).kind !== 'naive') return false
  return branchesOf(context, node).every((branch) => isOneReading(context, branch))
}

function isOneReading(context: PythonRuleContext, node: PythonNode): boolean {
  for (const part of valueBehind(context, node)) {
    if (part.kind === 'call' && naiveReading(context, part) !== null) return true
    if (part.kind === 'identifier' && allAreReadings(context, part)) return true
  }
  return false
}

/** Whether all values that a local may have at a place are readings. */
function allAreReadings(context: PythonRuleContext, node: PythonNode): boolean {
  const origins = context.kinds.originsOf(node)
  if (!origins || origins.length < 2) return false
  return origins.every(({ from }) => from instanceof Definition && from.value?.kind === 'call' && naiveReading(context, from.value) !== null)
}
