import type { CallValue } from '../../values/value.ts'
import type { Parameter } from './parameters.ts'

/** All that a request for a route depends on. JSON. */
export interface DependencyGraph {
  /** What the route itself declares: its router, its decorator, the class of its handler, its parameters. */
  readonly uses: readonly DependencyUse[]
  /** What each publication of the route adds: dependencies of the app, of includes and of the routers above. In the order of `Route.publications`. */
  readonly inherited: readonly (readonly DependencyUse[])[]
  /** The dependencies with those that they depend on, by `DependencyUse.node`. */
  readonly nodes: Readonly<Record<string, DependencyNode>>
  /** Some of it is not known: a dependency, a list of dependencies, or the parameters of one or of the handler. */
  readonly hasUnknown: boolean
}

/** One place that asks for a dependency. */
export interface DependencyUse {
  readonly level: 'app' | 'include' | 'router' | 'route' | 'class' | 'parameter'
  /** The parameter, or the attribute of the class. */
  readonly parameter: string | null
  readonly marker: 'depends' | 'security'
  /** `Depends(...)` or `Security(...)` with absolute names; `null` where a list of dependencies is not known. */
  readonly call: CallValue | null
  /** `null` if it is not known what is called. */
  readonly node: string | null
}

export interface DependencyNode {
  readonly id: string
  /**
   * `closure`: a function in a function, which a factory returns. `security`: an object of one of FastAPI's schemes. `library`: something of a library
   * or of another kind that the project does not define.
   */
  readonly kind: 'function' | 'class' | 'instance' | 'closure' | 'partial' | 'security' | 'library'
  /** The function, the class, the class of the instance, the factory of a closure, the function behind a `partial`, the name of the library. */
  readonly name: string | null
  /** The file that holds what `name` means; `null` for a library. */
  readonly path: string | null
  readonly isAsync: boolean
  /** It has a `yield`: what stands behind it runs after the request. */
  readonly isGenerator: boolean
  /** What a request gives it; `null` if that is not known. */
  readonly parameters: readonly Parameter[] | null
  readonly uses: readonly DependencyUse[]
  /** Of a security scheme: whether it answers by itself if there are no credentials; `null` if it is not known. */
  readonly autoError: boolean | null
}
