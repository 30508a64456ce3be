import type { Fix, RuleFixer } from '@krait/core'
import { boundException } from '@krait/python'
import type { ExceptClauseNode, PythonServices } from '@krait/python'

/** How code in a handler can name the exception that it handles. */
export interface ExceptionName {
  readonly name: string
  /** Binds the name; `null` if the handler does so already. */
  readonly bind: ((fixer: RuleFixer) => Fix) | null
}

/** Names for exceptions, in the order in which they are tried. */
const NAMES: readonly string[] = ['exc', 'err', 'error', 'exception', 'cause']

/**
 * The name of the exception in a handler, or one that a fix binds.
 * @param preferred the name to bind if it is free
 * @returns `null` if the name means something else by then, or if none can be bound
 */
export function exceptionName({ scopes }: PythonServices, clause: ExceptClauseNode, preferred: string): ExceptionName | null {
  const scope = scopes.scopeOf(clause)
  const bound = boundException(clause)
  if (bound !== null) {
    const definitions = scope.lookup(bound)?.definitions ?? []
    const isChanged = definitions.filter(({ node }) => clause.contains(node)).length > 1
    return isChanged ? null : { name: bound, bind: null }
  }
  const name = [preferred, ...NAMES].find((candidate) => scope.lookup(candidate) === null && !scope.bindings.has(candidate))
  const [keyword] = clause.children
  const [types, more] = clause.value
  if (name === undefined || !keyword || more) return null
  return { name, bind: (fixer) => (types ? fixer.insertTextAfter(types, ` as ${name}`) : fixer.insertTextAfter(keyword, ` BaseException as ${name}`)) }
}
