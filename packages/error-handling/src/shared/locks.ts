import { classOfExpression, withoutParentheses } from '@krait/python'
import type { CallNode, PythonNode, PythonServices } from '@krait/python'
import { receiverOf } from './shared-places.ts'
import type { StateChange } from './state-changes.ts'

const LOCKS: ReadonlySet<string> = new Set(
  ['asyncio', 'multiprocessing', 'threading'].flatMap((module) => ['BoundedSemaphore', 'Condition', 'Lock', 'RLock', 'Semaphore'].map((name) => `${module}.${name}`)),
)

/** What `acquire()` and `release()` of a lock or semaphore do that other code can see. */
export function changeOfLock(context: PythonServices, call: CallNode, lock: PythonNode, method: 'acquire' | 'release'): StateChange | null {
  if (!LOCKS.has(classOfExpression(context, lock) ?? '') || isOwnLock(context, lock)) return null
  const name = `lock ${lock.text}`
  return { kind: 'lock', node: call, text: lock.text, place: null, sets: method === 'acquire' ? [name] : [], undoes: method === 'release' ? [name] : [], rebinds: null }
}

/** A lock that other code can not know: a local name or what it holds, and what a parameter holds. */
function isOwnLock(context: PythonServices, lock: PythonNode): boolean {
  let root = lock
  while (root.kind === 'attribute') root = withoutParentheses(root.object)
  const binding = root.kind === 'identifier' ? context.scopes.bindingOf(root) : null
  if (!binding || binding.scope !== context.scopes.scopeOf(root).function) return false
  const isParameter = binding.definitions.some(({ kind }) => kind === 'parameter')
  return !isParameter || (root !== lock && !receiverOf(context, root))
}
