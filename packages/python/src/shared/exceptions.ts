import { FAILURE_TYPES, OUTCOME_TYPES } from '../data/failure-types.ts'
import type { ExceptClauseNode } from '../generated/nodes.ts'
import type { PythonRuleContext } from '../define-rule.ts'
import type { PythonNode } from '../syntax/node.ts'
import { isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { matchesEntry } from './dotted-name.ts'
import { listSetting } from './settings.ts'

/** What is asked of a rule's context here. */
export type ExceptionContext = Pick<PythonRuleContext, 'values' | 'project' | 'settings'>

/** A class by its canonical name (`builtins.OSError`, `app.errors.NotFound`), or `null` where it is not known. */
export type ExceptionType = string | null

const BROAD_TYPES: ReadonlySet<string> = new Set(['builtins.Exception', 'builtins.BaseException'])

/** Longer tuples, and tuples in tuples, are taken apart up to this many parts. */
const MAX_PARTS = 200

/** The types that an `except` clause catches, tuples taken apart and names followed; a bare `except:` catches `BaseException`. */
export function caughtTypes(context: ExceptionContext, clause: ExceptClauseNode): readonly ExceptionType[] {
  if (clause.value.length === 0) return ['builtins.BaseException']
  return namedExceptionTypes(context, clause.value.map((value) => context.values.summary(withoutAlias(value))))
}

/** The classes that values name, as in `except` and `contextlib.suppress()`: classes, tuples of them, and names bound once to either. */
export function namedExceptionTypes({ values }: ExceptionContext, given: readonly Value[]): readonly ExceptionType[] {
  const types: ExceptionType[] = []
  const pending = given.map((value) => values.follow(value)).reverse()
  for (let parts = 0; pending.length > 0; parts++) {
    const value = pending.pop()!
    if (value.kind === 'tuple' || value.kind === 'list' || value.kind === 'set') {
      if (value.open && !value.items.some(({ kind }) => kind === 'splat')) types.push(null)
      pending.push(...value.items.map((item) => values.follow(item)).reverse())
    } else if (value.kind === 'splat') pending.push(values.follow(value.operand))
    else if (value.kind === 'binary' && value.operator === '+') pending.push(values.follow(value.right), values.follow(value.left))
    else if (isCallOf(value, 'anyio.get_cancelled_exc_class')) types.push('asyncio.CancelledError')
    else types.push(value.kind === 'name' ? value.name : null)
    if (parts > MAX_PARTS) return [...types, null]
  }
  return types
}

/** Whether a type catches nearly everything: `Exception` or `BaseException`. */
export function isBroadType(type: ExceptionType): boolean {
  return type !== null && BROAD_TYPES.has(type)
}

/** Whether a clause has a broad type among its types, or none at all. */
export function isBroadHandler(context: ExceptionContext, clause: ExceptClauseNode): boolean {
  return caughtTypes(context, clause).some(isBroadType)
}

/**
 * Whether a type says that a dependency failed: one of the failure types, those of `settings.errors.failureTypes`, or a class that derives from one.
 * Outcomes such as `FileNotFoundError` are none, nor is what derives from them, unless the setting names them.
 */
export function isFailureType(context: ExceptionContext, type: ExceptionType): boolean {
  if (type === null) return false
  const { names } = context.project.ancestors(type)
  const entries = listSetting(context.settings, 'errors', 'failureTypes')
  if (entries.some((entry) => names.some((name) => matchesEntry(name, entry)))) return true
  return names.some((name) => FAILURE_TYPES.has(name)) && !names.some((name) => OUTCOME_TYPES.has(name))
}

/** The name that the exception is bound to by `as`. */
export function boundException(clause: ExceptClauseNode): string | null {
  const value = clause.value[0]
  return value?.kind === 'as_pattern' ? (value.alias?.text ?? null) : null
}

/** `except E as e` without the ` as e`. */
function withoutAlias(value: PythonNode): PythonNode {
  return value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value
}
