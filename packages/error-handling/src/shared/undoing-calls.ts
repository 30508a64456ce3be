import { ownCode } from '@krait/python'
import type { CallNode, FunctionNode, PythonNode, PythonServices } from '@krait/python'
import { functionOf } from './functions-of-file.ts'
import { isSameChange, isUndoneBy, stateChange, UNDOING_METHODS } from './state-changes.ts'
import type { StateChange } from './state-changes.ts'

/**
 * The calls in some code that undo a change, or that get something which will: functions and methods of the file whose body undoes it, given as callback
 * or called; lambdas; methods such as `lock.release`.
 * @param changes what each function of the file changes, if that undoes anything
 */
export function undoingCalls(context: PythonServices, code: FunctionNode, change: StateChange, changes: ReadonlyMap<FunctionNode, readonly StateChange[]>): readonly CallNode[] {
  const found: CallNode[] = []
  for (const node of ownCode(code)) {
    if (node.kind !== 'call' || !node.function) continue
    const used = [node.function, ...argumentsOf(node)]
    if (used.some((expression, position) => undoes(expression, position > 0))) found.push(node)
  }
  return found

  function undoes(expression: PythonNode, isGiven: boolean): boolean {
    if (isGiven && expression.kind === 'attribute' && UNDOING_METHODS.has(expression.attribute.text)) return isMethodOfPlace(expression.object, change)
    const target = expression.kind === 'lambda' ? expression : functionOf(context, expression)
    return target !== null && target !== code && leadsToUndoing(context, target, change, changes)
  }
}

function isMethodOfPlace(object: PythonNode, { text, place }: StateChange): boolean {
  return object.text === text || (place !== null && place.element !== null && text.startsWith(`${object.text}[`))
}

function argumentsOf({ arguments: list }: CallNode): readonly PythonNode[] {
  if (list?.kind !== 'argument_list') return []
  return list.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child))
}

/** Whether a function, or one of the file that it calls, undoes the change without making it. */
function leadsToUndoing(context: PythonServices, start: FunctionNode, change: StateChange, changes: ReadonlyMap<FunctionNode, readonly StateChange[]>): boolean {
  const seen = new Set([start])
  for (const code of seen) {
    const own = changes.get(code) ?? []
    if (own.some((other) => isUndoneBy(change, other)) && !makes(context, code, change)) return true
    for (const node of ownCode(code)) {
      const called = node.kind === 'call' ? functionOf(context, node.function) : null
      if (called) seen.add(called)
    }
  }
  return false
}

function makes(context: PythonServices, code: FunctionNode, change: StateChange): boolean {
  for (const node of ownCode(code)) {
    const other = stateChange(context, node)
    if (other && isSameChange(other, change)) return true
  }
  return false
}
