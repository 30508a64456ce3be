import type { Value } from '../../values/value.ts'
import type { Parameter } from './parameters.ts'

/** A route: one place in the code that registers a handler. Names are canonical, and so are those in values. JSON. */
export interface Route {
  /** `<file>:<function>#<number>`; see `routeNode`. */
  readonly id: string
  readonly path: string
  readonly protocol: 'http' | 'websocket'
  /** `starlette`: registered by `add_route` and the like, without dependencies and models. */
  readonly style: 'fastapi' | 'starlette'
  /** In upper case; empty for a websocket, `null` if they are not known. */
  readonly methods: readonly string[] | null
  /** The path as given at the route itself; `null` if it is not known, or differs from run to run of a factory. */
  readonly pattern: string | null
  readonly handler: RouteHandler
  /** `response_model=`; `null` if it is not given. */
  readonly responseModel: Value | null
  /** `status_code=` as a number; `null` if it is not given or not known. */
  readonly statusCode: number | null
  /** All keyword arguments but `path` and `methods`. */
  readonly options: Readonly<Record<string, Value>>
  /** There may be options that can not be seen. */
  readonly isOpen: boolean
  /** The ids of the apps and routers on which it is registered: several if a factory makes several. */
  readonly routers: readonly string[]
  /** The ways on which it is served; several if a router is included several times. */
  readonly publications: readonly Publication[]
  /** `unknown`: it has no publication, but code that is not understood could include its router. */
  readonly reach: 'served' | 'unserved' | 'unknown'
}

export interface RouteHandler {
  /** The qualified name, such as `app.api.users.read_user`, `app.main.create_app.<locals>.ping`; `null` for a lambda and what is not known. */
  readonly name: string | null
  /** The file that holds it; `null` if it is not known. */
  readonly path: string | null
  /** The class of a method. */
  readonly className: string | null
  readonly isAsync: boolean
  readonly isGenerator: boolean
  /** What requests give it, without `self`; `null` if the function is not known. */
  readonly parameters: readonly Parameter[] | null
  readonly returnAnnotation: Value | null
}

/** One way on which a route is served. */
export interface Publication {
  /** The id of the app that has the route, and of the one under which that is mounted, if it is. */
  readonly app: string
  readonly root: string
  readonly methods: readonly string[] | null
  /** `null` if some piece of it is not known. */
  readonly fullPath: string | null
  /** What the full path is made of, outermost first: prefixes of mounts, includes and routers, and the own path. */
  readonly pieces: readonly (string | null)[]
  /** The includes and mounts on the way, outermost first: `<file>:<function>#<number>`, see `routeNode`. */
  readonly via: readonly string[]
  /** The ids of the apps and routers on the way, outermost first. */
  readonly nodes: readonly string[]
  /** Dependencies of the app, of includes and of routers, outermost first. */
  readonly dependencies: readonly InheritedDependency[]
  /** Whether it is shown in the documentation; `null` if that is not known. */
  readonly inSchema: boolean | null
  /** Its place in the order of registration in `app`; `null` if that is not known. */
  readonly position: number | null
  /** The arms of branches in which it is registered, see `areExclusive`. */
  readonly branches: readonly string[]
}

export interface InheritedDependency {
  readonly level: 'app' | 'include' | 'router'
  /** The id of the app or router; for an include the id of its step. */
  readonly owner: string
  /** `Depends(...)`; `unknown` if it is not known what there is. */
  readonly value: Value
}

/** An app or a router. */
export interface Router {
  readonly id: string
  readonly role: 'app' | 'router'
  readonly framework: 'fastapi' | 'starlette'
  readonly className: string | null
  readonly path: string
  /** `<file>:<function>#<number>` of where it is made, see `routeNode`; `null` if that is not known. */
  readonly site: string | null
  /** The qualified name of the variable of a module or class that it is bound to where it is made. */
  readonly name: string | null
  /** `null` if it is not known. */
  readonly prefix: string | null
  /** All keyword arguments but `prefix`. */
  readonly options: Readonly<Record<string, Value>>
  /** The ids of its own routes, in order of registration. */
  readonly routes: readonly string[]
  /** What is included in it and mounted on it, in order of registration. */
  readonly includes: readonly Include[]
  /** The ids of the apps and routers that include or mount it. */
  readonly includedIn: readonly string[]
  /** Functions that it is given to, beside `include_router` and `mount`; `''` for one without a name. */
  readonly handedTo: readonly string[]
  /** It is put into a list, a dict or the like. */
  readonly isStored: boolean
  /** Something that is not known is registered on it. */
  readonly isDynamic: boolean
  /** It stands for whatever a parameter is given, or for what code that is not understood makes. */
  readonly isOpaque: boolean
}

export interface Include {
  /** `<file>:<function>#<number>`, see `routeNode`. */
  readonly id: string
  readonly path: string
  readonly kind: 'include' | 'mount' | 'host'
  /** Without the prefix of the router itself; `null` if it is not known, and for a host. */
  readonly prefix: string | null
  /** The ids of what can be meant; none if it is not known, or no app of FastAPI or Starlette. */
  readonly routers: readonly string[]
  readonly options: Readonly<Record<string, Value>>
}

/** What is known of the wiring of the whole project. */
export interface WiringOverview {
  /** The ids of all apps that are not opaque, sorted. */
  readonly apps: readonly string[]
  /** How many `include_router` calls include something that is not known. */
  readonly unresolvedIncludes: number
}

/** Whether two routes can not both be registered in one run, because they stand in different arms of a branch. */
export function areExclusive(a: Pick<Publication, 'branches'>, b: Pick<Publication, 'branches'>): boolean {
  const arms = new Map(a.branches.map((branch) => [branch.slice(0, branch.lastIndexOf('.')), branch]))
  return b.branches.some((branch) => {
    const other = arms.get(branch.slice(0, branch.lastIndexOf('.')))
    return other !== undefined && other !== branch
  })
}
