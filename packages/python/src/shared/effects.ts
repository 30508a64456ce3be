import { calledProjectFunction } from '../calls/called-project-function.ts'
import { runsBody } from '../calls/project-functions.ts'
import type { CallPath, FunctionSummary } from '../calls/summary.ts'
import { DATABASE_METHODS } from '../data/database-calls.ts'
import type { Effect } from '../data/effects.ts'
import { effectsOfLibraryCall } from '../data/effects.ts'
import { DEFERRING_METHODS, SPAWNING_METHODS } from '../data/external-effects.ts'
import { useOfCall } from '../facts/call-use.ts'
import { semanticsOf } from '../file-semantics.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import { shapeOfCall } from './call-shape.ts'
import type { CallShape } from './call-shape.ts'
import { positionalArguments } from './calls.ts'
import { isDatabaseCall, isSession } from './database-calls.ts'
import type { DatabaseContext } from './database-calls.ts'
import { isWriteShape, outsideEffect } from './direct-effects.ts'
import { externalCall } from './external-calls.ts'
import { matchesName } from './name-globs.ts'
import { withoutParentheses } from './parentheses.ts'
import { listSetting } from './settings.ts'
import { stringText } from './strings.ts'

/** What is asked of a rule's context here. */
export type EffectContext = DatabaseContext

/** What a call does where it stands. */
export interface CallEffects {
  /** The qualified name of the project function that is called and whose body runs there; `null` for all other calls. */
  readonly function: string | null
  /** What that function does, `null` likewise. */
  readonly summary: FunctionSummary | null
  /** Effects, each with the path from the called function to the place that has it; the path is empty where it is the call itself. */
  readonly paths: ReadonlyMap<Effect, CallPath>
}

const NO_EFFECTS: CallEffects = { function: null, summary: null, paths: new Map() }
const ITSELF: CallPath = []

const answers = new WeakMap<PythonProject, Map<number, CallEffects>>()

/** What a call does: itself, or through the function of the project that it calls. */
export function effectsOfCall(context: EffectContext, call: CallNode): CallEffects {
  let known = answers.get(context.project)
  if (!known) answers.set(context.project, (known = new Map()))
  let effects = known.get(call.index)
  if (!effects) known.set(call.index, (effects = findEffects(context, call)))
  return effects
}

/** The proof that a call writes to the database or stages a change, also through project functions; `null` if it does not, as far as is known. */
export function writePath(context: EffectContext, call: CallNode): CallPath | null {
  return effectsOfCall(context, call).paths.get('write') ?? null
}

/** The proof that a call commits. For blocks whose end commits see `transactionBlock`. */
export function commitPath(context: EffectContext, call: CallNode): CallPath | null {
  return effectsOfCall(context, call).paths.get('commit') ?? null
}

/** The proof that a call talks to the database. */
export function databasePath(context: EffectContext, call: CallNode): CallPath | null {
  return effectsOfCall(context, call).paths.get('database') ?? null
}

/** The proof that a call leaves the process, other than to the database. */
export function externalPath(context: EffectContext, call: CallNode): CallPath | null {
  const { paths } = effectsOfCall(context, call)
  return paths.get('network') ?? paths.get('process') ?? paths.get('external-effect') ?? null
}

/** The proof that a call changes something outside: in another service, or in a queue. A project function that also writes to the database is none. */
export function externalEffectPath(context: EffectContext, call: CallNode): CallPath | null {
  const { paths, summary } = effectsOfCall(context, call)
  return summary && paths.has('write') ? null : (paths.get('external-effect') ?? null)
}

/** Whether a call only arranges for something to be done later: by a background task, behind the commit, in another task. */
export function isDeferring(context: EffectContext, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' && called.kind !== 'identifier') return false
  const method = called.kind === 'attribute' ? called.attribute.text : called.text
  if (DEFERRING_METHODS.has(method)) return true
  return method.startsWith('listen') && context.resolvesTo(called, LISTENING) && positionalArguments(call).some((given) => stringText(given) === 'after_commit')
}

const LISTENING = ['sqlalchemy.event.listen', 'sqlalchemy.event.listens_for']

/** Whether the result of a call is handed to what runs it on the side: `asyncio.create_task(notify())`. */
export function isSpawned(call: CallNode): boolean {
  const outer = call.parent?.kind === 'argument_list' ? call.parent.parent : null
  if (outer?.kind !== 'call') return false
  const called = withoutParentheses(outer.function)
  return SPAWNING_METHODS.has(called.kind === 'attribute' ? called.attribute.text : called.text)
}

function findEffects(context: EffectContext, call: CallNode): CallEffects {
  const name = calledProjectFunction(context, call)
  if (name !== null) return effectsOfFunction(context, call, name)
  const shape = isSpawned(call) || isDeferring(context, call) ? null : shapeOfCall(context, call)
  if (!shape) return NO_EFFECTS
  return { function: null, summary: null, paths: new Map([...directEffects(context, call, shape)].map((effect) => [effect, ITSELF])) }
}

function effectsOfFunction(context: EffectContext, call: CallNode, name: string): CallEffects {
  const summary = context.project.summary(name)
  if (!summary || !runsBody(summary.kind, useOfCall(semanticsOf(call.tree), call.index))) return NO_EFFECTS
  const paths = new Map(Object.entries(summary.effects) as [Effect, CallPath][])
  if (listSetting(context.settings, 'effects', 'external').some((entry) => matchesName(name, entry))) paths.set('external-effect', ITSELF)
  return { function: name, summary, paths }
}

function directEffects(context: EffectContext, call: CallNode, shape: CallShape): ReadonlySet<Effect> {
  const { project, settings } = context
  const found = new Set<Effect>(shape.name === null ? [] : effectsOfLibraryCall(shape.name))
  const called = withoutParentheses(call.function)
  const isOfDatabase = DATABASE_METHODS.has(shape.method) ? isDatabaseCall(context, call) : false
  if (isOfDatabase) found.add('database')
  if (isOfDatabase && shape.method === 'commit') found.add('commit')
  const shapeContext = { project, settings, path: project.path }
  // A session that only its place tells, such as the target of a `with` over a generator of the project.
  const isSessionCall = called.kind === 'attribute' && isSession(context, called.object)
  if (isWriteShape(shapeContext, isSessionCall ? { ...shape, receiver: ['session'], receiverClass: null } : shape)) found.add('write')
  const external = externalCall(context, call)?.kind ?? null
  if (external) found.add(external === 'process' ? 'process' : 'network')
  const effect = outsideEffect(shapeContext, shape, external)
  if (effect) found.add('external-effect')
  if (effect === 'enqueue') found.add('enqueue')
  return found
}
