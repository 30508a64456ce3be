import type { PythonNode } from '../syntax/node.ts'
import type { CallNode, ExceptClauseNode, ForStatementNode, WithItemNode } from '../generated/nodes.ts'

/** Whether leaving a `with` item may stop an exception: `maybe` stops some, `always` all. */
export type Swallowing = 'never' | 'maybe' | 'always'

/**
 * What an `except` clause catches: `all` exceptions, so that the clauses after it are never asked; all `exceptions` that derive from `Exception`,
 * so that only interrupts and the like are left; or `some`.
 */
export type Catching = 'all' | 'exceptions' | 'some'

/** What a graph can not know from the code alone. Every member has a default that goes by names as they are written. */
export interface FlowOptions {
  /**
   * Whether a call never comes back: it raises or ends the process. Asked for calls that are all that a statement does (also awaited, returned,
   * or as in `ok or fail()`).
   */
  readonly neverReturns?: (call: CallNode) => boolean
  /**
   * Whether evaluating this very node raises nothing, its parts aside. Asked for calls, attributes, subscripts, operators, imports, `await`,
   * `yield`, `with` items (entering and leaving), loop targets and definitions.
   */
  readonly cannotRaise?: (node: PythonNode) => boolean
  /** Whether leaving the item's block may swallow the exception. */
  readonly swallows?: (item: WithItemNode) => Swallowing
  /** What the clause catches. */
  readonly catches?: (clause: ExceptClauseNode) => Catching
  /** Whether the loop's body runs at least once. */
  readonly runsAtLeastOnce?: (loop: ForStatementNode) => boolean
  /** Whether `throw()` and `close()` can raise at a `yield`; default true. */
  readonly yieldRaises?: boolean
  /** Which side of `if TYPE_CHECKING:` is followed: `run-time` takes it as false (default), `checker` as true, `both` as unknown. */
  readonly typeChecking?: 'run-time' | 'checker' | 'both'
}

/** `sys.exit()`, `os._exit()`, `os.abort()`, `exit()` and `quit()`, as written. */
export function neverReturnsByName(call: CallNode): boolean {
  return ENDING.has(call.function?.text ?? '')
}

const ENDING = new Set(['sys.exit', 'os._exit', 'os.abort', 'exit', 'quit'])

/** `contextlib.suppress`, `pytest.raises` and unittest's `assertRaises` may swallow, as written; no other manager does. */
export function swallowsByName(item: WithItemNode): Swallowing {
  const manager = contextManager(item)
  if (manager?.kind !== 'call') return 'never'
  return /^(contextlib\.suppress|suppress|pytest\.raises|self\.assertRaises(Regex)?)$/.test(manager.function?.text ?? '') ? 'maybe' : 'never'
}

/** The expression of a `with` item without its `as`. */
export function contextManager(item: WithItemNode): PythonNode | null {
  let value: PythonNode | null = item.value
  while (value?.kind === 'parenthesized_expression' || value?.kind === 'as_pattern') value = value.namedChildren[0] ?? null
  return value
}

/** A bare `except:` and one of `BaseException` catch all, one of `Exception` catches exceptions; as written. */
export function catchesByName(clause: ExceptClauseNode): Catching {
  return catchingOf(exceptionTypes(clause).map((type) => type?.text.replace(/^builtins\./, '') ?? 'BaseException'))
}

/** What a clause with these types catches. */
export function catchingOf(names: readonly string[]): Catching {
  if (names.includes('BaseException')) return 'all'
  return names.includes('Exception') ? 'exceptions' : 'some'
}

/** A loop over a display with elements, or over `range()` of one positive number. */
export function runsAtLeastOnceByForm(loop: ForStatementNode): boolean {
  const over = loop.right
  if (over?.kind === 'list' || over?.kind === 'tuple' || over?.kind === 'set' || over?.kind === 'expression_list') {
    return over.namedChildren.some((element) => element.kind !== 'list_splat')
  }
  if (over?.kind !== 'call' || over.function?.text !== 'range') return false
  const [stop, ...others] = over.arguments.namedChildren
  return others.length === 0 && stop?.kind === 'integer' && Number(stop.text.replaceAll('_', '')) > 0
}

/** The expressions that a clause compares with; the one `null` of a bare clause stands for `BaseException`. */
export function exceptionTypes(clause: ExceptClauseNode): readonly (PythonNode | null)[] {
  if (clause.value.length === 0) return [null]
  const types: PythonNode[] = []
  for (const value of clause.value) {
    const type = value.kind === 'as_pattern' ? value.namedChildren[0] : value
    if (type?.kind === 'tuple') types.push(...type.namedChildren)
    else if (type) types.push(type)
  }
  return types
}
