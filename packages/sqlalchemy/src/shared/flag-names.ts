import type { CallNode, PythonServices } from '@krait/python'
import { classOfExpression, lastPart, withoutParentheses } from '@krait/python'

const FUNCTIONS: ReadonlySet<string> = new Set(
  'is_feature_enabled feature_enabled is_flag_enabled flag_enabled has_feature evaluate_flag get_flag get_feature_flag'.split(' '),
)
const METHODS: ReadonlySet<string> = new Set(['is_enabled', 'enabled', 'is_active', 'evaluate', 'get', 'variation'])

/** Whether a call asks for a feature flag, judged by names. */
export function isFlagCall(context: PythonServices, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind === 'identifier') return FUNCTIONS.has(called.text) || FUNCTIONS.has(lastPart(context.resolve(called) ?? ''))
  if (called.kind !== 'attribute') return false
  const method = called.attribute.text
  if (FUNCTIONS.has(method)) return true
  if (!METHODS.has(method)) return false
  const receiver = withoutParentheses(called.object)
  const name = receiver.kind === 'attribute' ? receiver.attribute.text : receiver.kind === 'identifier' ? receiver.text : ''
  return isFlagName(name) || isFlagName(lastPart(classOfExpression(context, receiver) ?? ''))
}

function isFlagName(name: string): boolean {
  return /flag|feature/i.test(name)
}
