import type { KeptReader, Settings } from '@krait/core'
import type { ParameterFact } from '../../facts/module-fact-types.ts'
import type { VariableDefinition } from '../../project/definition.ts'
import { Projects } from '../../project/projects.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { isTestFile } from '../../shared/paths.ts'
import { TypeEvaluator } from '../../types/evaluator.ts'
import { typeOfAnnotation } from '../../types/annotations.ts'
import { classOf } from '../../types/type.ts'
import { withoutLocals } from '../../values/parts.ts'
import type { Value } from '../../values/value.ts'
import type { AppNode } from './app-node.ts'
import { NOTHING, argument, nodesIn, nodesOf, oneOf, optionsOf, valueOf } from './evaluated.ts'
import type { Evaluated, EvaluatedArguments, Frame, FunctionOf, InstanceOf } from './evaluated.ts'
import { Evaluator, NO_ARGUMENTS } from './evaluator.ts'
import type { Runner } from './evaluator.ts'
import { NodeTable, relativeName, stepsIn } from './node-table.ts'
import { Registrar, handlerOfDecorator, optionsIn, textOf } from './registrar.ts'
import { stepId, wiringFact } from './wiring-fact.ts'
import { ROUTE_DECORATORS, WIRING_METHODS } from './wiring-marks.ts'
import type { BindStep, LoopStep, Target, Wiring, WiringStep } from './wiring.ts'

/** Functions that call each other deeper than this are not followed. */
const MAX_CALLS = 12
/** More runs of functions than these are not made: each makes its own objects. */
const MAX_RUNS = 20_000
/** More turns of a loop are left out. */
const MAX_TURNS = 200

/** Where the code of one module imports another one behind some of its own wiring. */
export interface LateImport {
  readonly module: string
  readonly names: readonly string[]
  readonly sequence: number
}

/**
 * Runs the wiring of all modules of a project, and of all functions that it did not come to. That of tests is left out: apps that they make serve
 * nobody.
 */
export class Linker implements Runner {
  readonly lateImports = new Map<string, LateImport[]>()
  readonly registrar = new Registrar()
  readonly #table = new NodeTable((path) => this.wiringOf(path))
  readonly #wirings: ReadonlyMap<string, Wiring>
  readonly #evaluator = new Evaluator(this)
  readonly #projects: Projects
  readonly #types = new Map<PythonProject, TypeEvaluator>()
  readonly #modules = new Map<string, Frame>()
  /** By file and function: how often it ran. */
  readonly #runs = new Map<string, number>()
  readonly #running = new Set<string>()
  readonly #binds = new Map<BindStep, Evaluated>()
  /** Functions in functions that ran, which may still be called. */
  readonly #pending = new Map<string, Frame>()
  readonly #lifespans: (readonly [FunctionOf, AppNode])[] = []
  /** The objects whose methods run although nothing calls them, by class. */
  readonly #selves = new Map<string, InstanceOf>()
  readonly #configured = new Set<AppNode>()
  #runCount = 0

  constructor(reader: KeptReader) {
    this.#projects = new Projects(reader)
    const settings = reader.settings()
    const wirings = [...reader.facts(wiringFact)].filter(([path, wiring]) => Object.keys(wiring).length > 0 && !isTestCode(path, settings))
    this.#wirings = new Map(wirings)
    for (const [path, wiring] of wirings) this.#runModule(path, wiring)
    for (const [called, node] of this.#lifespans) this.invoke(called, { ...NO_ARGUMENTS, positional: [{ kind: 'app', node }] }, this.moduleFrame(called.path))
    for (const [path, wiring] of wirings) for (const key of Object.keys(wiring)) this.#runAlone(path, key)
  }

  get nodes(): readonly AppNode[] {
    return this.#table.nodes
  }

  wiringOf(path: string): Wiring {
    return this.#wirings.get(path) ?? {}
  }

  moduleFrame(path: string): Frame {
    let frame = this.#modules.get(path)
    if (frame) return frame
    frame = this.#frame({ path, key: '', outer: null, origin: path, trace: path, depth: 0, extra: null, receiver: null })
    this.#modules.set(path, frame)
    return frame
  }

  projectOf(path: string): PythonProject {
    return this.#projects.of(path)
  }

  #frame(run: Pick<Frame, 'path' | 'key' | 'outer' | 'origin' | 'trace' | 'depth' | 'extra' | 'receiver'>): Frame {
    const id = `${run.path}:${run.key}`
    const number = run.key === '' ? 1 : (this.#runs.get(id) ?? 0) + 1
    if (run.key !== '') this.#runs.set(id, number)
    return { ...run, project: this.projectOf(run.path), env: new Map(), run: number > 1 ? `@${number}` : '', returns: [], step: '', branches: [] }
  }

  #runModule(path: string, wiring: Wiring): void {
    if (wiring['']) this.#run(wiring[''].steps, this.moduleFrame(path))
  }

  /** A function that nothing ran: its parameters are what their annotations say. */
  #runAlone(path: string, key: string): void {
    if (key === '' || this.#runs.has(`${path}:${key}`)) return
    const outer = this.#pending.get(`${path}:${key}`) ?? null
    if (key.includes('.<locals>.') && !outer) return
    const wiring = this.#wirings.get(path)![key]!
    const receiver = wiring.method !== undefined && wiring.method !== 'static' ? this.#self(path, key) : null
    const frame = this.#frame({ path, key, outer, origin: null, trace: `${path}:${key}`, depth: 1, extra: null, receiver })
    for (const [i, parameter] of wiring.parameters.entries()) frame.env.set(parameter.name, receiver && i === 0 ? receiver : this.#given(parameter, frame))
    this.#run(wiring.steps, frame)
  }

  /** The object whose method runs although nothing calls it. */
  #self(path: string, key: string): Evaluated {
    const project = this.projectOf(path)
    const classPath = key.slice(0, key.lastIndexOf('.'))
    if (classPath.includes('<locals>')) return NOTHING
    const className = project.nameInModule(classPath, path)
    const node = this.#table.opaque({ id: `${path}:${classPath}.self`, className, path, name: null, project })
    if (node) return { kind: 'app', node }
    const id = `${path}:${classPath}`
    const known = this.#selves.get(id) ?? this.#instance(className, project)
    this.#selves.set(id, known)
    return known
  }

  #given({ name, annotation }: ParameterFact, frame: Frame): Evaluated {
    if (!annotation) return NOTHING
    const { path, project, key } = frame
    const className = classOf(typeOfAnnotation(project.value(annotation, path), project))
    const node = className === null ? null : this.#table.opaque({ id: `${path}:${key}.${name}`, className, path, name: null, project })
    return node ? { kind: 'app', node } : NOTHING
  }

  #run(steps: readonly WiringStep[], frame: Frame): void {
    for (const step of steps) this.#step(step, frame)
  }

  #step(step: WiringStep, frame: Frame): void {
    frame.step = stepId(frame.key, step.number)
    switch (step.kind) {
      case 'decorate': {
        const called = this.#evaluator.callee(step.decorator, frame)
        const given = this.#evaluator.argumentsOf(step.decorator, frame)
        const written = handlerOfDecorator(step.handler, frame.path, frame.project.moduleName(frame.path))
        const substitute = (value: Value): Value => withoutLocals(value, (name) => this.#localValue(name, frame))
        const handler = frame.key === '' ? written : { ...written, substitute }
        for (const option of optionsOf(called)) if (option.kind === 'method') this.registrar.route(option.node, option.method, given, handler, frame)
        return
      }
      case 'call':
        return void this.#evaluator.evaluate(step.call, frame)
      case 'bind':
        return void frame.env.set(step.target, this.#bound(step, frame))
      case 'set':
        return this.#set(this.#evaluator.evaluate(step.object, frame), step.attribute, this.#evaluator.evaluate(step.value, frame))
      case 'loop':
        return this.#loop(step, frame)
      case 'branch':
        return this.#branch(step.arms, frame.step, frame)
      case 'return':
        return void frame.returns.push(this.#evaluator.evaluate(step.value, frame))
      case 'store':
        return nodesIn(this.#evaluator.evaluate(step.value, frame)).forEach((node) => (node.isStored = true))
      case 'import': {
        const late = this.lateImports.get(frame.path) ?? []
        this.lateImports.set(frame.path, [...late, { module: step.module, names: step.names, sequence: this.registrar.next }])
      }
    }
  }

  #localValue(name: string, frame: Frame): Value | null {
    const value = valueOf(this.#evaluator.local(name, frame))
    return value.kind === 'unknown' ? null : value
  }

  #bound(step: BindStep, frame: Frame): Evaluated {
    if (!step.target.startsWith(':')) return this.#evaluator.evaluate(step.value, frame)
    const known = this.#binds.get(step)
    if (known) return known
    this.#binds.set(step, NOTHING)
    const name = frame.project.resolveName(step.target, frame.path)
    const definition = name === null ? null : frame.project.definition(name)
    const isBoundOnce = definition?.kind === 'variable' && definition.fact.value !== undefined && !definition.fact.rebound
    const found = isBoundOnce ? this.#evaluator.named(name!, frame.project) : this.#evaluator.evaluate(step.value, frame, name)
    this.#binds.set(step, found)
    return found
  }

  boundByStep(definition: VariableDefinition): Evaluated {
    const { name, path } = definition
    const frame = this.moduleFrame(path)
    const steps = stepsIn(this.wiringOf(path)['']?.steps ?? []).filter((step) => step.kind === 'bind')
    const target = relativeName(name, path, frame.project)
    return oneOf(steps.filter((step) => step.target === target).map((step) => this.#bound(step, frame)))
  }

  #set(object: Evaluated, attribute: string, given: Evaluated): void {
    for (const option of optionsOf(object)) {
      if (option.kind === 'instance') option.fields.set(attribute, given)
      else if (option.kind === 'app') option.node.fields.set(attribute, given)
    }
  }

  #loop(step: LoopStep, frame: Frame): void {
    const over = this.#evaluator.evaluate(step.over, frame)
    if (over.kind !== 'sequence') this.#turn(step, NOTHING, frame)
    else {
      for (const item of over.items.slice(0, MAX_TURNS)) this.#turn(step, item, frame)
      if (over.open) this.#turn(step, NOTHING, frame)
    }
  }

  #turn(step: LoopStep, item: Evaluated, frame: Frame): void {
    assign(step.target, item, frame.env)
    this.#run(step.steps, frame)
  }

  /** Each arm starts from what was bound before; behind it, a variable is one of what the arms made it. */
  #branch(arms: readonly (readonly WiringStep[])[], id: string, frame: Frame): void {
    const { env, branches } = frame
    const ends: ReadonlyMap<string, Evaluated>[] = arms.length === 1 ? [env] : []
    for (const [i, arm] of arms.entries()) {
      frame.env = new Map(env)
      frame.branches = [...branches, `${frame.path}:${id}${frame.run}.${i}`]
      this.#run(arm, frame)
      ends.push(frame.env)
    }
    frame.branches = branches
    frame.env = env
    for (const name of new Set(ends.flatMap((end) => [...end.keys()]))) {
      const options = ends.flatMap((end) => end.get(name) ?? [])
      env.set(name, oneOf(options))
    }
  }

  invoke(called: FunctionOf, given: EvaluatedArguments, caller: Frame): Evaluated {
    for (const argument of [...given.positional, ...given.keywords.values()]) for (const node of nodesIn(argument)) node.handedTo.add(called.name)
    const id = `${called.path}:${called.key}`
    if (caller.depth >= MAX_CALLS || this.#running.has(id) || this.#runCount++ > MAX_RUNS) return NOTHING
    const wiring = this.wiringOf(called.path)[called.key]
    const parameters = wiring?.parameters ?? called.fact?.parameters
    if (!parameters) return NOTHING
    this.#running.add(id)
    const { env, extra } = this.#bindParameters(called, parameters, given)
    const { path, key, outer, receiver } = called
    const { origin, trace, branches, depth } = caller
    const frame = { ...this.#frame({ path, key, outer, receiver, extra, origin, trace, depth: depth + 1 }), env, branches }
    if (wiring) {
      for (const inner of Object.keys(this.wiringOf(path))) if (inner.startsWith(`${key}.<locals>.`)) this.#pending.set(`${path}:${inner}`, frame)
      this.#run(wiring.steps, frame)
    } else for (const value of called.fact?.returns ?? []) frame.returns.push(this.#evaluator.evaluate(value, frame))
    this.#running.delete(id)
    return oneOf(frame.returns)
  }

  #bindParameters(called: FunctionOf, parameters: readonly ParameterFact[], given: EvaluatedArguments): Pick<Frame, 'env' | 'extra'> {
    const env = new Map<string, Evaluated>()
    const extra = new Map(given.keywords)
    const positional = called.receiver ? [called.receiver, ...given.positional] : [...given.positional]
    const home = this.moduleFrame(called.path)
    for (const { name, kind, default: byDefault } of parameters) {
      if (kind === 'var-positional') env.set(name, { kind: 'sequence', items: positional.splice(0), open: given.open })
      else if (kind !== 'var-keyword') {
        const passed = kind === 'keyword-only' ? undefined : positional.shift()
        const found = passed ?? given.keywords.get(name) ?? (byDefault && !given.open ? this.#evaluator.evaluate(byDefault, home) : NOTHING)
        extra.delete(name)
        env.set(name, found)
      }
    }
    return { env, extra: given.open ? null : extra }
  }

  construct(className: string, given: EvaluatedArguments, variable: string | null, caller: Frame): Evaluated | null {
    const { project } = caller
    const definition = project.definition(className)
    if (definition?.kind === 'function') return null
    const role = this.#table.roleOf(className, project)
    if (!role && (definition?.kind !== 'class' || !this.#holdsApps(className, project))) return null
    const object: Evaluated = role ? { kind: 'app', node: this.#table.make(role, className, variable, caller) } : this.#instance(className, project)
    const init = this.#evaluator.attribute(object, '__init__')
    const isWired = init.kind === 'function' && this.wiringOf(init.path)[init.key] !== undefined
    if (isWired) this.invoke(init, given, caller)
    for (const node of nodesOf(object)) if (!this.#configured.has(node)) this.#configure(node, given, caller)
    return object
  }

  /** Gives a new app or router the keyword arguments that its class is called with. */
  #configure(node: AppNode, given: EvaluatedArguments, caller: Frame): void {
    this.#configured.add(node)
    const prefix = argument(given, 'prefix')
    if (node.role === 'router') node.prefix = prefix ? textOf(prefix, caller.project) : given.open ? null : ''
    node.options = optionsIn(given, ['prefix', 'routes'])
    const routes = argument(given, 'routes')
    if (routes && !isNone(routes)) this.registrar.routesOption(node, routes, caller)
    const lifespan = argument(given, 'lifespan')
    if (lifespan?.kind === 'function') this.#lifespans.push([lifespan, node])
  }

  callMethod(called: Evaluated & { readonly kind: 'method' }, given: EvaluatedArguments, caller: Frame): Evaluated {
    const { node, method } = called
    if (ROUTE_DECORATORS.has(method)) return { kind: 'registrar', node, method, arguments: given }
    if (method === '__init__') this.#configure(node, given, caller)
    else if (WIRING_METHODS.has(method) || method.startsWith('routes.')) this.registrar.call(node, method, given, caller)
    return NOTHING
  }

  register(registrar: Evaluated & { readonly kind: 'registrar' }, given: EvaluatedArguments, caller: Frame): Evaluated {
    const [handler] = given.positional
    const written = handler?.kind === 'function' ? handler : null
    const name = handler?.kind === 'value' && handler.value.kind === 'name' ? handler.value.name : (written?.name ?? null)
    const found = { name, path: written?.path ?? null, function: written?.fact ?? null, className: null }
    this.registrar.route(registrar.node, registrar.method, registrar.arguments, found, caller)
    return handler ?? NOTHING
  }

  declared(name: string, { path }: VariableDefinition): Evaluated {
    const project = this.projectOf(path)
    const types = this.#types.get(project) ?? new TypeEvaluator(project)
    this.#types.set(project, types)
    const className = classOf(types.ofName(name))
    const node = className === null ? null : this.#table.opaque({ id: `${path}:${name}`, className, path, name, project })
    return node ? { kind: 'app', node } : NOTHING
  }

  #instance(className: string, project: PythonProject): InstanceOf {
    return { kind: 'instance', project, className, fields: new Map() }
  }

  /** Whether a method of the class, or of one that it inherits from, wires something. */
  #holdsApps(className: string, project: PythonProject): boolean {
    return project.ancestors(className).names.some((name) => {
      const definition = project.definition(name)
      if (definition?.kind !== 'class') return false
      const prefix = `${relativeName(name, definition.path, project).slice(1)}.`
      return Object.keys(this.wiringOf(definition.path)).some((key) => key.startsWith(prefix))
    })
  }

}

/** A module of factories is test code only among tests: elsewhere it can make the app. */
function isTestCode(path: string, settings: Settings): boolean {
  const isFactories = path.endsWith('factories.py') && !/(?:^|\/)tests?\//.test(path)
  return !isFactories && isTestFile({ path, settings })
}

function assign(target: Target, given: Evaluated, env: Map<string, Evaluated>): void {
  if (typeof target === 'string') env.set(target, given)
  else if (target !== null) {
    const items = given.kind === 'sequence' && !given.open ? given.items : []
    for (const [i, part] of target.entries()) assign(part, items[i] ?? NOTHING, env)
  }
}

function isNone(given: Evaluated): boolean {
  return given.kind === 'value' && given.value.kind === 'literal' && given.value.type === 'none'
}

