import type { PythonNode } from '../syntax/node.ts'
import type { CallNode, ExceptClauseNode, ForStatementNode, WithItemNode } from '../generated/nodes.ts'

/** Whether leaving a `with` item may stop an exception: `maybe` stops some, `always` all. */
export type Swallowing = 'never' | 'maybe' | 'always'

/** What a graph can not know from the code alone. Every member has a default that goes by names as they are written. */
export interface FlowOptions {
  /** Whether a call never comes back: it raises or ends the process. */
  readonly neverReturns?: (call: CallNode) => boolean
  /**
   * Whether evaluating this very node raises nothing, its parts aside. Asked for calls, attributes, subscripts, operators, imports, `await`,
   * `yield`, `with` items (entering and leaving), loop targets and definitions.
   */
  readonly cannotRaise?: (node: PythonNode) => boolean
  /** Whether leaving the item's block may swallow the exception. */
  readonly swallows?: (item: WithItemNode) => Swallowing
  /** Whether the clause catches every exception; those after it are never asked. */
  readonly catchesAll?: (clause: ExceptClauseNode) => boolean
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
  let value: PythonNode | null = item.value
  if (value?.kind === 'as_pattern') value = value.namedChildren[0] ?? null
  if (value?.kind !== 'call') return 'never'
  return /^(contextlib\.suppress|suppress|pytest\.raises|self\.assertRaises(Regex)?)$/.test(value.function?.text ?? '') ? 'maybe' : 'never'
}

/** A bare `except:` and one of `BaseException`, as written. */
export function catchesAllByName(clause: ExceptClauseNode): boolean {
  return exceptionNames(clause).some((name) => name === 'BaseException' || name === 'builtins.BaseException')
}

/** Whether `Exception` is among the types of the clause, as written. */
export function catchesExceptionByName(clause: ExceptClauseNode): boolean {
  return exceptionNames(clause).some((name) => name === 'Exception' || name === 'builtins.Exception')
}

/** A loop over a display with elements, or over `range()` of one positive number. */
export function runsAtLeastOnceByForm(loop: ForStatementNode): boolean {
  const over = loop.right
  if (over?.kind === 'list' || over?.kind === 'tuple' || over?.kind === 'set') {
    return over.namedChildren.some((element) => element.kind !== 'list_splat')
  }
  if (over?.kind !== 'call' || over.function?.text !== 'range') return false
  const [stop, ...others] = over.arguments.namedChildren
  return others.length === 0 && stop?.kind === 'integer' && Number(stop.text.replaceAll('_', '')) > 0
}

/** The types of an `except` clause as they are written; a bare one catches `BaseException`. */
function exceptionNames(clause: ExceptClauseNode): readonly string[] {
  const names: string[] = []
  for (const value of clause.value) {
    const type = value.kind === 'as_pattern' ? value.namedChildren[0] : value
    if (type?.kind === 'tuple') names.push(...type.namedChildren.map((element) => element.text))
    else if (type) names.push(type.text)
  }
  return clause.value.length === 0 ? ['BaseException'] : names
}
