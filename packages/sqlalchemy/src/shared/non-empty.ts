import type { ComparisonOperatorNode, PythonNode, PythonServices } from '@krait/python'
import { withoutParentheses } from '@krait/python'

const COPIES: ReadonlySet<string> = new Set('frozenset list set sorted tuple'.split(' '))

/** Whether a collection is shown not to be empty where control comes to all of these places: by a test that names it, or by what it holds. */
export function isShownNonEmpty(services: PythonServices, collection: PythonNode, places: readonly PythonNode[]): boolean {
  const value = original(collection)
  if (holdsSomething(services, value)) return true
  if (value.kind !== 'identifier' && value.kind !== 'attribute' && value.kind !== 'subscript') return false
  const flow = services.flow(collection)
  return places.some((place) => {
    for (const { test, outcome } of flow.testsBefore(place)) if (shows(services, test, outcome, value)) return true
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
  // `ids or [0]`, `ids + [0]`.
  if (value.kind === 'boolean_operator') return value.operator.kind === 'or' && addsSomething(services, value.right)
  if (value.kind === 'binary_operator') return (value.operator.kind === '+' || value.operator.kind === '|') && (addsSomething(services, value.left) || addsSomething(services, value.right))
  const constant = services.constantOf(value)
  if (Array.isArray(constant)) return constant.length > 0
  if (value.kind !== 'identifier') return false
  const definitions = services.flow(value).definitionsOf(value)
  if (definitions.elsewhere || definitions.definitions.length === 0) return false
  return definitions.definitions.every(({ value: given }) => given !== null && given.kind !== 'identifier' && holdsSomething(services, given))
}

function addsSomething(services: PythonServices, part: PythonNode): boolean {
  const value = original(part)
  return value.kind !== 'identifier' && holdsSomething(services, value)
}

/** Whether a test with this outcome says that the collection holds something: `ids`, `len(ids) > 0`, and any other test that speaks of it. */
function shows(services: PythonServices, test: PythonNode, outcome: boolean, value: PythonNode): boolean {
  const tested = test.kind === 'named_expression' ? test.name : test
  if (tested.text === value.text) return outcome
  if (!names(test, value)) return false
  if (test.kind === 'call') {
    const called = test.function.text
    if (called === 'isinstance') return false
    if (called === 'len' || called === 'bool' || called === 'any') return outcome
  }
  if (test.kind !== 'comparison_operator') return true
  if (test.namedChildren.some(({ kind }) => kind === 'none')) return false
  const ofEmpty = comparedEmpty(services, test, value)
  return ofEmpty === null || ofEmpty !== outcome
}

function names(test: PythonNode, value: PythonNode): boolean {
  for (const part of test.descendants(value.kind as 'identifier')) if (part.text === value.text) return true
  return false
}

/** What `len(ids) > 0` or `ids == []` gives for an empty collection; `null` if that is not known. */
function comparedEmpty(services: PythonServices, { namedChildren, operators }: ComparisonOperatorNode, value: PythonNode): boolean | null {
  const [left, right] = namedChildren
  const operator = operators[0]?.kind
  if (!left || !right || namedChildren.length > 2 || operator === undefined) return null
  if (left.text === value.text && isEmptyLiteral(services, right)) return operator === '==' ? true : operator === '!=' ? false : null
  const isLength = left.kind === 'call' && left.function.text === 'len' && left.arguments.namedChildren[0]?.text === value.text
  const limit = isLength ? services.constantOf(right) : null
  return typeof limit === 'number' ? compared(operator, limit) : null
}

function compared(operator: string, limit: number): boolean | null {
  switch (operator) {
    case '==':
      return limit === 0
    case '!=':
      return limit !== 0
    case '>':
      return limit < 0
    case '>=':
      return limit <= 0
    case '<':
      return limit > 0
    case '<=':
      return limit >= 0
    default:
      return null
  }
}
