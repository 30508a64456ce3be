import type { FunctionDefinitionNode, PythonNode } from '@krait/python'
import { positionalArguments, stringText } from '@krait/python'

/** What a function says of values that may be cleared. */
interface Mentions {
  readonly names: ReadonlySet<string>
  /** The texts that are looked for in a set of fields: `"note" in payload.model_fields_set`. */
  readonly tested: ReadonlySet<string>
  readonly excludesUnset: boolean
  readonly assignments: readonly (PythonNode & { readonly kind: 'assignment' })[]
}

const mentionsOf = new WeakMap<PythonNode, Mentions>()

/** Whether a function updates objects: by its name, or as a route for PATCH or PUT. */
export function isUpdateFunction(definition: FunctionDefinitionNode, functions: RegExp): boolean {
  return functions.test(definition.name.text) || isUpdateRoute(definition)
}

function isUpdateRoute({ parent }: FunctionDefinitionNode): boolean {
  if (parent?.kind !== 'decorated_definition') return false
  return parent.namedChildren.some((decorator) => {
    const call = decorator.kind === 'decorator' ? decorator.namedChildren[0] : undefined
    if (call?.kind !== 'call' || call.function.kind !== 'attribute') return false
    const [path] = positionalArguments(call)
    const text = path && stringText(path)
    if (text === null || text === undefined || (text !== '' && !text.startsWith('/'))) return false
    const name = call.function.attribute.text
    return name === 'patch' || name === 'put' || ((name === 'route' || name === 'api_route') && /["'](PATCH|PUT)["']/i.test(call.arguments.text))
  })
}

/** The function around a node, lambdas and inner functions between. */
export function functionOf(node: PythonNode): FunctionDefinitionNode | null {
  const around = node.closest('function_definition', 'lambda', 'class_definition')
  return around?.kind === 'function_definition' ? (around as FunctionDefinitionNode) : null
}

/** Whether a function has some other way to clear a column. */
export function mayClear(definition: FunctionDefinitionNode, column: string): boolean {
  const { names, tested, excludesUnset } = mentionsIn(definition)
  if (excludesUnset || tested.has(column)) return true
  return names.has(`clear_${column}`) || names.has(`unset_${column}`) || names.has(`remove_${column}`) || names.has(`${column}_unset`)
}

/** The assignments of a function to the same attribute as another one. */
export function otherAssignments(definition: FunctionDefinitionNode, assignment: PythonNode & { readonly kind: 'assignment' }): Mentions['assignments'] {
  return mentionsIn(definition).assignments.filter((other) => other !== assignment && other.left.text === assignment.left.text)
}

/** Whether a function sets an attribute of this name to `None`. */
export function setsToNone(definition: FunctionDefinitionNode, column: string): boolean {
  return mentionsIn(definition).assignments.some(({ left, right }) => left.kind === 'attribute' && left.attribute.text === column && right?.kind === 'none')
}

function mentionsIn(definition: FunctionDefinitionNode): Mentions {
  const known = mentionsOf.get(definition)
  if (known) return known
  const names = new Set<string>()
  const tested = new Set<string>()
  const assignments: (PythonNode & { kind: 'assignment' })[] = []
  let excludesUnset = false
  for (const node of definition.descendants('identifier', 'comparison_operator', 'keyword_argument', 'assignment') as Iterable<PythonNode>) {
    if (node.kind === 'identifier') names.add(node.text)
    else if (node.kind === 'assignment') assignments.push(node)
    else if (node.kind === 'keyword_argument') excludesUnset ||= node.name.text === 'exclude_unset' && node.value.kind === 'true'
    else if (node.kind === 'comparison_operator' && (node.operators[0]?.kind === 'in' || node.operators[0]?.kind === 'not in')) {
      const text = node.namedChildren[0] && stringText(node.namedChildren[0])
      if (text) tested.add(text)
    }
  }
  const mentions = { names, tested, excludesUnset, assignments }
  mentionsOf.set(definition, mentions)
  return mentions
}
