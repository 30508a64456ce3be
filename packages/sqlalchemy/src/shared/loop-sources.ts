import type { CallNode, PythonNode, PythonServices } from '@krait/python'
import { positionalArguments } from '@krait/python'
import { methodOf, targetsOf } from './loops.ts'
import type { Loop } from './loops.ts'

/** Functions that name what a query reads from. */
const SOURCES: ReadonlySet<string> = new Set(['get', 'get_one', 'query', 'select', 'select_from'])

/** Whether each round reads another model or table, as in `session.scalars(select(model))`: there is nothing to put together. */
export function isOfEachSource(context: PythonServices, expression: PythonNode, loop: Loop): boolean {
  const targets = new Set(targetsOf(loop).map((target) => context.scopes.bindingOf(target)))
  const isTarget = (node: PythonNode | undefined): boolean => node?.kind === 'identifier' && targets.has(context.scopes.bindingOf(node))
  for (const part of [expression, ...expression.descendants('call')]) {
    if (part.kind !== 'call' || !SOURCES.has(methodOf(part)?.text ?? '')) continue
    const isOnTable = part.function.kind === 'attribute' && part.function.attribute.text === 'select' && isTarget(part.function.object)
    if (isOnTable || (isTarget(positionalArguments(part)[0]) && isSource(part))) return true
  }
  return false
}

/** `session.get(model, id)`, not `names.get(id)`. */
function isSource(call: CallNode): boolean {
  return !/^get/.test(methodOf(call)?.text ?? '') || positionalArguments(call).length > 1
}
