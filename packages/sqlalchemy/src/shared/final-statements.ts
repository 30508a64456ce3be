import type { AssignmentNode, CallNode, KnownStatement, PythonNode, PythonServices } from '@krait/python'
import { GENERATIVE_METHODS, statementsOf } from '@krait/python'

/** Statements that go on in more places than these are not followed. */
const MAX_PLACES = 40

/** The statements to which a call of a method leads in the same function, as they are when they are used: after all further methods and assignments. */
export function finalStatements(services: PythonServices, call: CallNode): readonly KnownStatement[] {
  const statements = statementsOf(services)
  const found: KnownStatement[] = []
  for (const place of finalPlaces(services, call)) {
    const statement = statements.statementOf(place)
    if (statement) found.push(statement)
  }
  return found
}

/** Where these statements stand. */
export function finalPlaces(services: PythonServices, call: PythonNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  const seen = new Set<number>()
  const pending: PythonNode[] = [call]
  for (let node = pending.pop(); node && seen.size < MAX_PLACES; node = pending.pop()) {
    const end = endOfChain(node)
    if (seen.has(end.index)) continue
    seen.add(end.index)
    const reads = readsOf(services, end)
    if (reads.length === 0) found.push(end)
    else pending.push(...reads)
  }
  return found
}

/** The last call of a chain of methods of statements. */
function endOfChain(node: PythonNode): PythonNode {
  let end = node
  for (;;) {
    const { parent } = end
    if (parent?.kind === 'parenthesized_expression') end = parent
    else if (parent?.kind === 'attribute' && GENERATIVE_METHODS.has(parent.attribute.text) && parent.parent?.kind === 'call' && parent.parent.function === parent) {
      end = parent.parent
    } else return end
  }
}

/** Where the variable is read that gets a value. */
function readsOf(services: PythonServices, value: PythonNode): readonly PythonNode[] {
  const { parent } = value
  const assignment: AssignmentNode | null = parent?.kind === 'assignment' && parent.right === value ? parent : null
  if (assignment?.left.kind !== 'identifier') return []
  const binding = services.scopes.bindingOf(assignment.left)
  const definition = binding?.definitions.find(({ name }) => name === assignment.left)
  if (!definition || binding?.scope.function !== services.scopes.scopeOf(value).function) return []
  return services.flow(value).readsOf(definition).reads
}
