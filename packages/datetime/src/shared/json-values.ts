import type { PythonNode, PythonRuleContext } from '@krait/python'
import { Definition, positionalArguments, stringText, withoutParentheses } from '@krait/python'

/** Longer ways from a value to the document that holds it are not followed. */
const MAX_STEPS = 12

/** The key by which an expression reads a value from JSON: of `json.loads(...)`, a response, or a JSON column; `null` for all else. */
export function jsonKey(context: PythonRuleContext, expression: PythonNode): string | null {
  let node = withoutParentheses(expression)
  // `M.data["at"].astext` is the value in SQL.
  if (node.kind === 'attribute' && node.attribute.text === 'astext') node = withoutParentheses(node.object)
  else if (node.kind === 'call' && node.function.kind === 'attribute' && node.function.attribute.text === 'as_string') node = withoutParentheses(node.function.object)
  const read = readByKey(node)
  return read && isJson(context, read.object) ? read.key : null
}

interface ReadByKey {
  readonly object: PythonNode
  readonly key: string
}

function readByKey(node: PythonNode): ReadByKey | null {
  if (node.kind === 'subscript') {
    const key = node.subscript.length === 1 ? stringText(node.subscript[0]) : null
    return key === null ? null : { object: node.value, key }
  }
  if (node.kind !== 'call' || node.function.kind !== 'attribute' || node.function.attribute.text !== 'get') return null
  const key = stringText(positionalArguments(node)[0])
  return key === null ? null : { object: node.function.object, key }
}

/** Whether an expression is a JSON document or a part of one. */
function isJson(context: PythonRuleContext, expression: PythonNode): boolean {
  let node: PythonNode | null = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS && node; step++) {
    if (node.kind === 'call' && isDocument(context, node)) return true
    if (node.kind === 'attribute' && isJsonColumn(context, node)) return true
    const next: PythonNode | null = holderOf(context, node)
    node = next && withoutParentheses(next)
  }
  return false
}

function isDocument(context: PythonRuleContext, call: PythonNode & { kind: 'call' }): boolean {
  const name = context.resolve(call.function)
  if (name === 'json.loads' || name === 'json.load' || name === 'orjson.loads') return true
  return call.function.kind === 'attribute' && call.function.attribute.text === 'json' && positionalArguments(call).length === 0
}

function isJsonColumn(context: PythonRuleContext, node: PythonNode & { kind: 'attribute' }): boolean {
  const type = context.typeOf(node.object)
  if (type.kind !== 'instance' && type.kind !== 'class') return false
  return context.project.model(type.class)?.columns.find(({ attribute }) => attribute === node.attribute.text)?.family === 'json'
}

/** What a value was taken from: the container of a subscript, what a loop goes through, what a local is bound to. */
function holderOf(context: PythonRuleContext, node: PythonNode): PythonNode | null {
  switch (node.kind) {
    case 'subscript':
      return node.value
    case 'await':
      return node.namedChildren[0] ?? null
    case 'call':
      return readByKey(node)?.object ?? null
    case 'identifier': {
      const origins = context.kinds.originsOf(node)
      const from = origins?.length === 1 ? origins[0]!.from : null
      if (!(from instanceof Definition)) return null
      return from.kind === 'for' ? (from.node.field('right') as PythonNode | null) : from.value
    }
    default:
      return null
  }
}
