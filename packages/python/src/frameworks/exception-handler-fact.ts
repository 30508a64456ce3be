import { childByField, defineFact } from '@krait/core'
import { decoratorsOf } from '../facts/function-fact.ts'
import { functionKey, functionKeyAt } from '../facts/function-keys.ts'
import { typesOfHandler } from '../facts/guards.ts'
import { forEachCall } from '../facts/numbering.ts'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { PythonNode } from '../syntax/node.ts'
import { UNKNOWN } from '../values/value.ts'
import type { Value } from '../values/value.ts'

/** What is told a web framework to be called for exceptions, or stands around its routes and answers exceptions itself. */
export interface ExceptionHandlerFact {
  readonly by: 'registration' | 'middleware' | 'dependency'
  /** What is handled, relative to the file: a class or a status code, several in a display, a dict with them as its keys. */
  readonly exceptions: Value
  /** `exceptions` is what a loop goes over; each item is registered, or its part at this position: `for error, code in ERRORS.items()`. */
  readonly each?: { readonly position?: number }
  /** The application, router or blueprint on which it is registered; left out where that is not said by the call. */
  readonly on?: Value
  /** The key of the function that registers it (empty: the module), or that answers. */
  readonly function: string
  /** The number of the registering call, see `CallFact`. */
  readonly call?: number
  /** Where the call begins that makes the one application of which this is known: `FastAPI(exception_handlers=...)`, or what its local name is bound to. */
  readonly application?: number
}

/** The exception handlers that a file gives to FastAPI, Starlette, Flask, Quart, Litestar, Sanic and their like. */
export const exceptionHandlerFact = defineFact<readonly ExceptionHandlerFact[], FileSemantics>({
  name: 'python/exception-handlers',
  version: 2,
  onDemand: 'file',
  collect: ({ services: file }) => {
    // Most files have none of it: asking the text is much cheaper.
    const found = REGISTERING.test(file.tree.text) ? registrations(file) : []
    return ANSWERING.test(file.tree.text) ? [...found, ...answeringFunctions(file)] : found
  },
})

const REGISTERING = /exception_handler|error_?handler|\.exception\(/
const ANSWERING = /\bcall_next\b|\breceive\b|\byield\b/

/** Methods that register a handler, also as decorators: the first argument says for what. */
export const REGISTERING_METHODS: ReadonlySet<string> = new Set([
  'add_error_handler',
  'add_exception_handler',
  'app_errorhandler',
  'errorhandler',
  'exception_handler',
  'register_error_handler',
])

/** Names of that argument. */
const PARAMETERS: ReadonlySet<string> = new Set(['code_or_exception', 'exc_class', 'exc_class_or_status_code', 'exception'])

function registrations(file: FileSemantics): ExceptionHandlerFact[] {
  const found = handlersInDicts(file)
  forEachCall(file, (call, key, number) => {
    const place = { by: 'registration', function: key, call: number } as const
    const handlers = keywordOf(file, call, 'exception_handlers')
    if (handlers >= 0) found.push({ ...place, exceptions: keysOf(file, handlers), ...madeBy(file, call) })
    const { tree, tables } = file
    const { codes, fields } = tables.kinds
    const called = childByField(tree, call, fields.function)
    if (called < 0 || codes[tree.kind[called]!] !== K.ATTRIBUTE) return
    const method = textOf(file, childByField(tree, called, fields.attribute))
    const isSanic = method === 'exception' && codes[tree.kind[tree.parent[call]!]!] === K.DECORATOR
    if (!isSanic && !REGISTERING_METHODS.has(method)) return
    const object = childByField(tree, called, fields.object)
    const on = { on: file.values.summarise(object), ...boundTo(file, object) }
    for (const argument of isSanic ? positionals(file, call) : [handledArgument(file, call)]) {
      if (argument >= 0) found.push({ ...place, ...handled(file, argument), ...on })
    }
  })
  return found
}

/** `{"exception_handlers": {...}}`, `exception_handlers = {...}` and `app.exception_handlers[E] = f`: what is made before it is passed on. */
function handlersInDicts(file: FileSemantics): ExceptionHandlerFact[] {
  const { tree, tables, values } = file
  const { codes, fields } = tables.kinds
  const found: ExceptionHandlerFact[] = []
  for (const index of file.nodesOf(K.PAIR, K.ASSIGNMENT)) {
    const code = codes[tree.kind[index]!]
    const target = childByField(tree, index, code === K.PAIR ? fields.key : fields.left)
    const isItem = target >= 0 && codes[tree.kind[target]!] === K.SUBSCRIPT
    const named = textOf(file, isItem ? childByField(tree, target, fields.value) : target)
    if (!(code === K.PAIR ? /^["']exception_handlers["']$/ : /(^|\.)exception_handlers$/).test(named)) continue
    const value = childByField(tree, index, code === K.PAIR ? fields.value : fields.right)
    if (value < 0) continue
    const exceptions = isItem ? values.summarise(childByField(tree, target, fields.subscript)) : keysOf(file, value)
    found.push({ by: 'registration', exceptions, function: functionKeyAt(file, index) })
  }
  return found
}

const APPLICATIONS: ReadonlySet<string> = new Set(['fastapi.FastAPI', 'flask.Flask', 'starlette.applications.Starlette'])

function madeBy({ tree, tables, names }: FileSemantics, call: number): Pick<ExceptionHandlerFact, 'application'> {
  const called = childByField(tree, call, tables.kinds.fields.function)
  return APPLICATIONS.has(names.nameOf(called) ?? '') ? { application: tree.start[call]! } : {}
}

/** For a name that is bound once: the application that it holds. */
function boundTo(file: FileSemantics, name: number): Pick<ExceptionHandlerFact, 'application'> {
  const node = file.tree.node(name) as PythonNode
  const value = node.kind === 'identifier' ? file.scopes.bindingOf(node)?.onlyDefinition?.value : null
  return value?.kind === 'call' ? madeBy(file, value.index) : {}
}

function handledArgument(file: FileSemantics, call: number): number {
  for (const name of PARAMETERS) {
    const value = keywordOf(file, call, name)
    if (value >= 0) return value
  }
  return positionals(file, call)[0] ?? -1
}

/** What an argument registers: itself, or each thing that the loop around gives to it. */
function handled(file: FileSemantics, argument: number): Pick<ExceptionHandlerFact, 'exceptions' | 'each'> {
  const { tree, tables, values } = file
  const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes, definitionIdentifiers, kinds } = tables
  const binding = kinds.codes[tree.kind[argument]!] === K.IDENTIFIER ? bindingOfNode[argument]! - 1 : -1
  const [definition, ...others] = binding < 0 ? [] : bindingDefinitions[binding]!
  if (definition === undefined || others.length > 0 || definitionKinds[definition] !== S.FOR) return { exceptions: values.summarise(argument) }
  const loop = definitionNodes[definition]!
  const left = childByField(tree, loop, kinds.fields.left)
  const target = definitionIdentifiers[definition]!
  const exceptions = values.summarise(childByField(tree, loop, kinds.fields.right))
  if (left === target) return { exceptions, each: {} }
  if (tree.parent[target] !== left) return { exceptions: UNKNOWN }
  return { exceptions, each: { position: namedChildren(file, left).indexOf(target) } }
}

/** The keys of a dict; a display is taken apart, so that `**OTHERS` in it is seen. */
function keysOf(file: FileSemantics, expression: number): Value {
  const { tree, tables, values } = file
  const { codes, fields } = tables.kinds
  if (codes[tree.kind[expression]!] !== K.DICTIONARY) return values.summarise(expression)
  const items = namedChildren(file, expression).map((entry) =>
    values.summarise(codes[tree.kind[entry]!] === K.PAIR ? childByField(tree, entry, fields.key) : (namedChildren(file, entry)[0] ?? -1)),
  )
  return { kind: 'tuple', items, open: false }
}

/** Middleware and dependencies that catch what comes out of a route, and do not raise it again. */
function answeringFunctions(file: FileSemantics): ExceptionHandlerFact[] {
  const { tree, tables } = file
  const found: ExceptionHandlerFact[] = []
  for (const [scope, node] of tables.scopeNodes.entries()) {
    if (tables.scopeKinds[scope] !== S.FUNCTION_SCOPE) continue
    const parameters = textOf(file, childByField(tree, node, tables.kinds.fields.parameters))
    const by = /\bcall_next\b|\bscope\b[\s\S]*\breceive\b[\s\S]*\bsend\b/.test(parameters) ? 'middleware' : 'dependency'
    for (let index = node + 1; index < tree.next[node]!; index++) {
      if (tables.kinds.codes[tree.kind[index]!] !== K.TRY_STATEMENT || enclosingFunction(file, index) !== node) continue
      if (!leadsToRoute(file, index, node, by) || (by === 'dependency' && isNoDependency(file, node))) continue
      const exceptions = answered(file, index)
      if (exceptions.length > 0) found.push({ by, exceptions: { kind: 'tuple', items: exceptions, open: false }, function: functionKey(file, scope), ...(by === 'middleware' && decoratedBy(file, node)) })
    }
  }
  return found
}

/** `@app.middleware("http")` */
function decoratedBy(file: FileSemantics, fn: number): Pick<ExceptionHandlerFact, 'on' | 'application'> {
  for (const decorator of (file.tree.node(file.tree.parent[fn]!) as PythonNode).namedChildren) {
    const call = decorator.kind === 'decorator' ? decorator.namedChildren[0] : null
    const called = call?.kind === 'call' ? call.function : null
    if (called?.kind !== 'attribute' || called.attribute.text !== 'middleware') continue
    return { on: file.values.summarise(called.object.index), ...boundTo(file, called.object.index) }
  }
  return {}
}

/** Whether the body of a `try` hands on the request: by `call_next(...)`, by a call with `scope`, or by the `yield` of a dependency. */
function leadsToRoute(file: FileSemantics, tryStatement: number, fn: number, by: 'middleware' | 'dependency'): boolean {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const body = childByField(tree, tryStatement, fields.body)
  for (let index = body; body >= 0 && index < tree.next[body]!; index++) {
    const code = codes[tree.kind[index]!]
    if (by === 'dependency') {
      if (isOwnYield(file, index, fn)) return !isInLoop(file, index, body) && isOnlyYield(file, index, fn)
    } else if (code === K.CALL) {
      const called = textOf(file, childByField(tree, index, fields.function))
      if (called === 'call_next' || positionals(file, index).some((argument) => textOf(file, argument) === 'scope')) return true
    }
  }
  return false
}

function isOwnYield(file: FileSemantics, node: number, fn: number): boolean {
  const { tree, tables } = file
  return tables.kinds.codes[tree.kind[node]!] === K.YIELD && tree.grammar.isNamed[tree.kind[node]!] === 1 && enclosingFunction(file, node) === fn
}

/** A dependency yields once; what yields again and again makes items. */
function isOnlyYield(file: FileSemantics, node: number, fn: number): boolean {
  for (let index = fn; index < file.tree.next[fn]!; index++) if (index !== node && isOwnYield(file, index, fn)) return false
  return true
}

function isInLoop({ tree, tables }: FileSemantics, node: number, block: number): boolean {
  for (let outer = tree.parent[node]!; outer > block; outer = tree.parent[outer]!) {
    const code = tables.kinds.codes[tree.kind[outer]!]
    if (code === K.FOR_STATEMENT || code === K.WHILE_STATEMENT) return true
  }
  return false
}

function answered(file: FileSemantics, tryStatement: number): Value[] {
  const { tree, tables } = file
  const found: Value[] = []
  for (let child = tryStatement + 1; child < tree.next[tryStatement]!; child = tree.next[child]!) {
    if (tables.kinds.codes[tree.kind[child]!] !== K.EXCEPT_CLAUSE || file.guards.rethrows(child)) continue
    found.push(...(typesOfHandler(file, child) ?? []))
  }
  return found
}

/** Context managers and fixtures yield to code of their own, not to routes. */
function isNoDependency(file: FileSemantics, fn: number): boolean {
  return decoratorsOf(file, fn).some((decorator) => {
    const name = decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? decorator.callee : null
    return name === null || /(^|\.)(contextmanager|asynccontextmanager|fixture)$/.test(name)
  })
}

function enclosingFunction({ tree, tables }: FileSemantics, index: number): number {
  let node = tree.parent[index]!
  while (node >= 0 && tables.kinds.codes[tree.kind[node]!] !== K.FUNCTION_DEFINITION && tables.kinds.codes[tree.kind[node]!] !== K.LAMBDA) node = tree.parent[node]!
  return node
}

function keywordOf(file: FileSemantics, call: number, name: string): number {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const list = childByField(tree, call, fields.arguments)
  for (let child = list + 1; list >= 0 && child < tree.next[list]!; child = tree.next[child]!) {
    if (codes[tree.kind[child]!] !== K.KEYWORD_ARGUMENT) continue
    if (textOf(file, childByField(tree, child, fields.name)) === name) return childByField(tree, child, fields.value)
  }
  return -1
}

function positionals(file: FileSemantics, call: number): number[] {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const list = childByField(tree, call, fields.arguments)
  if (list < 0 || codes[tree.kind[list]!] !== K.ARGUMENT_LIST) return []
  return namedChildren(file, list).filter((child) => codes[tree.kind[child]!] !== K.KEYWORD_ARGUMENT && codes[tree.kind[child]!] !== K.DICTIONARY_SPLAT)
}

function namedChildren({ tree, tables }: FileSemantics, node: number): number[] {
  const found: number[] = []
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
    const code = tables.kinds.codes[tree.kind[child]!]
    if (tree.grammar.isNamed[tree.kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) found.push(child)
  }
  return found
}

function textOf({ tree }: FileSemantics, node: number): string {
  return node < 0 ? '' : tree.text.slice(tree.start[node], tree.end[node])
}
