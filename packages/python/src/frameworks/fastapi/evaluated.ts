import type { FunctionFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { UNKNOWN } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import type { AppNode } from './app-node.ts'

/** What an expression is when the wiring of a project is run through. */
export type Evaluated =
  | { readonly kind: 'app'; readonly node: AppNode }
  | { readonly kind: 'one-of'; readonly options: readonly Evaluated[] }
  | { readonly kind: 'sequence'; readonly items: readonly Evaluated[]; readonly open: boolean }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Evaluated, Evaluated])[] }
  | InstanceOf
  | FunctionOf
  /** A method of an app or a router: `router.include_router`. */
  | { readonly kind: 'method'; readonly node: AppNode; readonly method: string }
  /** What `router.get("/users")` gives. */
  | { readonly kind: 'registrar'; readonly node: AppNode; readonly method: string; readonly arguments: EvaluatedArguments }
  /** `app.routes` */
  | { readonly kind: 'routes'; readonly node: AppNode }
  /** `APIRoute("/users", list_users)`, not yet registered. */
  | { readonly kind: 'route'; readonly class: string; readonly arguments: EvaluatedArguments }
  /** `super()` in a method of the class. */
  | { readonly kind: 'super'; readonly object: Evaluated; readonly owner: string }
  /** Anything else, with absolute names. */
  | { readonly kind: 'value'; readonly value: Value }

/** An object of a project class that holds apps or routers. */
export interface InstanceOf {
  readonly kind: 'instance'
  readonly project: PythonProject
  readonly className: string
  readonly fields: Map<string, Evaluated>
}

export interface FunctionOf {
  readonly kind: 'function'
  readonly name: string
  readonly path: string
  /** Its qualified name inside the module. */
  readonly key: string
  readonly fact: FunctionFact | null
  /** The run of the function around it. */
  readonly outer: Frame | null
  /** What a method was taken from. */
  readonly receiver: Evaluated | null
}

export interface EvaluatedArguments {
  readonly positional: readonly Evaluated[]
  readonly keywords: ReadonlyMap<string, Evaluated>
  /** There may be more. */
  readonly open: boolean
}

/** One run of a module or a function. */
export interface Frame {
  readonly path: string
  readonly key: string
  readonly project: PythonProject
  /** Local variables by name, those of the module as `:name`. */
  env: Map<string, Evaluated>
  readonly outer: Frame | null
  /** The keyword arguments that `**kwargs` holds; `null` if they are not known. */
  readonly extra: ReadonlyMap<string, Evaluated> | null
  /** The module whose import runs it; `null` if nothing that is known does. */
  readonly origin: string | null
  /** What it all started with: a module, or a function that nobody calls. */
  readonly trace: string
  /** What tells this run from others of the same function. */
  readonly run: string
  readonly returns: Evaluated[]
  readonly depth: number
  /** What `self` or `cls` is. */
  readonly receiver: Evaluated | null
  /** The step that is executed, see `wiringNode`. */
  step: string
  branches: readonly string[]
}

export const NOTHING: Evaluated = { kind: 'value', value: UNKNOWN }

export function ofValue(value: Value): Evaluated {
  return { kind: 'value', value }
}

/** One of several; without duplicates. */
export function oneOf(options: readonly Evaluated[]): Evaluated {
  const flat = [...new Set(options.flatMap((option) => (option.kind === 'one-of' ? option.options : [option])))]
  return flat.length === 1 ? flat[0]! : flat.length === 0 ? NOTHING : { kind: 'one-of', options: flat }
}

export function optionsOf(evaluated: Evaluated): readonly Evaluated[] {
  return evaluated.kind === 'one-of' ? evaluated.options : [evaluated]
}

/** The apps and routers that something can be; not those that it holds. */
export function nodesOf(evaluated: Evaluated | undefined): readonly AppNode[] {
  return evaluated ? optionsOf(evaluated).flatMap((option) => (option.kind === 'app' ? [option.node] : [])) : []
}

/** The apps and routers that something is or holds. */
export function nodesIn(evaluated: Evaluated, depth = 0): readonly AppNode[] {
  if (depth > MAX_DEPTH) return []
  switch (evaluated.kind) {
    case 'app':
      return [evaluated.node]
    case 'one-of':
      return evaluated.options.flatMap((option) => nodesIn(option, depth + 1))
    case 'sequence':
      return evaluated.items.flatMap((item) => nodesIn(item, depth + 1))
    case 'dict':
      return evaluated.entries.flatMap(([, item]) => nodesIn(item, depth + 1))
    case 'instance':
      return [...evaluated.fields.values()].flatMap((field) => nodesIn(field, depth + 1))
    default:
      return []
  }
}

const MAX_DEPTH = 5

/** As a plain value; `unknown` for what none can stand for. */
export function valueOf(evaluated: Evaluated | undefined): Value {
  switch (evaluated?.kind) {
    case 'value':
      return evaluated.value
    case 'function':
      return { kind: 'name', name: evaluated.name }
    case 'sequence':
      return { kind: 'list', items: evaluated.items.map(valueOf), open: evaluated.open }
    case 'dict':
      return { kind: 'dict', entries: evaluated.entries.map(([key, item]) => [valueOf(key), valueOf(item)] as const), open: false }
    default:
      return UNKNOWN
  }
}

export function argument({ positional, keywords }: EvaluatedArguments, name: string, position?: number): Evaluated | undefined {
  return keywords.get(name) ?? (position === undefined ? undefined : positional[position])
}
