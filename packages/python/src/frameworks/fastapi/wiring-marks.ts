import { childByField } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import * as K from '../../scopes/kind-codes.ts'
import * as S from '../../scopes/scope-tables.ts'

/** The methods of apps and routers that are decorators of handlers. */
export const HTTP_VERBS: readonly string[] = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace']
export const ROUTE_DECORATORS: ReadonlySet<string> = new Set([...HTTP_VERBS, 'api_route', 'websocket', 'route', 'websocket_route'])

/** Methods that register something and are called as they stand. */
export const WIRING_METHODS: ReadonlySet<string> = new Set([
  'include_router',
  'add_api_route',
  'add_api_websocket_route',
  'add_route',
  'add_websocket_route',
  'mount',
  'host',
])

/** What changes a list of routes from outside. */
const LIST_METHODS: ReadonlySet<string> = new Set(['append', 'extend', 'insert', 'remove', 'pop', 'clear'])

/** A file without any of these words wires nothing. */
const WORDS = /fastapi|starlette|[rR]outer|[aA](?:pps?|pis?|PI)\b/

/** Names that are given to classes of apps and routers, and to apps and routers. They only say where to look: what a name means is found out later. */
const CLASS_LIKE = /(?:FastAPI|Router|Starlette|App|Api|API|Application)$/
const OBJECT_LIKE = /(?:^|_)(?:app|apps|api|apis|router|routers|application|asgi|fastapi|server)$/i

/** The decorators and calls of a file that could wire something, by node. */
export function wiringMarks(file: FileSemantics): ReadonlySet<number> {
  const marks = new Set<number>()
  if (!WORDS.test(file.tree.text)) return marks
  const { tree, tables } = file
  const { codes } = tables.kinds
  for (const index of file.nodesOf(K.CALL, K.DECORATOR)) {
    if (codes[tree.kind[index]!] === K.CALL ? isWiring(file, index) : isWiringDecorator(file, index)) marks.add(index)
  }
  return marks
}

function isWiringDecorator(file: FileSemantics, decorator: number): boolean {
  return isRouteDecorator(file, decorator) || isHandOver(file, firstNamed(file, decorator))
}

/** Whether a decorator reads like that of a route: a call of a method `get` and the like. */
export function isRouteDecorator(file: FileSemantics, decorator: number): boolean {
  const call = firstNamed(file, decorator)
  if (codeOf(file, call) !== K.CALL) return false
  return ROUTE_DECORATORS.has(methodName(file, call))
}

/** The last part of what a call calls; through a name that stands for a method (`get = router.get`) too. */
export function methodName(file: FileSemantics, call: number): string {
  const called = childByField(file.tree, call, file.tables.kinds.fields.function)
  if (codeOf(file, called) !== K.IDENTIFIER) return nameText(file, called)
  return lastPart(file.names.nameOf(called)?.replace(/^:/, '') ?? nameText(file, called))
}

function isWiring(file: FileSemantics, call: number): boolean {
  const { fields } = file.tables.kinds
  const called = childByField(file.tree, call, fields.function)
  const method = nameText(file, called)
  if (codeOf(file, called) === K.ATTRIBUTE) {
    if (WIRING_METHODS.has(method)) return true
    const object = childByField(file.tree, called, fields.object)
    if (LIST_METHODS.has(method) && codeOf(file, object) === K.ATTRIBUTE && nameText(file, object) === 'routes') return true
    if (method === '__init__' && isInAppClass(file, call)) return true
  }
  if (codeOf(file, called) === K.CALL && ROUTE_DECORATORS.has(nameText(file, called))) return true
  return isNamedLikeOne(method) || isHandOver(file, call) || isNamedLikeApp(file, call)
}

/** `app = build()` */
function isNamedLikeApp(file: FileSemantics, call: number): boolean {
  const { tree, tables } = file
  const statement = tree.parent[call]!
  if (codeOf(file, statement) !== K.ASSIGNMENT || tree.field[call] !== tables.kinds.fields.right) return false
  const target = childByField(tree, statement, tables.kinds.fields.left)
  return codeOf(file, target) === K.IDENTIFIER && isObjectLike(file, target)
}

/** `super().__init__(...)` in a class that could be an app's or a router's. */
function isInAppClass({ tree, tables }: FileSemantics, call: number): boolean {
  let scope = tables.scopeAt(call)
  while (scope > 0 && tables.scopeKinds[scope] !== S.CLASS_SCOPE) scope = tables.scopeParents[scope]!
  const bases = scope > 0 ? childByField(tree, tables.scopeNodes[scope]!, tables.kinds.fields.superclasses) : -1
  return bases >= 0 && CLASS_LIKE.test(tree.text.slice(tree.start[bases], tree.end[bases]! - 1))
}

/** Whether something that reads like an app or a router is given to the call. */
function isHandOver(file: FileSemantics, call: number): boolean {
  if (codeOf(file, call) !== K.CALL) return false
  const { tree, tables } = file
  const list = childByField(tree, call, tables.kinds.fields.arguments)
  if (list < 0) return false
  for (let child = list + 1; child < tree.next[list]!; child = tree.next[child]!) {
    const isKeyword = codeOf(file, child) === K.KEYWORD_ARGUMENT
    if (isAppLike(file, isKeyword ? childByField(tree, child, tables.kinds.fields.value) : child)) return true
  }
  return false
}

/** Whether an expression reads like an app or a router, or like a display of some. */
export function isAppLike(file: FileSemantics, expression: number): boolean {
  switch (codeOf(file, expression)) {
    case K.IDENTIFIER:
      return isObjectLike(file, expression) || isBoundToApp(file, expression)
    case K.ATTRIBUTE:
      return isObjectLike(file, childByField(file.tree, expression, file.tables.kinds.fields.attribute))
    case K.CALL: {
      return isNamedLikeOne(nameText(file, expression))
    }
    case K.TUPLE:
    case K.LIST:
    case K.SET:
    case K.DICTIONARY:
    case K.PAIR:
      return isDisplayOfApps(file, expression)
    default:
      return false
  }
}

/** Larger displays hold data. */
const MAX_DISPLAY = 200

export function isDisplayOfApps(file: FileSemantics, display: number): boolean {
  const { next } = file.tree
  if (next[display]! - display > MAX_DISPLAY * 10) return false
  for (let index = display + 1; index < next[display]!; index++) {
    const code = codeOf(file, index)
    if ((code === K.IDENTIFIER || code === K.ATTRIBUTE) && isAppLike(file, index)) return true
  }
  return false
}

/** Whether a name is one of those that are given to apps and routers, or to their classes. */
function isNamedLikeOne(name: string): boolean {
  return CLASS_LIKE.test(name) || OBJECT_LIKE.test(name)
}

/** Most names are told apart by their last letter: `r` of `router`, `p` of `app`, `i` of `api`, `n` of `application`, `s` of `apps`. */
function isObjectLike({ tree }: FileSemantics, identifier: number): boolean {
  if (identifier < 0 || !'rpinsRPINS'.includes(tree.text.charAt(tree.end[identifier]! - 1))) return false
  return OBJECT_LIKE.test(tree.text.slice(tree.start[identifier], tree.end[identifier]))
}

/** A parameter annotated as an app, or a name bound to a call that makes one. */
function isBoundToApp(file: FileSemantics, identifier: number): boolean {
  const binding = file.tables.bindingOfNode[identifier]! - 1
  if (binding < 0) return false
  let known = boundByFile.get(file)
  if (!known) boundByFile.set(file, (known = new Map<number, boolean>()))
  let isApp = known.get(binding)
  if (isApp === undefined) known.set(binding, (isApp = isAppBinding(file, binding)))
  return isApp
}

const boundByFile = new WeakMap<FileSemantics, Map<number, boolean>>()

function isAppBinding(file: FileSemantics, binding: number): boolean {
  const { tree, tables } = file
  const { bindingDefinitions, definitionNodes, definitionValues, kinds } = tables
  return bindingDefinitions[binding]!.some((definition) => {
    const value = definitionValues[definition]!
    if (value >= 0 && codeOf(file, value) === K.CALL && CLASS_LIKE.test(nameText(file, value))) return true
    const type = childByField(tree, definitionNodes[definition]!, kinds.fields.type)
    return type >= 0 && /FastAPI|Router|Starlette/.test(tree.text.slice(tree.start[type], tree.end[type]))
  })
}

/** The last part of the name of an identifier, an attribute, or of what a call calls; empty for all else. */
function nameText(file: FileSemantics, index: number): string {
  const { tree, tables } = file
  const { fields } = tables.kinds
  let node = index
  for (let step = 0; step < MAX_CALLS && codeOf(file, node) === K.CALL; step++) node = childByField(tree, node, fields.function)
  const name = codeOf(file, node) === K.ATTRIBUTE ? childByField(tree, node, fields.attribute) : codeOf(file, node) === K.IDENTIFIER ? node : -1
  return name < 0 ? '' : tree.text.slice(tree.start[name], tree.end[name])
}

/** Longer chains `f()()()` are not followed. */
const MAX_CALLS = 4

export function codeOf({ tree, tables }: FileSemantics, index: number): number {
  return index < 0 ? K.OTHER : tables.kinds.codes[tree.kind[index]!]!
}

export function firstNamed({ tree, tables }: FileSemantics, index: number): number {
  for (let child = index + 1; child < tree.next[index]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && tables.kinds.codes[tree.kind[child]!] !== K.COMMENT) return child
  }
  return -1
}
