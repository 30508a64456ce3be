import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keywordArguments, ownCode, positionalArguments, withoutParentheses } from '@krait/python'

/** What `min()`, `max()`, `sorted()` and `list.sort()` put into an order. */
export interface Ordered {
  /** The arguments, or the elements of the only one where they are written out. */
  readonly items: readonly PythonNode[]
  /** What is compared instead of the elements: what `key=` gives, its parts if that is a tuple; the element of a comprehension. */
  readonly keys: readonly PythonNode[]
}

/** Reads a call that orders its arguments; `null` for other calls. @param functions qualified names, beside `list.sort` */
export function orderedBy(context: PythonRuleContext, call: CallNode, functions: ReadonlySet<string>): Ordered | null {
  const called = call.function
  const isSort = called.kind === 'attribute' && called.attribute.text === 'sort' && context.resolve(called) === null
  if (!isSort && !functions.has(context.resolve(called) ?? '')) return null
  const positional = positionalArguments(call)
  const keywords = keywordArguments(call)
  const key = keywords.get('key')
  const byKey = key ? keysGiven(context, key) : []
  if (isSort) return { items: [], keys: byKey }
  const [only] = positional
  if (positional.length !== 1 || !only) return { items: key ? [] : positional, keys: byKey }
  const collection = withoutParentheses(only)
  const byDefault = keywords.get('default')
  const others = byDefault && !key ? [byDefault] : []
  switch (collection.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return { items: key ? [] : [...collection.namedChildren, ...others], keys: byKey }
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
      return { items: [], keys: key ? byKey : partsOf(collection.body) }
    default:
      return { items: [], keys: byKey }
  }
}

/** What a key function gives: the body of a lambda, what a function of the file returns. */
function keysGiven(context: PythonRuleContext, key: PythonNode): readonly PythonNode[] {
  if (key.kind === 'lambda') return partsOf(key.body)
  const definition = key.kind === 'identifier' ? context.scopes.bindingOf(key)?.onlyDefinition : null
  if (definition?.kind !== 'function' || definition.node.kind !== 'function_definition') return []
  const returned: PythonNode[] = []
  for (const node of ownCode(definition.node.body)) if (node.kind === 'return_statement' && node.namedChildren[0]) returned.push(node.namedChildren[0])
  return returned.flatMap(partsOf)
}

function partsOf(expression: PythonNode): readonly PythonNode[] {
  const inner = withoutParentheses(expression)
  return inner.kind === 'tuple' || inner.kind === 'expression_list' ? inner.namedChildren : [inner]
}
