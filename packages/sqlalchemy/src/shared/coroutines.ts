import type { CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keywordArguments, positionalArguments, withoutParentheses } from '@krait/python'

/** A coroutine that is handed to something which runs several at once. */
export interface Coroutine {
  readonly call: CallNode
  /** The loops and comprehensions that make one per round, from the outermost inwards. */
  readonly loops: readonly PythonNode[]
}

/** Functions that take one coroutine and give something to wait for. */
const WRAPPERS: ReadonlySet<string> = new Set(['asyncio.wait_for', 'asyncio.shield', 'asyncio.ensure_future', 'asyncio.create_task'])
const GROWING: ReadonlySet<string> = new Set(['append', 'extend', 'add', 'insert'])
const CONTAINERS: ReadonlySet<string> = new Set(['list', 'tuple', 'set', 'reversed', 'sorted'])

interface Place {
  readonly node: PythonNode
  readonly loops: readonly PythonNode[]
  readonly isNamed: boolean
}

/** The coroutines that `gather` and the like are given: as arguments, and in lists that are built before. Tasks that run already are not among them. */
export function coroutinesOf(context: PythonRuleContext, running: CallNode): readonly Coroutine[] {
  const found: Coroutine[] = []
  const seen = new Set<PythonNode>()
  const pending: Place[] = argumentsOf(running).map((node) => ({ node, loops: [], isNamed: false }))
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { loops, isNamed } = place
    const node = withoutParentheses(place.node)
    if (seen.has(node)) continue
    seen.add(node)
    switch (node.kind) {
      case 'list_splat':
      case 'list':
      case 'tuple':
      case 'set':
      case 'dictionary':
        for (const child of node.namedChildren) pending.push({ node: child, loops, isNamed })
        break
      case 'pair':
        pending.push({ node: node.value, loops, isNamed })
        break
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
        pending.push({ node: node.body, loops: [...loops, node], isNamed })
        break
      case 'conditional_expression':
        pending.push({ node: node.namedChildren[0]!, loops, isNamed })
        break
      case 'identifier':
        for (const value of valuesOf(context, node, running)) pending.push({ ...value, loops: [...loops, ...value.loops], isNamed: true })
        break
      case 'call':
        pending.push(...insideCall(context, node, loops, isNamed, found))
    }
  }
  return found
}

function insideCall(context: PythonRuleContext, node: CallNode, loops: readonly PythonNode[], isNamed: boolean, found: Coroutine[]): readonly Place[] {
  const called = withoutParentheses(node.function)
  const [first] = positionalArguments(node)
  const name = called.kind === 'attribute' ? called.attribute.text : called.text
  if (called.kind === 'attribute' && name === 'values') return [{ node: called.object, loops, isNamed }]
  if (called.kind === 'identifier' && first && CONTAINERS.has(name)) return [{ node: first, loops, isNamed }]
  if (called.kind === 'identifier' && first && name === 'map') return [{ node: first.kind === 'lambda' ? (first.body as PythonNode) : first, loops: [...loops, node], isNamed }]
  if (first && WRAPPERS.has(context.resolve(called) ?? '')) {
    const isTask = name === 'create_task' || name === 'ensure_future'
    return isTask && isNamed ? [] : [{ node: first, loops, isNamed }]
  }
  if (name !== 'create_task' || !isNamed) found.push({ call: name === 'create_task' && first?.kind === 'call' ? first : node, loops })
  return []
}

/** What a local name is given before a place: its values, and what is put into it. */
function valuesOf(context: PythonRuleContext, name: IdentifierNode, running: CallNode): readonly Omit<Place, 'isNamed'>[] {
  const binding = context.scopes.bindingOf(name)
  if (!binding || context.scopes.scopeOf(name).function !== binding.scope.function) return []
  const found: Omit<Place, 'isNamed'>[] = []
  for (const { value } of binding.definitions) if (value && value.start < running.start) found.push({ node: value, loops: [] })
  for (const reference of binding.references) {
    const { parent } = reference
    if (reference.start > running.start) continue
    if (parent?.kind === 'augmented_assignment' && parent.left === reference) found.push({ node: parent.right, loops: loopsBetween(parent, running) })
    if (parent?.kind !== 'attribute' || !GROWING.has(parent.attribute.text) || parent.parent?.kind !== 'call') continue
    const given = positionalArguments(parent.parent).at(-1)
    if (given) found.push({ node: given, loops: loopsBetween(parent, running) })
  }
  return found
}

/** The loops around a node that are not around another one, from the outermost inwards. */
export function loopsBetween(node: PythonNode, other: PythonNode): readonly PythonNode[] {
  const found: PythonNode[] = []
  for (let { parent } = node; parent && !isDefinition(parent); { parent } = parent) {
    if (LOOPS.has(parent.kind) && !(parent.start <= other.start && other.end <= parent.end)) found.push(parent)
  }
  return found.reverse()
}

export const LOOPS: ReadonlySet<string> = new Set([
  'for_statement',
  'while_statement',
  'list_comprehension',
  'set_comprehension',
  'generator_expression',
  'dictionary_comprehension',
])

export function isDefinition({ kind }: PythonNode): boolean {
  return kind === 'function_definition' || kind === 'lambda' || kind === 'class_definition'
}

/** All arguments of a call, without the names of keywords. */
export function argumentsOf(call: CallNode): readonly PythonNode[] {
  const { arguments: list } = call
  if (list.kind === 'generator_expression') return [list]
  const found = list.namedChildren.filter(({ kind }) => kind !== 'keyword_argument' && kind !== 'dictionary_splat' && kind !== 'comment')
  return [...found, ...keywordArguments(call).values()]
}
