import { remember } from '@krait/core'
import type { KeptReader, Settings, Tracked } from '@krait/core'
import type { CallFact } from '../facts/call-fact.ts'
import type { Effect } from '../data/effects.ts'
import { Projects } from '../project/projects.ts'
import type { PythonProject } from '../project/python-project.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { functionNamed } from '../shared/function-calls.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import { CallTargets, isSuper } from './call-targets.ts'
import { DirectEffects, errorOfFailure } from './direct-effects.ts'
import type { Failure } from './direct-effects.ts'
import { ExceptionFilters } from './exception-filters.ts'
import type { ExceptionFilter } from './exception-filters.ts'
import { implementationsOf } from './implementations.ts'
import { readFunction, runsBody, useOf } from './project-functions.ts'
import type { ProjectFunction } from './project-functions.ts'
import { raisedClasses } from './raised-classes.ts'
import type { PathStep } from './summary.ts'

/** A function in the call graph. */
export interface CallNode {
  readonly id: string
  readonly function: ProjectFunction
  readonly project: PythonProject
  readonly edges: readonly CallEdge[]
  readonly raises: readonly DirectRaise[]
  readonly decorators: readonly ExceptionFilter[]
  readonly effects: ReadonlyMap<Effect, PathStep>
  /** Calls that may go wrong in a way that nothing in the function stops. */
  readonly failures: ReadonlyMap<Failure, PathStep>
  readonly unknownCalls: number
}

/** A call of a function of the project whose body runs by it. */
export interface CallEdge {
  readonly step: PathStep
  readonly filters: readonly ExceptionFilter[]
  readonly target: string
  /** The call can lead to nothing else. */
  readonly isOnly: boolean
}

/** An exception of a `raise` statement of the function itself that gets past what stands around it there. */
export interface DirectRaise {
  readonly exception: string
  readonly step: PathStep
  /** It is one that a handler has caught. */
  readonly again: boolean
}

interface Target {
  readonly id: string
  readonly isOnly: boolean
}

/** The functions of a project and how they call each other. Each is looked at when it is first asked for; what it is known from is tracked. */
export class CallGraph {
  readonly #reader: KeptReader
  readonly #settings: Settings
  readonly #projects: Projects
  readonly #views = new Map<PythonProject, ProjectView>()
  readonly #nodes = new Map<string, Tracked<CallNode>>()

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#settings = reader.settings()
    this.#projects = new Projects(reader)
  }

  /** @param id that of a function, or with the name of a module that of its own code; see `functionId` */
  node(id: string): CallNode {
    return remember(this.#reader, this.#nodes, id, () => this.#makeNode(id))
  }

  /** The functions whose bodies may run when one is called: the implementations of an abstract method, else itself. */
  implementations(id: string): readonly string[] {
    const implementations = implementationsOf(this.#reader, this.#projects, this.node(id).function)
    return implementations ? implementations.map((method) => functionId(method.path, method.name)) : [id]
  }

  /** The project as the files of one source root see it. */
  viewFrom(path: string): ProjectView {
    const project = this.#projects.of(path)
    let view = this.#views.get(project)
    if (!view) this.#views.set(project, (view = new ProjectView(project, this.#reader, this.#settings)))
    return view
  }

  #makeNode(id: string): CallNode {
    const { path, name } = partsOfId(id)
    const view = this.viewFrom(path)
    const { project, targets, filters, direct } = view
    const fn = view.read(path, project.pathInModule(name, path))
    const edges: CallEdge[] = []
    const decorators = filters.ofDecorators(fn)
    const effects = new Map<Effect, PathStep>(direct.ofDecorators(fn).map((effect) => [effect, { path: fn.path, function: fn.name }]))
    const failures = new Map<Failure, PathStep>()
    let unknownCalls = 0
    for (const [number, call] of fn.calls.entries()) {
      const step: PathStep = { path: fn.path, function: fn.name, call: number }
      const names = targets.targetsOf(fn, call)
      if (names.length === 0) unknownCalls++
      const around = filters.around(fn, call.guard)
      for (const effect of direct.of(fn, call, names, names.some((called) => view.function(called)))) {
        if (isFailure(effect)) {
          if (!failures.has(effect) && ![...around, ...decorators].some((filter) => filter.stops(errorOfFailure(effect)))) failures.set(effect, step)
        } else if (!effects.has(effect)) effects.set(effect, step)
      }
      for (const called of names) {
        for (const { id: target, isOnly } of this.#behind(view, called, call, isSuper(fn, call))) {
          edges.push({ step, filters: around, target, isOnly: isOnly && names.length === 1 })
        }
      }
      if (call.enters === undefined) continue
      for (const target of entering(project, targets, fn, call)) edges.push({ step, filters: around, target, isOnly: true })
    }
    return { id, function: fn, project, edges, raises: directRaises(project, targets, filters, fn), decorators, effects, failures, unknownCalls }
  }

  /** The project's functions whose bodies a call runs: the function, a class's `__init__`, or the implementations of an abstract method. */
  #behind(view: ProjectView, name: string, call: CallFact, isSuperCall: boolean): readonly Target[] {
    const found = view.function(name)
    // A coroutine that is made and not awaited runs elsewhere, if at all: nothing of it comes back here.
    if (!found || !runsBody(found.kind, useOf(call))) return []
    const implementations = isSuperCall ? null : implementationsOf(this.#reader, this.#projects, found)
    if (!implementations) return [{ id: functionId(found.path, found.name), isOnly: true }]
    return implementations.map((method) => ({ id: functionId(method.path, method.name), isOnly: implementations.length === 1 }))
  }
}

/** The project as the files of one source root see it, with what finds its way there. */
export class ProjectView {
  readonly project: PythonProject
  readonly targets: CallTargets
  readonly filters: ExceptionFilters
  readonly direct: DirectEffects
  readonly #reader: KeptReader
  readonly #functions = new Map<string, Tracked<ProjectFunction | null>>()
  /** By file and key: what is called is looked into next. */
  readonly #read = new Map<string, Tracked<ProjectFunction>>()

  constructor(project: PythonProject, reader: KeptReader, settings: Settings) {
    this.project = project
    this.#reader = reader
    this.targets = new CallTargets(project)
    this.filters = new ExceptionFilters(project, this.targets, reader)
    this.direct = new DirectEffects(project, this.targets, settings)
  }

  /** As `findFunction`. */
  function(name: string): ProjectFunction | null {
    return remember(this.#reader, this.#functions, name, this.#find)
  }

  readonly #find = (name: string): ProjectFunction | null => {
    const found = functionNamed(this.project, name)
    return found && this.read(found.path, this.project.pathInModule(found.name, found.path))
  }

  /** As `readFunction`. */
  read(path: string, key: string): ProjectFunction {
    return remember(this.#reader, this.#read, functionId(path, key), () => readFunction(this.project, path, key))
  }
}

/** What names a function in the graph: several parts of a project can have functions of one qualified name. */
export function functionId(path: string, name: string): string {
  return `${path}:${name}`
}

export function partsOfId(id: string): { readonly path: string; readonly name: string } {
  const colon = id.indexOf(':')
  return { path: id.slice(0, colon), name: id.slice(colon + 1) }
}

/** `__enter__` and `__exit__` of the object that a call gives to `with`. */
function entering(project: PythonProject, targets: CallTargets, fn: ProjectFunction, call: CallFact): readonly string[] {
  const found: string[] = []
  for (const type of membersOf(withoutNone(targets.resultOf(fn, call)))) {
    if (type.kind !== 'instance' || !project.definition(type.class)) continue
    for (const method of ENTERING_METHODS) {
      const member = project.member(type.class, method)
      if (member?.fact.kind === 'function') found.push(functionId(member.path, `${member.owner}.${method}`))
    }
  }
  return found
}

function isFailure(effect: Effect | Failure): effect is Failure {
  return effect.endsWith('-failure')
}

const ENTERING_METHODS = ['__enter__', '__exit__', '__aenter__', '__aexit__']

/** The exceptions of the function's own `raise` statements that get out of them, each once. */
function directRaises(project: PythonProject, targets: CallTargets, filters: ExceptionFilters, fn: ProjectFunction): readonly DirectRaise[] {
  const found = new Map<string, DirectRaise>()
  for (const [number, raise] of fn.raises.entries()) {
    const again = raise.again === true
    // A context manager that raises again what came up at its `yield` only lets it through.
    if (again && fn.kind === 'context-manager') continue
    const around = filters.around(fn, raise.guard)
    for (const exception of raisedClasses(project, targets, fn, raise)) {
      const known = found.get(exception)
      if ((known && (!known.again || again)) || around.some((filter) => filter.stops(exception))) continue
      found.set(exception, { exception, step: { path: fn.path, function: fn.name, raise: number }, again })
    }
  }
  return [...found.values()]
}

/** A function as a message names it: with its class, if it is a method. */
export function shortName(name: string): string {
  const parts = name.split('.')
  const owner = parts.at(-2)
  return owner !== undefined && /^\p{Lu}/u.test(owner) ? `${owner}.${lastPart(name)}` : lastPart(name)
}
