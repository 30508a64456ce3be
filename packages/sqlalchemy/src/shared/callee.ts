import type { CallNode, PythonNode } from '@krait/python'

/** The last identifier of what is called, on whose line findings stand: `add_column` of `op.add_column(...)`. */
export function calleeName(call: CallNode): PythonNode {
  const called = call.function
  return called.kind === 'attribute' ? called.attribute : called
}
