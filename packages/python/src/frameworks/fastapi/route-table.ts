import type { KeptReader } from '@krait/core'
import { importsFact } from '../../facts/imports-fact.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { constantWithDefaults } from '../../shared/setting-constant.ts'
import type { Value } from '../../values/value.ts'
import type { AppNode, NodeHandler, RouteEvent, WiringEvent } from './app-node.ts'
import { ExecutionOrder } from './execution-order.ts'
import { Linker } from './linker.ts'
import { readParameters } from './parameters.ts'
import { Publisher, idOf } from './publisher.ts'
import type { Published } from './publisher.ts'
import type { Include, Publication, Route, RouteHandler, Router, WiringOverview } from './route.ts'

/** What an app serves, in the order of registration. */
export interface Served {
  readonly app: string
  /** For a route its id; for a mount that of the step that mounts. */
  readonly id: string
  readonly kind: 'route' | 'mount'
  readonly publication: Publication
}

interface Registration {
  readonly node: AppNode
  readonly event: RouteEvent
}

/** The routes, apps and routers of a project. */
export class RouteTable {
  readonly overview: WiringOverview
  readonly #linker: Linker
  readonly #registrations = new Map<string, Registration[]>()
  readonly #published = new Map<string, Published[]>()
  readonly #routesByPath: ReadonlyMap<string, readonly string[]>
  readonly #routersByPath: ReadonlyMap<string, readonly string[]>
  readonly #served = new Map<string, Served[]>()
  readonly #nodes: ReadonlyMap<string, AppNode>
  readonly #parents = new Map<AppNode, Set<AppNode>>()
  readonly #order: ExecutionOrder

  constructor(reader: KeptReader) {
    const linker = new Linker(reader)
    this.#linker = linker
    this.#nodes = new Map(linker.nodes.map((node) => [node.id, node]))
    const apps = linker.nodes.filter(({ role, isOpaque }) => role === 'app' && !isOpaque)
    const starts = [...new Set([...apps.map(({ path }) => path), ...linker.nodes.map(({ path }) => path)])]
    this.#order = new ExecutionOrder(
      { projectOf: (path) => linker.projectOf(path), importsOf: (path) => reader.fact(importsFact, path) ?? [], lateImports: linker.lateImports },
      starts,
    )
    for (const node of linker.nodes) for (const event of node.events) this.#addEvent(node, event)
    const inOrder = [...this.#registrations].sort(([, [a]], [, [b]]) => a!.event.sequence - b!.event.sequence)
    this.#routesByPath = groupBy(inOrder, ([, [first]]) => first!.event.path, ([id]) => id)
    this.#routersByPath = groupBy(linker.nodes, ({ path }) => path, ({ id }) => id)
    for (const published of new Publisher(linker.nodes, this.#order).published) this.#addPublished(published)
    this.overview = { apps: apps.map(({ id }) => id).sort(), unresolvedIncludes: linker.registrar.unresolvedIncludes }
  }

  /** The ids of the routes that a file registers. */
  routesIn(path: string): readonly string[] {
    return this.#routesByPath.get(path) ?? []
  }

  /** The ids of the apps and routers that a file makes. */
  routersIn(path: string): readonly string[] {
    return this.#routersByPath.get(path) ?? []
  }

  /** The files that register routes, sorted. */
  get files(): readonly string[] {
    return [...this.#routesByPath.keys()].sort()
  }

  served(app: string): readonly Served[] {
    return this.#served.get(app) ?? []
  }

  /** The ids of all routes. */
  get routes(): Iterable<string> {
    return this.#registrations.keys()
  }

  projectOf(path: string): PythonProject {
    return this.#linker.projectOf(path)
  }

  route(id: string): Route | undefined {
    const registrations = this.#registrations.get(id)
    if (!registrations) return undefined
    const { event, node } = registrations[0]!
    const patterns = new Set(registrations.map((registration) => registration.event.pattern))
    const publications = (this.#published.get(id) ?? []).map(({ publication }) => publication)
    const { options } = event
    return {
      id,
      path: event.path,
      protocol: event.protocol,
      style: event.style,
      methods: event.methods,
      pattern: patterns.size === 1 ? event.pattern : null,
      handler: this.#handler(event.handler),
      responseModel: options['response_model'] ?? null,
      statusCode: this.#statusCode(options['status_code'], node),
      options,
      isOpen: event.isOpen,
      routers: [...new Set(registrations.map((registration) => registration.node.id))],
      publications,
      reach: publications.length > 0 ? 'served' : registrations.some((registration) => this.#mayBeReached(registration.node)) ? 'unknown' : 'unserved',
    }
  }

  router(id: string): Router | undefined {
    const node = this.#nodes.get(id)
    if (!node) return undefined
    const { events } = this.#order.sort(node.events)
    return {
      id,
      role: node.role,
      framework: node.framework,
      className: node.className,
      path: node.path,
      site: node.step === null ? null : idOf({ path: node.path, step: node.step }),
      name: node.name,
      prefix: node.prefix,
      options: node.options,
      routes: events.filter((event) => event.kind === 'route').map(idOf),
      includes: events.flatMap((event) => (event.kind === 'route' ? [] : [includeOf(event)])),
      includedIn: [...(this.#parents.get(node) ?? [])].map((parent) => parent.id),
      handedTo: [...node.handedTo].sort(),
      isStored: node.isStored,
      isDynamic: node.isDynamic,
      isOpaque: node.isOpaque,
    }
  }

  #addEvent(node: AppNode, event: WiringEvent): void {
    if (event.kind === 'route') {
      const id = idOf(event)
      this.#registrations.set(id, [...(this.#registrations.get(id) ?? []), { node, event }])
      return
    }
    for (const child of event.children) this.#parents.set(child, (this.#parents.get(child) ?? new Set()).add(node))
  }

  #addPublished(published: Published): void {
    const { event, publication } = published
    const id = idOf(event)
    const ways = this.#published.get(id) ?? []
    this.#published.set(id, ways)
    if (event.kind === 'route' && !ways.some((other) => this.#areAlike(publication, other.publication))) ways.push(published)
    const served = this.#served.get(publication.app) ?? []
    this.#served.set(publication.app, served)
    served.push({ app: publication.app, id, kind: event.kind, publication })
  }

  /** Whether two runs of one factory serve a route in the same way. */
  #areAlike(a: Publication, b: Publication): boolean {
    if (a.fullPath !== b.fullPath || a.via.join() !== b.via.join() || a.methods?.join() !== b.methods?.join()) return false
    return a.nodes.every((id, i) => this.#siteOf(id) === this.#siteOf(b.nodes[i]))
  }

  #siteOf(id: string | undefined): string | null {
    const node = id === undefined ? undefined : this.#nodes.get(id)
    return node ? `${node.path}:${node.name ?? node.step}` : null
  }

  /** Whether code that is not understood could include the router, or one that includes it. */
  #mayBeReached(node: AppNode): boolean {
    if (this.overview.unresolvedIncludes > 0) return true
    const waiting = [node]
    const seen = new Set(waiting)
    for (let current = waiting.pop(); current; current = waiting.pop()) {
      if (current.isOpaque || current.isStored || current.handedTo.size > 0) return true
      for (const parent of this.#parents.get(current) ?? []) {
        if (seen.has(parent)) continue
        seen.add(parent)
        waiting.push(parent)
      }
    }
    return false
  }

  #handler({ name, path, function: fact, className, substitute }: NodeHandler): RouteHandler {
    const handler = fact && path !== null ? { fact, path } : this.#definitionOf(name)
    if (!handler) return { name, path, className, isAsync: false, isGenerator: false, parameters: null, returnAnnotation: null }
    const project = this.#linker.projectOf(handler.path)
    const { parameters, async: isAsync, generator, returnAnnotation, method } = handler.fact
    const own = method && method !== 'static' ? parameters.slice(1) : parameters
    return {
      name,
      path: handler.path,
      className,
      isAsync: isAsync === true,
      isGenerator: generator === true,
      parameters: readParameters(project, own, handler.path, substitute),
      returnAnnotation: returnAnnotation ? project.value(returnAnnotation, handler.path) : null,
    }
  }

  #definitionOf(name: string | null): { readonly fact: NonNullable<NodeHandler['function']>; readonly path: string } | null {
    const definition = name === null ? null : this.#linker.projectOf('').definition(name)
    return definition?.kind === 'function' ? definition : null
  }

  #statusCode(given: Value | undefined, { project }: AppNode): number | null {
    if (!given) return null
    const code = constantWithDefaults(project, given)
    if (typeof code === 'number') return code
    const named = given.kind === 'name' ? /^(?:starlette\.status|http\.HTTPStatus)\.(?:HTTP_(\d{3})_\w+|(\w+))$/.exec(given.name) : null
    return named?.[1] ? Number(named[1]) : (HTTP_STATUS[named?.[2] ?? ''] ?? null)
  }
}

function groupBy<Item, Part>(items: readonly Item[], keyOf: (item: Item) => string, partOf: (item: Item) => Part): ReadonlyMap<string, readonly Part[]> {
  const groups = new Map<string, Part[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? []
    group.push(partOf(item))
    groups.set(keyOf(item), group)
  }
  return groups
}

function includeOf(event: Exclude<WiringEvent, RouteEvent>): Include {
  const options = event.kind === 'include' ? event.options : {}
  const kind = event.kind === 'include' ? 'include' : event.isHost ? 'host' : 'mount'
  return { id: idOf(event), path: event.path, kind, prefix: event.prefix, routers: event.children.map(({ id }) => id), options }
}

/** Members of `http.HTTPStatus` that are usual as the status of a success. */
const HTTP_STATUS: Readonly<Record<string, number>> = {
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NO_CONTENT: 204,
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  NOT_MODIFIED: 304,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
}
