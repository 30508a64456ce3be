import type { PythonProject } from '../../project/python-project.ts'
import { withoutLastPart } from '../../shared/dotted-name.ts'
import { constantWithDefaults } from '../../shared/setting-constant.ts'
import { UNKNOWN } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import type { AppNode, NodeHandler, RouteEvent } from './app-node.ts'
import { argument, nodesIn, nodesOf, optionsOf, valueOf } from './evaluated.ts'
import type { Evaluated, EvaluatedArguments, Frame } from './evaluated.ts'
import { isFastapiMethod } from './evaluator.ts'
import type { WrittenHandler } from './wiring.ts'

/** Registers on apps and routers what their methods are called with. */
export class Registrar {
  #sequence = 0
  /** Routers that something unknown includes, or that are included somewhere unknown. */
  unresolvedIncludes = 0

  /** A method that is called as it stands, such as `include_router`. */
  call(node: AppNode, method: string, given: EvaluatedArguments, frame: Frame): void {
    switch (method) {
      case 'include_router':
        return this.#include(node, given, frame)
      case 'mount':
      case 'host':
        return this.#mount(node, method, given, frame)
      case 'routes.append':
        return this.#append(node, given.positional, frame)
    }
    const handler = argument(given, 'endpoint', 1) ?? argument(given, 'route', 1)
    if (method.startsWith('add_')) this.route(node, method, given, handlerOf(handler), frame)
    else node.isDynamic = true
  }

  /** @param method of the app: a verb, `api_route`, `add_api_route`, `websocket` ... */
  route(node: AppNode, method: string, given: EvaluatedArguments, handler: NodeHandler, frame: Frame): void {
    const isWebsocket = method.includes('websocket')
    const options = optionsIn(given, ['path', 'endpoint', 'route', 'methods'])
    node.events.push({
      ...this.#place(frame),
      kind: 'route',
      protocol: isWebsocket ? 'websocket' : 'http',
      style: isFastapiMethod(method) || method === 'add_api_route' || method === 'add_api_websocket_route' ? 'fastapi' : 'starlette',
      methods: isWebsocket ? [] : methodsOf(method, argument(given, 'methods'), given.open, frame.project),
      pattern: textOf(argument(given, 'path', 0), frame.project),
      handler,
      options,
      isOpen: given.open,
    })
  }

  /** `routes=[APIRoute(...), Mount(...)]` of an app or router. */
  routesOption(node: AppNode, given: Evaluated, frame: Frame): void {
    if (given.kind === 'routes') this.#addInclude(node, [given.node], '', {}, frame)
    else if (given.kind !== 'sequence') node.isDynamic = true
    else {
      node.isDynamic ||= given.open
      this.#append(node, given.items, frame)
    }
  }

  #append(node: AppNode, items: readonly Evaluated[], frame: Frame): void {
    for (const item of items) {
      if (item.kind !== 'route') node.isDynamic = true
      else if (item.class === 'Mount' || item.class === 'Host') this.#mount(node, item.class.toLowerCase(), item.arguments, frame)
      else this.route(node, METHOD_OF_CLASS[item.class]!, item.arguments, handlerOf(argument(item.arguments, 'endpoint', 1)), frame)
    }
  }

  #include(node: AppNode, given: EvaluatedArguments, frame: Frame): void {
    const router = argument(given, 'router', 0)
    const prefix = argument(given, 'prefix')
    const text = prefix ? textOf(prefix, frame.project) : given.open ? null : ''
    this.#addInclude(node, nodesOf(router), text, optionsIn(given, ['router', 'prefix']), frame)
  }

  #addInclude(node: AppNode, children: readonly AppNode[], prefix: string | null, options: Readonly<Record<string, Value>>, frame: Frame): void {
    if (children.length === 0) {
      node.isDynamic = true
      this.unresolvedIncludes++
    }
    node.events.push({ ...this.#place(frame), kind: 'include', children, prefix, options })
  }

  #mount(node: AppNode, method: string, given: EvaluatedArguments, frame: Frame): void {
    const isHost = method === 'host'
    const child = argument(given, 'app', 1)
    const prefix = isHost ? null : (textOf(argument(given, 'path', 0), frame.project)?.replace(/\/+$/, '') ?? null)
    if (child) for (const inner of nodesIn(child)) if (!nodesOf(child).includes(inner)) inner.isStored = true
    node.events.push({ ...this.#place(frame), kind: 'mount', prefix, isHost, children: nodesOf(child) })
  }

  #place({ path, step, branches, origin, trace }: Frame): Pick<RouteEvent, 'path' | 'step' | 'branches' | 'sequence' | 'origin' | 'trace'> {
    return { path, step, branches, origin, trace, sequence: this.#sequence++ }
  }

  /** The number that the next event gets. */
  get next(): number {
    return this.#sequence
  }
}

const METHOD_OF_CLASS: Readonly<Record<string, string>> = {
  APIRoute: 'add_api_route',
  APIWebSocketRoute: 'add_api_websocket_route',
  Route: 'add_route',
  WebSocketRoute: 'add_websocket_route',
}

/** The text that something is known to be. */
export function textOf(given: Evaluated | undefined, project: PythonProject): string | null {
  if (!given) return null
  const texts = optionsOf(given).map((option) => constantWithDefaults(project, valueOf(option)))
  const [first] = texts
  return typeof first === 'string' && texts.every((text) => text === first) ? first : null
}

/** The keyword arguments, without those that the index gives apart. */
export function optionsIn({ keywords }: EvaluatedArguments, without: readonly string[]): Readonly<Record<string, Value>> {
  return Object.fromEntries([...keywords].filter(([name]) => !without.includes(name)).map(([name, given]) => [name, valueOf(given)]))
}

function methodsOf(method: string, given: Evaluated | undefined, open: boolean, project: PythonProject): readonly string[] | null {
  const isVerb = isFastapiMethod(method) && method !== 'api_route'
  if (isVerb) return [method.toUpperCase()]
  if (!given) return open ? null : ['GET']
  const methods = constantWithDefaults(project, valueOf(given))
  if (methods === null) return ['GET']
  if (!Array.isArray(methods)) return null
  const texts = (methods as readonly unknown[]).filter((item) => typeof item === 'string')
  return texts.length === methods.length ? [...new Set(texts.map((text) => text.toUpperCase()))].sort() : null
}

/** A function given to `add_api_route` and the like. */
function handlerOf(given: Evaluated | undefined): NodeHandler {
  if (given?.kind === 'function') {
    const { name, path, fact } = given
    return { name, path, function: fact, className: fact?.method ? withoutLastPart(name) : null }
  }
  const value = given ? valueOf(given) : UNKNOWN
  return { name: value.kind === 'name' ? value.name : null, path: null, function: null, className: null }
}

/** The function under a decorator. */
export function handlerOfDecorator(handler: WrittenHandler, path: string, moduleName: string): NodeHandler {
  const name = moduleName === '' ? handler.key : `${moduleName}.${handler.key}`
  return { name, path, function: handler, className: handler.method ? withoutLastPart(name) : null }
}

