import type { MemberFact } from '../facts/module-fact-types.ts'
import type { CallNode, ExceptClauseNode, ForStatementNode, WithItemNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonServices } from '../services.ts'
import { lastPart } from '../shared/dotted-name.ts'
import type { PythonNode } from '../syntax/node.ts'
import { isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { LOGGER_NAME, LOGGING_METHODS, NEVER_RAISING, NEVER_RETURNING, SWALLOWING, SWALLOWING_METHODS } from './known-functions.ts'
import { catchingOf, contextManager, exceptionTypes, runsAtLeastOnceByForm } from './options.ts'
import type { Catching, FlowOptions, Swallowing } from './options.ts'

/**
 * What the project tells of calls, context managers and handlers. Names are resolved, never typed: types may depend on the flow.
 */
export function projectFlowOptions(services: PythonServices): FlowOptions {
  const knowledge = new ProjectKnowledge(services)
  return {
    neverReturns: (call) => knowledge.neverReturns(call),
    cannotRaise: (node) => knowledge.cannotRaise(node),
    swallows: (item) => knowledge.swallows(item),
    catches: (clause) => knowledge.catches(clause),
    runsAtLeastOnce: (loop) => knowledge.runsAtLeastOnce(loop),
  }
}

class ProjectKnowledge {
  readonly #services: PythonServices
  readonly #neverReturns = new Map<string, boolean>()

  constructor(services: PythonServices) {
    this.#services = services
  }

  neverReturns({ function: called }: CallNode): boolean {
    if (!called) return false
    const name = this.#services.resolve(called)
    if (name !== null) return NEVER_RETURNING.has(name) || this.#remember(name, () => isEndingFunction(this.#services.project, name))
    if (called.kind !== 'attribute' || called.object.kind !== 'identifier') return false
    const owner = this.#services.instanceClassOf(called.object)
    if (owner === null) return false
    const method = called.attribute.text
    return this.#remember(`${owner}.${method}`, () => isEndingMethod(this.#services.project, owner, method))
  }

  cannotRaise(node: PythonNode): boolean {
    if (node.kind !== 'call') return false
    const called = node.function
    if (called?.kind === 'attribute' && LOGGING_METHODS.has(called.attribute.text) && LOGGER_NAME.test(called.object.text)) return true
    const written = called?.kind === 'attribute' ? called.attribute : called
    // Looking at the name first spares resolving most calls; a function under another name is taken to raise.
    if (written?.kind !== 'identifier' || !mayNeverRaise(written.text)) return false
    const name = this.#services.resolve(called)
    return name !== null && (NEVER_RAISING.has(name) || EXCEPTION_CLASS.test(name))
  }

  swallows(item: WithItemNode): Swallowing {
    const manager = contextManager(item)
    if (manager?.kind !== 'call' || !manager.function) return 'never'
    const called = manager.function
    if (called.kind === 'attribute' && SWALLOWING_METHODS.has(called.attribute.text)) return 'maybe'
    const name = this.#services.resolve(called)
    if (name === null) return 'never'
    return SWALLOWING.has(name) || hasSwallowingExit(this.#services.project, name) ? 'maybe' : 'never'
  }

  catches(clause: ExceptClauseNode): Catching {
    const names = exceptionTypes(clause).flatMap((type) => (type === null ? ['BaseException'] : this.#typeNames(type)))
    return catchingOf(names.map((name) => name.replace(/^builtins\./, '')))
  }

  runsAtLeastOnce(loop: ForStatementNode): boolean {
    if (runsAtLeastOnceByForm(loop)) return true
    if (loop.right?.kind !== 'call' && loop.right?.kind !== 'identifier') return false
    const over = this.#services.values.of(loop.right)
    if (over.kind === 'tuple') return over.items.some(({ kind }) => kind !== 'splat')
    if (!isCallOf(over, 'builtins.range') || over.arguments.length !== 1) return false
    const count = this.#services.values.constant(over.arguments[0]!)
    return typeof count === 'number' && count > 0
  }

  /** The classes that a type of a clause stands for: also those of a tuple that a name is bound to. */
  #typeNames(type: PythonNode): readonly string[] {
    const value = this.#services.values.of(type)
    const values: readonly Value[] = value.kind === 'tuple' ? value.items : [value]
    return values.flatMap((item) => (item.kind === 'name' ? [item.name] : []))
  }

  #remember(key: string, find: () => boolean): boolean {
    let found = this.#neverReturns.get(key)
    if (found === undefined) this.#neverReturns.set(key, (found = find()))
    return found
  }
}

function mayNeverRaise(name: string): boolean {
  return NEVER_RAISING_NAMES.has(name) || /(Error|Exception|Warning)$/.test(name)
}

const NEVER_RAISING_NAMES: ReadonlySet<string> = new Set(Array.from(NEVER_RAISING, lastPart))
const EXCEPTION_CLASS = /^builtins\.\w*(Error|Exception|Warning)$/

/** A function of the project that is annotated `NoReturn`, or that neither returns nor reaches its end. */
function isEndingFunction(project: PythonProject, name: string): boolean {
  const callable = project.callable(name)
  if (callable?.kind !== 'function' || !callable.function) return false
  const { function: fact, path } = callable
  if (isNoReturn(project, fact.returnAnnotation, path)) return true
  // A method that only raises is made to be overridden, and a decorator or a generator may do anything.
  const isPlain = fact.method === undefined && fact.decorators.length === 0 && !fact.generator && !fact.rebound
  return isPlain && !fact.fallsOff && !fact.returnsOpen && fact.returns.length === 0
}

function isEndingMethod(project: PythonProject, owner: string, method: string): boolean {
  const { names } = project.ancestors(owner)
  if (names.some((name) => NEVER_RETURNING.has(`${name}.${method}`))) return true
  const member = project.member(owner, method)
  return member?.fact.kind === 'function' && isNoReturn(project, member.fact.returnAnnotation, member.path)
}

function isNoReturn(project: PythonProject, annotation: Value | undefined, path: string): boolean {
  if (!annotation) return false
  const value = project.value(annotation, path)
  return value.kind === 'name' && (value.name === 'typing.NoReturn' || value.name === 'typing.Never')
}

/** A class of the project whose `__exit__` is annotated `bool` or returns `True`: what it returns decides. */
function hasSwallowingExit(project: PythonProject, name: string): boolean {
  const callable = project.callable(name)
  if (callable?.kind !== 'class') return false
  return ['__exit__', '__aexit__'].some((method) => {
    const member = project.member(callable.name, method)
    return member ? mayGiveTrue(project, member.fact, member.path) : false
  })
}

function mayGiveTrue(project: PythonProject, fact: MemberFact, path: string): boolean {
  if (fact.kind !== 'function') return false
  if (fact.returns.some((value) => value.kind === 'literal' && value.type === 'boolean' && value.value === true)) return true
  if (!fact.returnAnnotation || fact.returns.every((value) => value.kind === 'literal')) return false
  const annotation = project.value(fact.returnAnnotation, path)
  return annotation.kind === 'name' && annotation.name === 'builtins.bool'
}
