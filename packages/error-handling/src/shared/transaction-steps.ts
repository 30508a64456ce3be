import { DJANGO_SESSION, effectsOfCall, identityOf, isAtomicFunction, isSession, sessionsOfCall, transactionBlock, withoutParentheses } from '@krait/python'
import type { CallNode, CallPath, EffectContext, PythonNode, WithItemNode } from '@krait/python'
import { codeOf } from './unit.ts'
import type { Unit } from './unit.ts'

/** A call that works with the database. */
export interface DatabaseStep {
  readonly call: CallNode
  /** The proofs, see `effectsOfCall`. */
  readonly write: CallPath | null
  readonly commit: CallPath | null
  readonly isRollback: boolean
  /** What identifies the sessions with which it works. */
  readonly sessions: ReadonlySet<string>
}

/** A `with` whose end commits. */
export interface CommitBlock {
  readonly item: WithItemNode
  readonly sessions: ReadonlySet<string>
}

/** What a function, or the code of a module, does with transactions, in the order of the source. */
export interface Transactions {
  readonly steps: readonly DatabaseStep[]
  readonly blocks: readonly CommitBlock[]
  /** It is decorated so that its end commits. */
  readonly isAtomic: boolean
}

/** @param unit the function or module, without functions that are defined in it */
export function transactionsOf(context: EffectContext, unit: Unit): Transactions {
  const blocks: CommitBlock[] = []
  const calls: CallNode[] = []
  for (const node of codeOf(unit, 'call', 'with_item')) {
    if (node.kind === 'call') calls.push(node)
    const block = node.kind === 'with_item' ? transactionBlock(context, node) : null
    if (!block || node.kind !== 'with_item') continue
    const sessions = block.by === 'django' ? [DJANGO_SESSION] : block.session ? [identityOf(context, block.session)] : []
    blocks.push({ item: node, sessions: new Set(sessions) })
  }
  const isAtomic = unit.kind === 'function_definition' && isAtomicFunction(context, unit)
  const usesDjango = isAtomic || blocks.some(({ sessions }) => sessions.has(DJANGO_SESSION))
  return { steps: calls.flatMap((call) => stepOf(context, call, usesDjango) ?? []), blocks, isAtomic }
}

function stepOf(context: EffectContext, call: CallNode, usesDjango: boolean): DatabaseStep | null {
  const { paths } = effectsOfCall(context, call)
  const write = paths.get('write') ?? null
  const commit = paths.get('commit') ?? null
  const isRollback = !write && !commit && (paths.has('rollback') || isRollbackOfSession(context, call))
  if (!write && !commit && !isRollback) return null
  const sessions = new Set(sessionsOfCall(context, call))
  const called = withoutParentheses(call.function)
  if (write && usesDjango && !(called.kind === 'attribute' && isSession(context, called.object))) sessions.add(DJANGO_SESSION)
  return { call, write, commit, isRollback, sessions }
}

function isRollbackOfSession(context: EffectContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  return called.kind === 'attribute' && called.attribute.text === 'rollback' && isSession(context, called.object)
}

/** Whether two steps or blocks work with one session. */
export function shareSession(a: { readonly sessions: ReadonlySet<string> }, b: { readonly sessions: ReadonlySet<string> }): boolean {
  return [...a.sessions].some((session) => b.sessions.has(session))
}

/** The line on which a node begins. */
export function lineOf({ loc }: PythonNode): number {
  return loc.start.line
}
