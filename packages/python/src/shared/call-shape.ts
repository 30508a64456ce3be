import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { calledFunction, classOfExpression } from './called-function.ts'
import { keywordArguments, positionalArguments } from './calls.ts'
import { ownCode } from './own-code.ts'
import { withoutParentheses } from './parentheses.ts'
import { stringText } from './strings.ts'

/** What can be said of a call by its names, be it from the code or from the facts of a file. */
export interface CallShape {
  /** The qualified name of what is called; a method of a class goes by the class: `requests.Session.post`. `null` if it is not known. */
  readonly name: string | null
  /** The last name of what is called, as written. */
  readonly method: string
  /** The names that lead to the receiver, as written, from the root: `['self', 'repo', 'query']` for `self.repo.query().all()`. Empty for a function. */
  readonly receiver: readonly string[]
  /** The names in what the receiver is bound to, if it is a local name: `['Order', 'objects', 'filter']`. */
  readonly origin: readonly string[]
  /** The class of the receiver, if it is known. */
  readonly receiverClass: string | null
  /** What is passed first, if it is a text. */
  readonly text: string | null
  /** The names of what is called to make the first argument. */
  readonly calledInFirst: ReadonlySet<string>
}

/** Longer chains lose their beginning. */
const MAX_CHAIN = 12

export function shapeOfCall(context: PythonServices, call: CallNode): CallShape | null {
  const called = withoutParentheses(call.function)
  const method = called.kind === 'attribute' ? called.attribute.text : called.kind === 'identifier' ? called.text : null
  if (method === null) return null
  const object = called.kind === 'attribute' ? called.object : null
  const first = positionalArguments(call)[0] ?? null
  return {
    name: calledFunction(context, call),
    method,
    receiver: object ? chainOf(object) : [],
    origin: object ? originOf(context, object) : [],
    receiverClass: object && classOfExpression(context, object),
    text: first && stringText(first),
    calledInFirst: first || method.startsWith('exec') ? calledIn(context, first ?? keywordArguments(call).get('statement') ?? null) : NOTHING,
  }
}

const NOTHING: ReadonlySet<string> = new Set()

/** The names in a chain of attributes, calls and subscripts, from the root. */
export function chainOf(expression: PythonNode): readonly string[] {
  const names: string[] = []
  let node = withoutParentheses(expression)
  while (names.length < MAX_CHAIN) {
    if (node.kind === 'attribute') {
      names.push(node.attribute.text)
      node = withoutParentheses(node.object)
    } else if (node.kind === 'call') node = withoutParentheses(node.function)
    else if (node.kind === 'subscript') node = withoutParentheses(node.value)
    else if (node.kind === 'await' && node.namedChildren[0]) node = withoutParentheses(node.namedChildren[0])
    else {
      if (node.kind === 'identifier') names.push(node.text)
      break
    }
  }
  return names.reverse()
}

function originOf(context: PythonServices, object: PythonNode): readonly string[] {
  const root = rootOf(object)
  const value = root.kind === 'identifier' ? (context.scopes.bindingOf(root)?.onlyDefinition?.value ?? null) : null
  return value ? chainOf(value) : []
}

/** The last names of the functions that are called in an expression, or in what a local name in its place is bound to. */
function calledIn(context: PythonServices, expression: PythonNode | null): ReadonlySet<string> {
  if (!expression) return NOTHING
  const names = new Set<string>()
  const seen = new Set<number>()
  const pending = [withoutParentheses(expression)]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node.index) || seen.size > MAX_CHAIN) continue
    seen.add(node.index)
    if (node.kind === 'identifier') {
      for (const { value } of context.scopes.bindingOf(node)?.definitions ?? []) if (value) pending.push(value)
      continue
    }
    for (const inner of ownCode(node)) {
      if (inner.kind !== 'call') continue
      const called = withoutParentheses(inner.function)
      if (called.kind === 'identifier' || called.kind === 'attribute') names.add(called.kind === 'attribute' ? called.attribute.text : called.text)
    }
    const root = rootOf(node)
    if (root !== node && root.kind === 'identifier') pending.push(root)
  }
  return names
}

/** What a chain of attributes and calls begins with. */
function rootOf(expression: PythonNode): PythonNode {
  let node = withoutParentheses(expression)
  for (;;) {
    if (node.kind === 'attribute') node = withoutParentheses(node.object)
    else if (node.kind === 'call') node = withoutParentheses(node.function)
    else return node
  }
}
