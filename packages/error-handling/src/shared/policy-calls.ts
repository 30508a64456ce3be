import type { CallNode } from '@krait/python'

const CALL_NAMES: ReadonlySet<string> = new Set(['AsyncRetrying', 'Retrying', 'on_exception', 'on_predicate', 'retry'])

/** Whether a call may make a retry policy, by the last part of its name, before that is resolved. */
export function mayBePolicy({ function: called }: CallNode): boolean {
  return called.kind === 'identifier' || (called.kind === 'attribute' && CALL_NAMES.has(called.attribute.text))
}
