import type { AttributeNode, CallNode, ForInClauseNode, ForStatementNode, IdentifierNode, PythonNode, PythonServices } from '@krait/python'
import { calledProjectFunction, lastPart, positionalArguments, withoutLastPart, withoutParentheses } from '@krait/python'

/** A `for` of a statement or a comprehension. */
export interface Loop {
  readonly node: ForStatementNode | ForInClauseNode
  readonly target: PythonNode
  readonly iterable: PythonNode
  /** What runs once per iteration and gives names their values: the body, or the comprehension. */
  readonly region: PythonNode
}

const COMPREHENSIONS: ReadonlySet<string> = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression'])

const LOOPS: ReadonlySet<string> = new Set([...COMPREHENSIONS, 'for_statement'])
const DEFINITIONS: ReadonlySet<string> = new Set(['function_definition', 'lambda', 'class_definition'])

/** The loops of the same function in whose per-iteration part a node stands, from the innermost outwards. The first iterable and `else` are no such part. */
export function loopsAround(node: PythonNode): readonly Loop[] {
  const found: Loop[] = []
  if (!isBelowLoop(node)) return found
  let child = node
  for (let { parent } = node; parent && !DEFINITIONS.has(parent.kind); child = parent, { parent } = parent) {
    if (parent.kind === 'for_statement' && parent.body === child) {
      found.push({ node: parent, target: parent.left, iterable: parent.right, region: parent.body })
    } else if (COMPREHENSIONS.has(parent.kind)) {
      const clauses = parent.namedChildren.filter((clause): clause is ForInClauseNode => clause.kind === 'for_in_clause')
      const before = child.fieldName === 'body' ? clauses : clauses.filter((clause) => clause !== child && clause.start < child.start)
      for (const clause of before.toReversed()) {
        const iterable = clause.namedChildren.find(({ fieldName }) => fieldName === 'right')
        if (iterable) found.push({ node: clause, target: clause.left, iterable, region: parent })
      }
    }
  }
  return found
}

/** Whether a loop of the same function is around a node at all: most calls are in none. */
function isBelowLoop({ tree, index }: PythonNode): boolean {
  const { kind, parent, grammar } = tree
  for (let up = parent[index]!; up >= 0; up = parent[up]!) {
    const name = grammar.kindNames[kind[up]!]!
    if (LOOPS.has(name)) return true
    if (DEFINITIONS.has(name)) return false
  }
  return false
}

/** Functions that give the items of what they are given. */
const WRAPPERS: ReadonlySet<string> = new Set(['enumerate', 'zip', 'reversed', 'sorted', 'list', 'tuple', 'set', 'iter'])
const VIEWS: ReadonlySet<string> = new Set(['items', 'keys', 'values'])

/** What a loop goes through, `enumerate(...)` and the like aside; of `zip`, each. */
function iterated({ iterable }: Loop): readonly PythonNode[] {
  const found: PythonNode[] = []
  const pending = [iterable]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const node = withoutParentheses(next)
    const called = node.kind === 'call' ? withoutParentheses(node.function) : null
    if (node.kind === 'call' && called?.kind === 'identifier' && WRAPPERS.has(called.text)) pending.push(...positionalArguments(node))
    else found.push(node)
  }
  return found
}

/** Whether a loop goes through a collection that is written out, a constant that is bound to one, or the members of an `Enum`. */
export function isOverLiteral(context: PythonServices, loop: Loop): boolean {
  const items = iterated(loop)
  return items.length > 0 && items.every((item) => isLiteral(context, item))
}

function isLiteral(context: PythonServices, node: PythonNode): boolean {
  switch (node.kind) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'dictionary':
    case 'string':
    case 'expression_list':
      return true
    case 'call': {
      const called = withoutParentheses(node.function)
      if (called.kind === 'attribute' && VIEWS.has(called.attribute.text)) return isLiteral(context, withoutParentheses(called.object))
      return givesLiteral(context, node)
    }
    case 'identifier':
      return isConstant(context, node) || isEnum(context, node) || holdsLiteral(context, node)
    case 'attribute':
      return isConstant(context, node) || isEnum(context, node)
    default:
      return false
  }
}

function isConstant(context: PythonServices, node: PythonNode): boolean {
  const name = context.resolve(node)
  const written = lastPart(node.text)
  if (!/^_*[A-Z][A-Z0-9_]*$/.test(written)) return false
  const value = name === null ? null : context.project.valueOf(name)
  return value ? value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set' || value.kind === 'dict' || isWrapped(value) : false
}

const DISPLAYS: ReadonlySet<string> = new Set(['list', 'tuple', 'set', 'dictionary'])

/** A local variable with a collection that is written out and stays as it is. */
function holdsLiteral(context: PythonServices, node: IdentifierNode): boolean {
  const binding = context.scopes.bindingOf(node)
  const value = binding?.onlyDefinition?.value
  if (!binding || !value || !DISPLAYS.has(value.kind) || value.namedChildren.length === 0) return false
  if (value.namedChildren.some(({ kind }) => kind === 'list_splat' || kind === 'dictionary_splat')) return false
  return binding.references.every(({ parent }) => parent?.kind !== 'attribute' || VIEWS.has(parent.attribute.text))
}

/** A call of a function of the project that returns a collection which is written out. */
function givesLiteral(context: PythonServices, call: CallNode): boolean {
  const name = calledProjectFunction(context, call)
  const definition = name === null ? null : context.project.definition(name)
  const member = name === null || definition ? null : context.project.member(withoutLastPart(name), lastPart(name))
  const fact = definition?.kind === 'function' ? definition.fact : member?.fact
  if (fact?.kind !== 'function' || fact.returnsOpen || fact.returns.length === 0) return false
  return fact.returns.every((value) => (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') && !value.open && value.items.length > 0)
}

/** `frozenset({...})`. */
function isWrapped(value: { readonly kind: string; readonly callee?: string | null }): boolean {
  return value.kind === 'call' && /^builtins\.(frozenset|set|tuple|list|dict)$/.test(value.callee ?? '')
}

function isEnum(context: PythonServices, node: PythonNode): boolean {
  const name = context.resolve(node)
  return name !== null && context.project.definition(name)?.kind === 'class' && context.project.isSubclassOf(name, ['enum.Enum']) === true
}

const CHUNKING = /batch|chunk|partition|window|page/i

/** Whether a loop goes through parts of a whole: by the name of what is called, by `range(a, b, step)`, or since its items are lists of values. */
export function isChunked(context: PythonServices, loop: Loop): boolean {
  return iterated(loop).some((node) => isChunkCall(node)) || targetsOf(loop).some((target) => isPart(context, target))
}

function isChunkCall(node: PythonNode): boolean {
  if (node.kind !== 'call') return false
  const called = withoutParentheses(node.function)
  const name = called.kind === 'attribute' ? called.attribute.text : called.text
  return CHUNKING.test(name) || (name === 'range' && positionalArguments(node).length === 3)
}

const PART_METHODS: ReadonlySet<string> = new Set(['in_', 'not_in', 'notin_', 'limit', 'offset', 'slice'])

/** Whether the name is given to `.in_(...)` as a whole, is a list of parameters of `execute`, or moves a window. */
function isPart(context: PythonServices, target: PythonNode): boolean {
  const references = context.scopes.bindingOf(target)?.references ?? []
  return references.some((reference) => {
    const call = reference.parent?.kind === 'argument_list' ? reference.parent.parent : null
    const called = call?.kind === 'call' ? withoutParentheses(call.function) : null
    if (called?.kind !== 'attribute') return isWindow(reference)
    if (PART_METHODS.has(called.attribute.text)) return true
    return called.attribute.text === 'execute' && positionalArguments(call as CallNode)[1] === reference
  })
}

/** In an expression that `.limit(...)` and the like are given. */
function isWindow(reference: PythonNode): boolean {
  let node = reference
  while (node.parent?.kind === 'binary_operator' || node.parent?.kind === 'parenthesized_expression') node = node.parent
  const call = node.parent?.kind === 'argument_list' ? node.parent.parent : null
  const called = call?.kind === 'call' ? withoutParentheses(call.function) : null
  return called?.kind === 'attribute' && (called.attribute.text === 'offset' || called.attribute.text === 'limit' || called.attribute.text === 'slice')
}

export function isOverRange(loop: Loop): boolean {
  return iterated(loop).some((node) => node.kind === 'call' && node.function.text === 'range')
}

/** The identifiers that a loop binds. */
export function targetsOf({ target }: Loop): readonly PythonNode[] {
  const found: PythonNode[] = []
  const pending: PythonNode[] = [target]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'identifier') found.push(node)
    else if (node.kind !== 'attribute' && node.kind !== 'subscript') pending.push(...node.namedChildren)
  }
  return found.reverse()
}

/** The last name of a called attribute or function, on whose line findings about the call stand. */
export function methodOf(call: CallNode): AttributeNode['attribute'] | null {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute') return called.attribute
  return called.kind === 'identifier' ? called : null
}
