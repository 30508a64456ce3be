import type { PythonNode, PythonServices } from '@krait/python'
import { withoutParentheses } from '@krait/python'

const COPIES: ReadonlySet<string> = new Set('frozenset list set sorted tuple'.split(' '))

/** Whether a collection is shown not to be empty where control comes to all of these places: by a test that names it, or by what it holds. */
export function isShownNonEmpty(services: PythonServices, collection: PythonNode, places: readonly PythonNode[]): boolean {
  const value = original(collection)
  if (holdsSomething(services, value)) return true
  if (value.kind !== 'identifier' && value.kind !== 'attribute' && value.kind !== 'subscript') return false
  const flow = services.flow(collection)
  return places.some((place) => {
    for (const { test } of flow.testsBefore(place)) if (names(test, value)) return true
    return false
  })
}

/** An empty literal: `[]`, `()`, `{}`, `set()`, `list()`, `tuple()`. */
export function isEmptyLiteral(services: PythonServices, node: PythonNode): boolean {
  const value = withoutParentheses(node)
  if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'dictionary') return value.namedChildren.every(({ kind }) => kind === 'comment')
  if (value.kind !== 'call' || value.arguments.namedChildren.length > 0 || value.arguments.kind !== 'argument_list') return false
  return services.resolvesTo(value.function, EMPTY_CALLS)
}

const EMPTY_CALLS: ReadonlySet<string> = new Set(['builtins.frozenset', 'builtins.list', 'builtins.set', 'builtins.tuple'])

/** What `tuple(ids)` is a copy of. */
function original(collection: PythonNode): PythonNode {
  let value = withoutParentheses(collection)
  while (value.kind === 'call' && value.function.kind === 'identifier' && COPIES.has(value.function.text)) {
    const [inner] = value.arguments.namedChildren
    if (!inner || value.arguments.namedChildren.length > 1) break
    value = withoutParentheses(inner)
  }
  return value
}

function holdsSomething(services: PythonServices, value: PythonNode): boolean {
  if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') {
    return value.namedChildren.some(({ kind }) => kind !== 'list_splat' && kind !== 'comment')
  }
  const constant = services.constantOf(value)
  if (Array.isArray(constant)) return constant.length > 0
  if (value.kind !== 'identifier') return false
  const definitions = services.flow(value).definitionsOf(value)
  if (definitions.elsewhere || definitions.definitions.length === 0) return false
  return definitions.definitions.every(({ value: given }) => given !== null && given.kind !== 'identifier' && holdsSomething(services, given))
}

/** Whether a test speaks of the collection: `ids`, `len(ids) > 0`, `ids is not None and ids`. */
function names(test: PythonNode, value: PythonNode): boolean {
  if (test.kind === 'comparison_operator' && test.namedChildren.some(({ kind }) => kind === 'none')) return false
  if (test.text === value.text) return true
  for (const part of test.descendants(value.kind as 'identifier')) if (part.text === value.text) return true
  return false
}
