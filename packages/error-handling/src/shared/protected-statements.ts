import { summaryOfCall, withoutParentheses } from '@krait/python'
import type { BlockNode, EffectContext, PythonNode, WithItemNode } from '@krait/python'
import type { SessionStatement } from './session-statements.ts'

/** Whether a statement stands in a `with` of the `try` body that rolls its session back, or closes it, before a handler of that `try` is asked. */
export function isProtected(context: EffectContext, { call, session }: SessionStatement, body: BlockNode): boolean {
  for (let node = call.parent; node && node !== body; node = node.parent) {
    if (node.kind !== 'with_statement') continue
    const items = node.namedChildren.find(({ kind }) => kind === 'with_clause')?.namedChildren ?? []
    if (items.some((item) => item.kind === 'with_item' && (opens(item, session) || rollsBack(context, item)))) return true
  }
  return false
}

/** `with SessionLocal() as session`, and what is made of it: `session.users` */
export function opens({ value }: WithItemNode, session: PythonNode): boolean {
  const item = withoutParentheses(value)
  const target = item.kind === 'as_pattern' ? item.alias?.namedChildren[0]?.text : undefined
  return target !== undefined && (session.text === target || session.text.startsWith(`${target}.`))
}

/** `with session.begin():`, `with session.begin_nested():`, and context managers of the project that roll back. */
function rollsBack(context: EffectContext, { value }: WithItemNode): boolean {
  const item = withoutParentheses(value)
  const manager = withoutParentheses(item.kind === 'as_pattern' ? (item.namedChildren[0] ?? item) : item)
  if (manager.kind !== 'call') return false
  const called = withoutParentheses(manager.function)
  if (called.kind === 'attribute' && (called.attribute.text === 'begin' || called.attribute.text === 'begin_nested')) return true
  const effects = summaryOfCall(context, manager)?.effects
  return effects?.rollback !== undefined
}
