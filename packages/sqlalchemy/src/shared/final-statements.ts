import type { AssignmentNode, CallNode, KnownStatement, PythonNode, PythonServices } from '@krait/python'
import { GENERATIVE_METHODS, lastPart, statementsOf } from '@krait/python'

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

/**
 * Whether a statement can have a call of a method: the function around speaks of one, or the statement begins elsewhere. A look at names, which spares most
 * statements the reading.
 */
export function mayCall(services: PythonServices, call: CallNode, method: string): boolean {
  const around = services.scopes.scopeOf(call).function?.node ?? services.scopes.module.node
  if (around.text.includes(method)) return true
  const seen = new Set<number>()
  const pending: PythonNode[] = [call]
  for (let node = pending.pop(); node; node = pending.pop()) {
    const root = beginningOf(node)
    if (seen.has(root.index)) continue
    seen.add(root.index)
    if (root.kind === 'identifier') pending.push(...(services.scopes.bindingOf(root)?.definitions ?? []).flatMap(({ kind, value }) => (kind === 'assignment' && value ? [value] : [])))
    else if (root.kind === 'call' && !BEGINNINGS.has(lastPart(root.function.text))) return true
  }
  return false
}

const BEGINNINGS: ReadonlySet<string> = new Set(['query', 'select'])

/** What a chain of methods of statements begins with. */
function beginningOf(start: PythonNode): PythonNode {
  let node = start
  for (;;) {
    if (node.kind === 'await' || node.kind === 'parenthesized_expression') {
      const [inner] = node.namedChildren
      if (!inner) return node
      node = inner
    } else if (node.kind === 'call' && node.function.kind === 'attribute' && GENERATIVE_METHODS.has(node.function.attribute.text)) node = node.function.object
    else return node
  }
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
