import type { Value } from '../../values/value.ts'
import { UNKNOWN } from '../../values/value.ts'
import type { AppNode, IncludeEvent, MountEvent, RouteEvent } from './app-node.ts'
import type { ExecutionOrder } from './execution-order.ts'
import type { InheritedDependency, Publication } from './route.ts'

/** More ways than these are not followed: routers that include each other in many ways multiply. */
const MAX_PUBLICATIONS = 50_000
/** Routers nested deeper are not followed. */
const MAX_DEPTH = 40

/** A route or a mount as an app serves it. */
export interface Published {
  readonly event: RouteEvent | MountEvent
  readonly publication: Publication
}

/** The way from an app to a router. */
interface Way {
  readonly app: AppNode
  readonly root: AppNode
  readonly pieces: readonly (string | null)[]
  readonly via: readonly string[]
  readonly nodes: readonly AppNode[]
  readonly dependencies: readonly InheritedDependency[]
  readonly inSchema: boolean | null
  readonly branches: readonly string[]
  readonly isOrdered: boolean
}

/** Goes from every app through all that it includes. */
export class Publisher {
  readonly published: Published[] = []
  readonly #order: ExecutionOrder
  readonly #positions = new Map<AppNode, number>()

  constructor(nodes: readonly AppNode[], order: ExecutionOrder) {
    this.#order = order
    const mounted = new Set(nodes.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'mount' && !event.isHost ? event.children : []))))
    for (const app of nodes) if (app.role === 'app' && !mounted.has(app)) this.#visit(app, rootWay(app), 0)
  }

  #visit(node: AppNode, way: Way, depth: number): void {
    if (depth > MAX_DEPTH || this.published.length >= MAX_PUBLICATIONS) return
    const inside = enter(node, way)
    const { events, known } = this.#order.sort(node.events)
    for (const [i, event] of events.entries()) {
      const here: Way = { ...inside, branches: [...inside.branches, ...event.branches], isOrdered: inside.isOrdered && i < known }
      if (event.kind === 'route') this.#publish(event, event.pattern, here, event.options)
      else if (event.kind === 'include') this.#include(event, here, depth)
      else this.#mount(event, node, here, depth)
    }
  }

  #include(event: IncludeEvent, way: Way, depth: number): void {
    const id = idOf(event)
    const dependencies = [...way.dependencies, ...inherited('include', id, event.options)]
    const inSchema = both(way.inSchema, schemaIn(event.options))
    const next: Way = { ...way, dependencies, inSchema, pieces: [...way.pieces, event.prefix], via: [...way.via, id] }
    for (const child of event.children) if (!way.nodes.includes(child)) this.#visit(child, next, depth + 1)
  }

  /** A mounted app is an app of its own: nothing but the path is handed down. A router's mounts are not taken over by what includes it. */
  #mount(event: MountEvent, node: AppNode, way: Way, depth: number): void {
    const isReached = node.role === 'app'
    const prefix = isReached ? event.prefix : null
    this.#publish(event, prefix, way, {})
    if (event.isHost) return
    for (const child of event.children) {
      if (way.nodes.includes(child)) continue
      const next: Way = { ...way, app: child, pieces: [...way.pieces, prefix], via: [...way.via, idOf(event)], dependencies: [], inSchema: true }
      this.#visit(child, next, depth + 1)
    }
  }

  #publish(event: RouteEvent | MountEvent, pattern: string | null, way: Way, options: Readonly<Record<string, Value>>): void {
    const pieces = [...way.pieces, pattern].filter((piece) => piece !== '')
    const position = this.#positions.get(way.app) ?? 0
    this.#positions.set(way.app, position + 1)
    this.published.push({
      event,
      publication: {
        app: way.app.id,
        root: way.root.id,
        methods: event.kind === 'route' ? event.methods : null,
        fullPath: pieces.includes(null) ? null : pieces.join(''),
        pieces,
        via: way.via,
        nodes: way.nodes.map(({ id }) => id),
        dependencies: way.dependencies,
        inSchema: both(way.inSchema, schemaIn(options)),
        position: way.isOrdered ? position : null,
        branches: way.branches,
      },
    })
  }
}

/** How the step that an event comes from is called in the project. */
export function idOf({ path, step }: Pick<RouteEvent, 'path' | 'step'>): string {
  return `${path}:${step}`
}

function rootWay(app: AppNode): Way {
  return { app, root: app, pieces: [], via: [], nodes: [], dependencies: [], inSchema: true, branches: [], isOrdered: true }
}

function enter(node: AppNode, way: Way): Way {
  const dependencies = [...way.dependencies, ...inherited(node.role, node.id, node.options)]
  return { ...way, dependencies, nodes: [...way.nodes, node], pieces: [...way.pieces, node.prefix], inSchema: both(way.inSchema, schemaIn(node.options)) }
}

/** The calls of `Depends` in `dependencies=[...]`. */
export function inherited(level: InheritedDependency['level'], owner: string, options: Readonly<Record<string, Value>>): InheritedDependency[] {
  const given = options['dependencies']
  if (!given || (given.kind === 'literal' && given.type === 'none')) return []
  const isKnown = given.kind === 'list' || given.kind === 'tuple'
  const items = isKnown ? given.items : []
  return [...items, ...(isKnown && !given.open ? [] : [UNKNOWN])].map((value) => ({ level, owner, value }))
}

function schemaIn(options: Readonly<Record<string, Value>>): boolean | null {
  const given = options['include_in_schema']
  if (!given) return true
  return given.kind === 'literal' && typeof given.value === 'boolean' ? given.value : null
}

/** What is hidden on one level is hidden. */
function both(a: boolean | null, b: boolean | null): boolean | null {
  return a === false || b === false ? false : a === null || b === null ? null : true
}
