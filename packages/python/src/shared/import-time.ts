import type { SyntaxNode } from '@krait/core'
import type { Scope, Scopes } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'

/** What `runsAtImport` needs; a rule's context has it. */
interface ImportTimeContext {
  readonly scopes: Scopes
  resolve(node: SyntaxNode): string | null
}

/**
 * Whether code runs once, when its module is imported: it stands at the level of the module or of a class in it, or in a default value, a decorator
 * or an annotation there. Bodies of functions and lambdas do not, nor what `if __name__ == "__main__":` and `if TYPE_CHECKING:` guard.
 */
export function runsAtImport(context: ImportTimeContext, node: PythonNode): boolean {
  for (let scope: Scope | null = context.scopes.scopeOf(node); scope; scope = scope.parent) {
    if (scope.kind === 'function' || scope.kind === 'lambda') return false
  }
  for (let child = node, up = node.parent; up; child = up, up = up.parent) {
    if (up.kind === 'if_statement' && child === up.consequence && isGuard(context, up.condition)) return false
  }
  return true
}

/** A condition that does not hold when the module is imported. */
function isGuard(context: ImportTimeContext, condition: PythonNode): boolean {
  if (context.resolve(condition) === 'typing.TYPE_CHECKING') return true
  if (condition.kind !== 'comparison_operator' || condition.operators[0]?.kind !== '==') return false
  return condition.namedChildren.some((operand) => operand.kind === 'identifier' && operand.text === '__name__')
}
