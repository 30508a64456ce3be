import type { FunctionDefinitionNode, LoggerContext, PythonNode, PythonServices } from '@krait/python'
import { isLoggingOrReporterCall } from '@krait/python'

type Context = PythonServices & LoggerContext

/** What a function without effect does, for a message; `null` for one that does something. */
export function emptinessOf(context: Context, { body }: FunctionDefinitionNode): 'does nothing' | 'only raises' | null {
  const statements = body.namedChildren.filter((statement) => statement.kind !== 'comment' && !isIdle(context, statement))
  if (statements.length === 0) return 'does nothing'
  return statements.length === 1 && statements[0]!.kind === 'raise_statement' ? 'only raises' : null
}

/** The function of a name at the top level of the module; of several the last one. */
export function topLevelFunction({ scopes }: PythonServices, name: string): FunctionDefinitionNode | undefined {
  const nodes = scopes.module.lookup(name)?.definitions.map(({ node }) => node) ?? []
  return nodes.findLast((node) => node.kind === 'function_definition')
}

/** `pass`, `...`, a docstring, `return`, an import, and what only tells somebody. */
function isIdle(context: Context, statement: PythonNode): boolean {
  if (statement.kind === 'pass_statement' || statement.kind === 'import_statement' || statement.kind === 'import_from_statement') return true
  if (statement.kind === 'return_statement') return statement.namedChildren.every(({ kind }) => kind === 'none' || kind === 'comment')
  const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : undefined
  if (inner?.kind === 'call') return isLoggingOrReporterCall(context, inner) || context.resolve(inner.function) === 'builtins.print'
  return inner?.kind === 'ellipsis' || inner?.kind === 'string' || inner?.kind === 'concatenated_string'
}
