import type { Settings } from '@krait/core'
import { DATABASE_METHODS } from '../data/database-calls.ts'
import { ATOMIC } from '../data/database-writes.ts'
import { effectsOfLibraryCall } from '../data/effects.ts'
import type { Effect } from '../data/effects.ts'
import { HARMLESS_METHODS, HARMLESS_MODULES } from '../data/harmless-calls.ts'
import { LOGGER_NAMES } from '../data/loggers.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { CallShape } from '../shared/call-shape.ts'
import { beginsTransaction, isSessionShape, isWriteShape, outsideEffect } from '../shared/direct-effects.ts'
import type { ShapeContext } from '../shared/direct-effects.ts'
import type { CallTargets } from './call-targets.ts'
import { externalKindOfFact, shapeOfFact } from './fact-shape.ts'
import type { ProjectFunction } from './project-functions.ts'

/** How a call may go wrong: it talks to the database, it talks to another service, or it is not known what it does. */
export type Failure = 'database-failure' | 'external-failure' | 'unknown-failure'

/** What stops this error stops the failure. */
export function errorOfFailure(failure: Failure): string {
  return failure === 'database-failure' ? 'sqlalchemy.exc.OperationalError' : ANY_ERROR
}

const ANY_ERROR = 'builtins.Exception'

/** Says what calls of functions do themselves, from facts alone. */
export class DirectEffects {
  readonly #project: PythonProject
  readonly #targets: CallTargets
  readonly #settings: Settings

  constructor(project: PythonProject, targets: CallTargets, settings: Settings) {
    this.#project = project
    this.#targets = targets
    this.#settings = settings
  }

  /**
   * @param names what the call may call
   * @param isOwn what it calls is a function of the project, whose effects are its own
   */
  of(fn: ProjectFunction, call: CallFact, names: readonly string[], isOwn: boolean): ReadonlySet<Effect | Failure> {
    const found = new Set<Effect | Failure>(names.flatMap(effectsOfLibraryCall))
    const name = names[0] ?? (call.callee === undefined ? null : this.#project.resolveName(call.callee, fn.path))
    if (isOwn || isHarmless(name)) return found
    const context: ShapeContext = { project: this.#project, settings: this.#settings, path: fn.path }
    const shape = shapeOfFact(this.#targets, fn, call, name)
    this.#addDatabase(found, context, shape, call)
    if (found.has('database') || found.has('query') || found.has('commit')) found.add('database-failure')
    this.#addOutside(found, context, shape, fn, call)
    if (found.size === 0 && !isHarmless(shape.receiverClass) && !isHarmlessMethod(shape)) found.add('unknown-failure')
    return found
  }

  /** What decorators make a function do. */
  ofDecorators({ decorators }: ProjectFunction): readonly Effect[] {
    const isAtomic = decorators.some((decorator) => (decorator.kind === 'name' ? decorator.name : decorator.kind === 'call' ? decorator.callee : null) === ATOMIC)
    return isAtomic ? ['commit', 'database'] : []
  }

  #addDatabase(found: Set<Effect | Failure>, context: ShapeContext, shape: CallShape, call: CallFact): void {
    const { method } = shape
    if (isWriteShape(context, shape)) found.add('write')
    if (method === 'commit' && isSessionShape(context, shape)) found.add('commit')
    if (method === 'rollback' && isSessionShape(context, shape)) found.add('rollback')
    if (call.use === 'entered' && (shape.name === ATOMIC || beginsTransaction(context, shape))) found.add('commit').add('database')
    if (DATABASE_METHODS.has(method) && isSessionShape(context, shape)) found.add('database')
  }

  #addOutside(found: Set<Effect | Failure>, context: ShapeContext, shape: CallShape, fn: ProjectFunction, call: CallFact): void {
    const external = externalKindOfFact(this.#project, this.#targets, fn, call, shape)
    if (external) found.add(external === 'process' ? 'process' : 'network')
    const effect = outsideEffect(context, shape, external)
    if (effect) found.add('external-effect')
    if (effect === 'enqueue') found.add('enqueue')
    else if (effect || external || found.has('network') || found.has('process')) found.add('external-failure')
  }
}

function isHarmless(name: string | null): boolean {
  return name !== null && HARMLESS_MODULES.has(name.slice(0, Math.max(0, name.indexOf('.'))))
}

function isHarmlessMethod({ method, receiver }: CallShape): boolean {
  return HARMLESS_METHODS.has(method) || LOGGER_NAMES.has(receiver.at(-1) ?? '')
}
