import type { FunctionFact, MethodKind, ParameterFact } from '../../facts/module-fact-types.ts'
import type { RelativeName } from '../../names/relative-name.ts'
import type { CallValue, Value } from '../../values/value.ts'

/**
 * What the code of one file does that could be the wiring of an app: by Python's qualified name of the function inside the module, as in
 * `CallsByFunction`; the module itself, with its class bodies, has the empty name.
 *
 * One file alone can not tell whether an object is an app or a router: anything can have a method `get`. So this is what could be, and the index
 * that links it says what is. In its values local variables stay names, since two routers made alike are still two.
 */
export type Wiring = Readonly<Record<string, FunctionWiring>>

export interface FunctionWiring {
  readonly parameters: readonly ParameterFact[]
  readonly method?: MethodKind
  readonly steps: readonly WiringStep[]
  /** The functions defined in it that its steps speak of, by name. */
  readonly inner?: Readonly<Record<string, WrittenHandler>>
}

/** What is done, in order. Numbers count the steps of one function, inner ones included. */
export type WiringStep = DecorateStep | CallStep | BindStep | SetStep | LoopStep | BranchStep | ReturnStep | StoreStep | ImportStep

interface Numbered {
  readonly number: number
}

/** `@router.get("/users")` above a function. */
export interface DecorateStep extends Numbered {
  readonly kind: 'decorate'
  readonly decorator: CallValue
  readonly handler: WrittenHandler
}

/** The function under a route decorator. The fact of the module can not stand in: it has no functions in functions, and one of two with the same name. */
export interface WrittenHandler extends Pick<FunctionFact, 'parameters' | 'async' | 'generator' | 'returnAnnotation' | 'method'> {
  /** Its qualified name inside the module: `read_user`, `create_app.<locals>.ping`. */
  readonly key: string
}

export interface CallStep extends Numbered {
  readonly kind: 'call'
  readonly call: CallValue
}

/** The name of a local variable, or `:name` of one of the module or of a class; a list for what unpacks. `null` for any other target. */
export type Target = RelativeName | readonly Target[] | null

export interface BindStep extends Numbered {
  readonly kind: 'bind'
  readonly target: RelativeName
  readonly value: Value
}

/** `self.router = APIRouter()` */
export interface SetStep extends Numbered {
  readonly kind: 'set'
  readonly object: Value
  readonly attribute: string
  readonly value: Value
}

/** `for router in (users.router, orders.router): ...` */
export interface LoopStep extends Numbered {
  readonly kind: 'loop'
  readonly target: Target
  readonly over: Value
  readonly steps: readonly WiringStep[]
}

/** Of these arms at most one is executed. */
export interface BranchStep extends Numbered {
  readonly kind: 'branch'
  readonly arms: readonly (readonly WiringStep[])[]
}

export interface ReturnStep extends Numbered {
  readonly kind: 'return'
  readonly value: Value
}

/** What could be an app or a router is put into a list or the like. */
export interface StoreStep extends Numbered {
  readonly kind: 'store'
  readonly value: Value
}

/** An import of the module's own code behind some other step: what the imported module does comes between. */
export interface ImportStep extends Numbered {
  readonly kind: 'import'
  readonly module: RelativeName
  readonly names: readonly string[]
}
