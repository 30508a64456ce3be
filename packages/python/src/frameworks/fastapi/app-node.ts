import type { FunctionFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import type { Value } from '../../values/value.ts'
import type { Evaluated } from './evaluated.ts'

/** An app or a router while the project is linked: the object of one binding, or of one run of a factory. */
export interface AppNode {
  readonly id: string
  readonly role: 'app' | 'router'
  readonly framework: 'fastapi' | 'starlette'
  /** The canonical name of its class; `null` if only that of a class above is known. */
  readonly className: string | null
  readonly path: string
  readonly project: PythonProject
  /** The step that makes it, see `wiringNode`. */
  readonly step: string | null
  /** The qualified name of the variable that holds it. */
  readonly name: string | null
  /** It stands for whatever a parameter is given, or for what code that is not understood makes. */
  readonly isOpaque: boolean
  /** `null` if it is not known. */
  prefix: string | null
  /** The keyword arguments with which it was made. */
  options: Readonly<Record<string, Value>>
  readonly events: WiringEvent[]
  /** Attributes that its class or others give it. */
  readonly fields: Map<string, Evaluated>
  /** The functions that it is given to, `''` for one without a name. */
  readonly handedTo: Set<string>
  /** It stands in a list, a dict or the like, or a function of unknown use returns it. */
  isStored: boolean
  /** Something is registered on it that is not known. */
  isDynamic: boolean
}

interface EventBase {
  /** Where it is registered: the file, and the step (see `wiringNode`). */
  readonly path: string
  readonly step: string
  /** The arms of branches in which it stands: `<branch>.<arm>`, outermost first. */
  readonly branches: readonly string[]
  readonly sequence: number
  /** The module whose import runs it; `null` if a function does that nobody calls. */
  readonly origin: string | null
  /** Events of one trace are in the order of their numbers. */
  readonly trace: string
}

export interface RouteEvent extends EventBase {
  readonly kind: 'route'
  readonly protocol: 'http' | 'websocket'
  /** `starlette`: registered by `add_route` and the like, without dependencies and models. */
  readonly style: 'fastapi' | 'starlette'
  readonly methods: readonly string[] | null
  readonly pattern: string | null
  readonly handler: NodeHandler
  readonly options: Readonly<Record<string, Value>>
  /** There may be options that are not seen. */
  readonly isOpen: boolean
}

export interface IncludeEvent extends EventBase {
  readonly kind: 'include'
  /** Several if one of them is meant; none if it is not known. */
  readonly children: readonly AppNode[]
  readonly prefix: string | null
  readonly options: Readonly<Record<string, Value>>
}

export interface MountEvent extends EventBase {
  readonly kind: 'mount'
  /** `null` for `host`, where a name of a host takes the place of a path. */
  readonly prefix: string | null
  readonly isHost: boolean
  /** None for an app of another framework, or one that is not known. */
  readonly children: readonly AppNode[]
}

export type WiringEvent = RouteEvent | IncludeEvent | MountEvent

/** The function that answers, with names relative to its file. */
export interface NodeHandler {
  readonly name: string | null
  readonly path: string | null
  readonly function: Pick<FunctionFact, 'parameters' | 'async' | 'generator' | 'returnAnnotation' | 'method'> | null
  /** The class of a method. */
  readonly className: string | null
  /** For a function in a function: puts what the variables of that hold in the place of their names. */
  readonly substitute?: (value: Value) => Value
}
