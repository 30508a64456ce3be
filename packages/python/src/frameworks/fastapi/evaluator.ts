import type { FunctionDefinition, ProjectDefinition, VariableDefinition } from '../../project/definition.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { mapParts } from '../../values/parts.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { NOTHING, nodesIn, ofValue, oneOf, optionsOf, valueOf } from './evaluated.ts'
import type { Evaluated, EvaluatedArguments, Frame, FunctionOf } from './evaluated.ts'
import { relativeName } from './node-table.ts'
import { HTTP_VERBS, ROUTE_DECORATORS, WIRING_METHODS } from './wiring-marks.ts'
import type { Wiring } from './wiring.ts'

/** What running the wiring gives to who evaluates its expressions. */
export interface Runner {
  wiringOf(path: string): Wiring
  /** The run of a module. */
  moduleFrame(path: string): Frame
  invoke(called: FunctionOf, given: EvaluatedArguments, caller: Frame): Evaluated
  /**
   * An object of a class: an app, a router, or something that can hold one. `null` if it is none of these.
   * @param variable the qualified name of the variable that it is bound to
   */
  construct(className: string, given: EvaluatedArguments, variable: string | null, caller: Frame): Evaluated | null
  /** What a variable of a module or class holds that is not bound once by a plain assignment. */
  boundByStep(definition: VariableDefinition): Evaluated
  /** The app or router that a name is declared to be. */
  declared(name: string, definition: VariableDefinition): Evaluated
  /** Calls a method of an app or a router. */
  callMethod(called: Evaluated & { readonly kind: 'method' }, given: EvaluatedArguments, caller: Frame): Evaluated
  register(registrar: Evaluated & { readonly kind: 'registrar' }, given: EvaluatedArguments, caller: Frame): Evaluated
}

/** Deeper expressions are not evaluated. */
const MAX_DEPTH = 20

/** Evaluates the expressions of wiring. */
export class Evaluator {
  readonly #runner: Runner
  /** By project root and name. */
  readonly #named = new Map<PythonProject, Map<string, Evaluated>>()
  #depth = 0

  constructor(runner: Runner) {
    this.#runner = runner
  }

  /** @param variable the qualified name of the variable of a module that the expression is bound to */
  evaluate(value: Value, frame: Frame, variable: string | null = null): Evaluated {
    if (this.#depth > MAX_DEPTH * 4) return NOTHING
    this.#depth++
    const found = this.#evaluate(value, frame, variable)
    this.#depth--
    return found
  }

  /** What a canonical name of the project or of a library stands for. */
  named(name: string, project: PythonProject): Evaluated {
    let known = this.#named.get(project)
    if (!known) this.#named.set(project, (known = new Map<string, Evaluated>()))
    let found = known.get(name)
    if (found) return found
    known.set(name, NOTHING)
    found = this.#findNamed(name, project)
    known.set(name, found)
    return found
  }

  #evaluate(value: Value, frame: Frame, variable: string | null): Evaluated {
    const inner = (part: Value): Evaluated => this.evaluate(part, frame)
    switch (value.kind) {
      case 'literal':
        return ofValue(value)
      case 'name':
        return this.#name(value.name, frame)
      case 'local':
        return this.local(value.name, frame)
      case 'attribute':
        return this.attribute(inner(value.object), value.attribute)
      case 'call':
        return this.#call(value, frame, variable)
      case 'tuple':
      case 'list':
      case 'set':
        return this.#sequence(value.items, value.open, frame)
      case 'dict':
        return value.open ? NOTHING : { kind: 'dict', entries: value.entries.map(([key, item]) => [inner(key), inner(item)] as const) }
      case 'conditional':
        return oneOf([this.evaluate(value.then, frame, variable), this.evaluate(value.else, frame, variable)])
      case 'boolean':
        return oneOf([this.evaluate(value.left, frame, variable), this.evaluate(value.right, frame, variable)])
      case 'await':
        return this.evaluate(value.operand, frame, variable)
      case 'binary':
        return this.#binary(value, frame)
      case 'subscript':
        return this.#subscript(value, frame)
      default:
        return ofValue(mapParts(value, (part) => valueOf(inner(part))))
    }
  }

  #sequence(items: readonly Value[], open: boolean, frame: Frame): Evaluated {
    const found: Evaluated[] = []
    let isOpen = open && !items.some(({ kind }) => kind === 'splat')
    for (const item of items) {
      const evaluated = this.evaluate(item.kind === 'splat' ? item.operand : item, frame)
      if (item.kind !== 'splat') found.push(evaluated)
      else if (evaluated.kind === 'sequence') {
        found.push(...evaluated.items)
        isOpen ||= evaluated.open
      } else isOpen = true
    }
    return { kind: 'sequence', items: found, open: isOpen }
  }

  #binary(value: Value & { readonly kind: 'binary' }, frame: Frame): Evaluated {
    const left = this.evaluate(value.left, frame)
    const right = this.evaluate(value.right, frame)
    if (value.operator === '+' && left.kind === 'sequence' && right.kind === 'sequence') {
      return { kind: 'sequence', items: [...left.items, ...right.items], open: left.open || right.open }
    }
    return ofValue({ ...value, left: valueOf(left), right: valueOf(right) })
  }

  #subscript(value: Value & { readonly kind: 'subscript' }, frame: Frame): Evaluated {
    const object = this.evaluate(value.object, frame)
    const index = value.index.map((part) => valueOf(this.evaluate(part, frame)))
    const [only] = index
    if (object.kind === 'sequence' && only?.kind === 'literal' && typeof only.value === 'number') return object.items.at(only.value) ?? NOTHING
    if (object.kind === 'dict' && only?.kind === 'literal') {
      return object.entries.find(([key]) => key.kind === 'value' && key.value.kind === 'literal' && key.value.value === only.value)?.[1] ?? NOTHING
    }
    return ofValue({ kind: 'subscript', object: valueOf(object), index })
  }

  /** A qualified name; those of the module that the running code has bound come first. */
  #name(name: string, frame: Frame): Evaluated {
    if (name.startsWith(':')) {
      for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
        const bound = this.#runner.moduleFrame(frame.path).env.get(name.slice(0, end))
        if (bound) return this.#attributes(bound, name.slice(end + 1))
      }
    }
    const absolute = frame.project.resolveName(name, frame.path)
    if (absolute === null) return NOTHING
    const found = this.named(absolute, frame.project)
    // A constant is better known by its name.
    return found.kind === 'value' ? ofValue({ kind: 'name', name: absolute }) : found
  }

  #findNamed(name: string, project: PythonProject): Evaluated {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const definition = project.definition(name.slice(0, end))
      if (!definition || (definition.kind === 'module' && end < name.length)) continue
      if (end === name.length) return this.#ofDefinition(definition, name)
      return this.#attributes(this.named(name.slice(0, end), project), name.slice(end + 1))
    }
    return ofValue({ kind: 'name', name })
  }

  #ofDefinition(definition: ProjectDefinition, name: string): Evaluated {
    if (definition.kind === 'function') return functionOf(definition.name, definition, this.#keyOf(definition))
    if (definition.kind !== 'variable') return ofValue({ kind: 'name', name: definition.name })
    const frame = this.#runner.moduleFrame(definition.path)
    const { value } = definition.fact
    const found = value && !definition.fact.rebound ? this.evaluate(value, frame, definition.name) : this.#runner.boundByStep(definition)
    if (found.kind !== 'value') return found
    const declared = this.#runner.declared(name, definition)
    return declared.kind === 'app' ? declared : ofValue({ kind: 'name', name: definition.name })
  }

  /** The qualified name of a definition inside its module. */
  #keyOf({ name, path }: ProjectDefinition): string {
    return relativeName(name, path, this.#runner.moduleFrame(path).project).slice(1)
  }

  /** What a local variable holds, of the running function or of one around it. */
  local(name: string, frame: Frame): Evaluated {
    for (let at: Frame | null = frame; at; at = at.outer) {
      const bound = at.env.get(name)
      if (bound) return bound
      const wiring = this.#runner.wiringOf(at.path)
      const key = `${at.key}.<locals>.${name}`
      const inner = at.key === '' ? undefined : wiring[at.key]?.inner?.[name]
      if (inner || (at.key !== '' && Object.hasOwn(wiring, key))) return localFunction(key, at, inner)
    }
    return NOTHING
  }

  #attributes(of: Evaluated, path: string): Evaluated {
    return path === '' ? of : path.split('.').reduce((object, attribute) => this.attribute(object, attribute), of)
  }

  attribute(object: Evaluated, attribute: string): Evaluated {
    switch (object.kind) {
      case 'one-of':
        return oneOf(object.options.map((option) => this.attribute(option, attribute)))
      case 'app': {
        const { node } = object
        if (attribute === 'router') return object
        if (attribute === 'routes') return { kind: 'routes', node }
        if (WIRING_METHODS.has(attribute) || ROUTE_DECORATORS.has(attribute)) return { kind: 'method', node, method: attribute }
        return node.fields.get(attribute) ?? (node.className === null ? NOTHING : this.#member(node.project, node.className, attribute, object))
      }
      case 'routes':
        return { kind: 'method', node: object.node, method: `routes.${attribute}` }
      case 'instance':
        return object.fields.get(attribute) ?? this.#member(object.project, object.className, attribute, object)
      case 'super':
        return this.#inherited(object, attribute)
      case 'value':
        if (object.value.kind === 'name') return ofValue({ kind: 'name', name: `${object.value.name}.${attribute}` })
        return object.value.kind === 'unknown' ? NOTHING : ofValue({ kind: 'attribute', object: object.value, attribute })
      case 'dict':
        if (attribute === 'values') return { kind: 'sequence', items: object.entries.map(([, item]) => item), open: false }
        return attribute === 'items' ? { kind: 'sequence', items: object.entries.map(([key, item]) => pair(key, item)), open: false } : NOTHING
      default:
        return NOTHING
    }
  }

  /** The class in whose method the code stands. */
  #ownerOf({ path, key, project }: Frame): string {
    const classPath = key.slice(0, Math.max(0, key.lastIndexOf('.')))
    return project.nameInModule(classPath, path)
  }

  /** The next method of this name above a class; for an app or a router, if the project has none, the one of FastAPI. */
  #inherited({ object, owner }: Evaluated & { readonly kind: 'super' }, name: string): Evaluated {
    const project = object.kind === 'app' ? object.node.project : object.kind === 'instance' ? object.project : null
    for (const base of project?.ancestors(owner).names.slice(1) ?? []) {
      const definition = project!.definition(base)
      if (definition?.kind === 'class' && Object.hasOwn(definition.fact.members, name)) return this.#member(project!, base, name, object)
    }
    return object.kind === 'app' ? { kind: 'method', node: object.node, method: name } : NOTHING
  }

  /** A member of the class of an object. */
  #member(project: PythonProject, className: string, name: string, receiver: Evaluated): Evaluated {
    const member = project.member(className, name)
    if (!member) return NOTHING
    if (member.fact.kind !== 'function') return this.named(`${member.owner}.${name}`, project)
    const { owner, path, fact } = member
    const called = functionOf(`${owner}.${name}`, { path, fact }, this.#keyOf({ kind: 'function', name: `${owner}.${name}`, path, fact }), receiver)
    return fact.method === 'property' ? this.#runner.invoke(called, NO_ARGUMENTS, this.#runner.moduleFrame(path)) : called
  }

  #call(call: CallValue, frame: Frame, variable: string | null): Evaluated {
    const called = this.callee(call, frame)
    const given = this.argumentsOf(call, frame)
    return oneOf(optionsOf(called).map((option) => this.#callOne(option, given, call, frame, variable)))
  }

  /** What a call calls. */
  callee({ callee, function: called }: CallValue, frame: Frame): Evaluated {
    if (callee !== null) return this.#name(callee, frame)
    return called ? this.evaluate(called, frame) : NOTHING
  }

  argumentsOf(call: CallValue, frame: Frame): EvaluatedArguments {
    const positional = this.#sequence(call.arguments, false, frame)
    const items = positional.kind === 'sequence' ? positional : { items: [], open: true }
    const keywords = new Map(Object.entries(call.keywords).map(([name, argument]) => [name, this.evaluate(argument, frame)]))
    // What `**kwargs` of the running function holds is what it was given beyond its parameters.
    if (call.open) for (const [name, argument] of frame.extra ?? []) if (!keywords.has(name)) keywords.set(name, argument)
    const hasSplat = call.arguments.some(({ kind }) => kind === 'splat')
    return { positional: items.items, keywords, open: items.open || (call.open && !hasSplat && frame.extra === null) }
  }

  #callOne(called: Evaluated, given: EvaluatedArguments, call: CallValue, frame: Frame, variable: string | null): Evaluated {
    switch (called.kind) {
      case 'method':
        return this.#runner.callMethod(called, given, frame)
      case 'registrar':
        return this.#runner.register(called, given, frame)
      case 'function':
        return this.#runner.invoke(called, given, frame)
      case 'sequence':
        return called
      case 'instance': {
        const method = this.attribute(called, '__call__')
        return method.kind === 'function' ? this.#runner.invoke(method, given, frame) : handOver(given, called.className)
      }
      case 'value':
        return this.#callNamed(called.value, given, call, frame, variable)
      default:
        return handOver(given, '')
    }
  }

  #callNamed(called: Value, given: EvaluatedArguments, call: CallValue, frame: Frame, variable: string | null): Evaluated {
    const name = called.kind === 'name' ? called.name : null
    if (name === null) return handOver(given, called.kind === 'attribute' ? called.attribute : '', { ...call, callee: null, function: called })
    const [first, second] = given.positional
    if (name === 'builtins.reversed' && first?.kind === 'sequence') return { ...first, items: [...first.items].reverse() }
    if (PASS_FIRST.has(name) && first) return first
    if (name === 'typing.cast' && second) return second
    if (name === 'builtins.super' && frame.receiver) return { kind: 'super', object: frame.receiver, owner: this.#ownerOf(frame) }
    if (name === 'builtins.enumerate' && first?.kind === 'sequence') return { ...first, items: first.items.map((item) => pair(NOTHING, item)) }
    if (ROUTE_CLASSES.has(name)) return { kind: 'route', class: lastPart(name), arguments: given }
    return this.#runner.construct(name, given, variable, frame) ?? handOver(given, name, { ...call, callee: name, function: null })
  }
}

/** Functions that give back what they are given, or the same items. */
const PASS_FIRST: ReadonlySet<string> = new Set(
  ['list', 'tuple', 'set', 'sorted', 'iter'].map((name) => `builtins.${name}`).concat('copy.copy', 'copy.deepcopy'),
)

const ROUTE_CLASSES: ReadonlySet<string> = new Set([
  'fastapi.routing.APIRoute',
  'fastapi.routing.APIWebSocketRoute',
  'starlette.routing.Route',
  'starlette.routing.WebSocketRoute',
  'starlette.routing.Mount',
  'starlette.routing.Host',
])

export const NO_ARGUMENTS: EvaluatedArguments = { positional: [], keywords: new Map(), open: false }

/** Whether a decorator method is one of FastAPI's own, with dependencies and models. */
export function isFastapiMethod(method: string): boolean {
  return HTTP_VERBS.includes(method) || method === 'api_route' || method === 'websocket'
}

/** A call of something that is not understood: the apps and routers that it is given could be put to any use. */
function handOver(given: EvaluatedArguments, name: string, call?: CallValue): Evaluated {
  for (const argument of [...given.positional, ...given.keywords.values()]) for (const node of nodesIn(argument)) node.handedTo.add(name)
  if (!call) return NOTHING
  const keywords = Object.fromEntries([...given.keywords].map(([keyword, argument]) => [keyword, valueOf(argument)]))
  return ofValue({ ...call, arguments: given.positional.map(valueOf), keywords, open: given.open })
}

function functionOf(name: string, { path, fact }: Pick<FunctionDefinition, 'path' | 'fact'>, key: string, receiver: Evaluated | null = null): FunctionOf {
  return { kind: 'function', name, path, key, fact, outer: null, receiver }
}

function localFunction(key: string, outer: Frame, inner: object | undefined): FunctionOf {
  const fact = inner ? { kind: 'function', decorators: [], returns: [], fallsOff: true, ...inner } : null
  return { kind: 'function', name: outer.project.nameInModule(key, outer.path), path: outer.path, key, fact: fact as FunctionOf['fact'], outer, receiver: null }
}

function pair(first: Evaluated, second: Evaluated): Evaluated {
  return { kind: 'sequence', items: [first, second], open: false }
}
