import type { KnownStatement, PythonNode, PythonServices } from '@krait/python'
import { positionalArguments, statementsOf, withoutAwait } from '@krait/python'

/** A statement behind a result that is iterated over. */
export interface ExecutedStatement {
  readonly statement: KnownStatement
  /** The method that executes it; `query` for a legacy query. */
  readonly by: string
}

const EXECUTING: ReadonlySet<string> = new Set(['exec', 'execute', 'scalars'])
const PASSES: ReadonlySet<string> = new Set(['mappings', 'scalars', 'tuples', 'unique'])
const MAX_STEPS = 20

/** The statement whose rows an expression gives one after the other: `session.scalars(stmt)`, a legacy query; `null` for all else. */
export function executedStatement(services: PythonServices, expression: PythonNode): ExecutedStatement | null {
  let node = withoutAwait(expression)
  let by: string | null = null
  for (let step = 0; step < MAX_STEPS; step++) {
    if (node.kind === 'identifier') {
      const value = services.scopes.bindingOf(node)?.onlyDefinition?.value
      if (!value) return by === null ? legacy(services, node) : null
      node = withoutAwait(value)
    } else if (node.kind === 'call' && node.function.kind === 'attribute') {
      const { attribute, object } = node.function
      const [given] = positionalArguments(node)
      if (given && EXECUTING.has(attribute.text)) {
        const statement = statementsOf(services).statementOf(given)
        return statement && { statement, by: by ?? attribute.text }
      }
      if (given || !PASSES.has(attribute.text)) return by === null ? legacy(services, node) : null
      by ??= attribute.text
      node = withoutAwait(object)
    } else return by === null ? legacy(services, node) : null
  }
  return null
}

function legacy(services: PythonServices, node: PythonNode): ExecutedStatement | null {
  const statement = statementsOf(services).statementOf(node)
  return statement?.paths.every(({ isQuery }) => isQuery) ? { statement, by: 'query' } : null
}
