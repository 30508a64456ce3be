import { isCallOf, namedExceptionTypes } from '@krait/python'
import type { ExceptionType, PythonNode, PythonRuleContext, WithItemNode, WithStatementNode } from '@krait/python'

/** An item of a `with` that drops exceptions. */
export interface Suppression {
  readonly item: WithItemNode
  /** What makes the manager: `suppress(OSError)`, or a name bound to that. */
  readonly manager: PythonNode
  readonly types: readonly ExceptionType[]
}

const SUPPRESS = ['contextlib.suppress']

/** The items of a `with` that are a `contextlib.suppress`, in order. */
export function suppressionsOf(context: PythonRuleContext, statement: WithStatementNode): readonly Suppression[] {
  const clause = statement.namedChildren.find((child) => child.kind === 'with_clause')
  const found: Suppression[] = []
  for (const item of clause?.namedChildren ?? []) {
    if (item.kind !== 'with_item') continue
    const manager = item.value.kind === 'as_pattern' ? (item.value.namedChildren[0] ?? item.value) : item.value
    if (manager.kind === 'call' && !context.resolvesTo(manager.function, SUPPRESS)) continue
    const made = context.values.of(manager)
    if (isCallOf(made, ...SUPPRESS)) found.push({ item, manager, types: namedExceptionTypes(context, made.arguments) })
  }
  return found
}
