import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { classOfExpression } from './called-function.ts'
import { lastPart } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'

export type HttpLibrary = 'requests' | 'httpx' | 'aiohttp'

/** A call that sends an HTTP request and gives the response. */
export interface HttpRequest {
  readonly library: HttpLibrary
  /** `get`, `post`, `request`, `stream` ... */
  readonly method: string
  /** The session or client; `null` for a function of the library. */
  readonly client: { readonly node: PythonNode; readonly class: string } | null
}

const METHODS: Readonly<Record<HttpLibrary, ReadonlySet<string>>> = {
  requests: new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request']),
  httpx: new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'stream']),
  aiohttp: new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request']),
}

const CLIENTS: ReadonlyMap<string, HttpLibrary> = new Map([
  ['requests.Session', 'requests'],
  ['httpx.Client', 'httpx'],
  ['httpx.AsyncClient', 'httpx'],
  ['aiohttp.ClientSession', 'aiohttp'],
])

/**
 * Takes a call apart if it sends a request by `requests`, `httpx` or `aiohttp`: by a function of the library, or by a session or client whose class is
 * known, also one of the project that derives from theirs. `null` for all others.
 */
export function httpRequest(context: PythonServices, call: CallNode): HttpRequest | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute') return called.kind === 'identifier' ? libraryFunction(context, called) : null
  const method = called.attribute.text
  if (!METHODS.httpx.has(method)) return null
  const ofLibrary = libraryFunction(context, called)
  if (ofLibrary) return ofLibrary
  const className = classOfExpression(context, called.object)
  const library = className === null ? null : httpClientLibrary(context, className)
  if (className === null || library === null || !METHODS[library].has(method)) return null
  return { library, method, client: { node: called.object, class: className } }
}

/** The library whose session or client a class is, or derives from. */
export function httpClientLibrary({ project }: PythonServices, className: string): HttpLibrary | null {
  for (const name of project.ancestors(className).names) {
    const library = CLIENTS.get(name)
    if (library !== undefined) return library
  }
  return null
}

function libraryFunction(context: PythonServices, called: PythonNode): HttpRequest | null {
  const name = context.resolve(called)
  if (name === null) return null
  const method = lastPart(name)
  const library = name.slice(0, name.length - method.length - 1)
  if (!isLibrary(library) || !METHODS[library].has(method)) return null
  return { library, method, client: null }
}

function isLibrary(name: string): name is HttpLibrary {
  return Object.hasOwn(METHODS, name)
}
