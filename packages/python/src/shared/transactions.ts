import { summaryOfCall } from '../calls/called-project-function.ts'
import type { CallPath } from '../calls/summary.ts'
import { ATOMIC } from '../data/database-writes.ts'
import type { CallNode, FunctionDefinitionNode, WithItemNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { shapeOfCall } from './call-shape.ts'
import { classOfExpression } from './called-function.ts'
import { isDatabaseCall, isSession } from './database-calls.ts'
import { beginsTransaction } from './direct-effects.ts'
import type { EffectContext } from './effects.ts'
import { callsOf } from './function-calls.ts'
import { withoutParentheses } from './parentheses.ts'

/** A block of a `with` whose end commits. */
export interface TransactionBlock {
  /** Who commits: a session, connection or engine; Django's `atomic()`; or a context manager of the project. */
  readonly by: 'session' | 'django' | 'project'
  /** The session that is committed, if it has a name there. */
  readonly session: PythonNode | null
}

/** The transaction that an item of a `with` opens and its end commits; `null` for all other items. */
export function transactionBlock(context: EffectContext, { value }: WithItemNode): TransactionBlock | null {
  const item = withoutParentheses(value)
  const manager = withoutParentheses(item.kind === 'as_pattern' ? (item.namedChildren[0] ?? item) : item)
  const target = item.kind === 'as_pattern' ? (item.alias?.namedChildren[0] ?? null) : null
  if (context.resolvesTo(manager, [ATOMIC])) return { by: 'django', session: null }
  if (manager.kind !== 'call') return committingObject(context, manager) ? { by: 'project', session: target } : null
  if (context.resolvesTo(manager.function, [ATOMIC])) return { by: 'django', session: null }
  const called = withoutParentheses(manager.function)
  if (called.kind === 'attribute' && called.attribute.text === 'begin') {
    const shape = shapeOfCall(context, manager)
    const { project, settings } = context
    if (isSession(context, called.object)) return { by: 'session', session: called.object }
    return shape && beginsTransaction({ project, settings, path: project.path }, shape) ? { by: 'session', session: target } : null
  }
  const summary = summaryOfCall(context, manager)
  const commit = summary?.kind === 'context-manager' ? summary.effects.commit : undefined
  if (commit && endsInAtomic(context, commit)) return { by: 'django', session: null }
  return commit || committingObject(context, manager) ? { by: 'project', session: target } : null
}

/** Whether what commits at the end of a path is Django's `atomic`. */
function endsInAtomic({ project }: EffectContext, path: CallPath): boolean {
  const last = path.at(-1)
  const call = last?.call === undefined ? undefined : callsOf(project, last.function)?.calls[last.call]
  return call?.callee !== undefined && project.resolveName(call.callee, last!.path) === ATOMIC
}

/** Whether a function is decorated with Django's `atomic`, so that its end commits. */
export function isAtomicFunction(context: EffectContext, { parent }: FunctionDefinitionNode): boolean {
  if (parent?.kind !== 'decorated_definition') return false
  return parent.namedChildren.some((decorator) => {
    const expression = decorator.kind === 'decorator' ? decorator.namedChildren[0] : undefined
    return expression !== undefined && context.resolvesTo(expression.kind === 'call' ? expression.function : expression, [ATOMIC])
  })
}

/** The session or connection on which a call commits: `session` of `session.commit()`; `null` for all other calls. */
export function committedSession(context: EffectContext, call: CallNode): PythonNode | null {
  const called = withoutParentheses(call.function)
  return called.kind === 'attribute' && called.attribute.text === 'commit' && isDatabaseCall(context, call) ? called.object : null
}

/** An object of a project class whose `__exit__` commits. */
function committingObject(context: EffectContext, manager: PythonNode): boolean {
  const { project } = context
  const className = classOfExpression(context, manager)
  if (className === null || project.definition(className)?.kind !== 'class') return false
  return ['__exit__', '__aexit__'].some((method) => {
    const member = project.member(className, method)
    return member?.fact.kind === 'function' && project.summary(`${member.owner}.${method}`)?.effects.commit !== undefined
  })
}
