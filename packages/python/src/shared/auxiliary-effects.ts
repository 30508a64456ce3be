import { calledProjectFunction } from '../calls/called-project-function.ts'
import { AUXILIARY_FUNCTIONS, AUXILIARY_METHODS, AUXILIARY_NAMES, MESSENGER_METHODS, MESSENGER_NAME } from '../data/auxiliary-effects.ts'
import { DEFERRING_METHODS } from '../data/external-effects.ts'
import type { CallNode } from '../generated/nodes.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { PythonNode } from '../syntax/node.ts'
import { chainOf } from './call-shape.ts'
import { calledFunction } from './called-function.ts'
import { lastPart } from './dotted-name.ts'
import type { EffectContext } from './effects.ts'
import { isDeferring, isSpawned } from './effects.ts'
import { externalCall } from './external-calls.ts'
import { callsOf } from './function-calls.ts'
import { matchesName } from './name-globs.ts'
import { withoutParentheses } from './parentheses.ts'
import { listSetting } from './settings.ts'

/** More names, or fewer, than those that are known. */
export interface AuxiliaryOptions {
  /** Qualified names and globs of calls that are auxiliary, beside those of `settings.effects.auxiliary`. */
  readonly auxiliary?: readonly string[]
  readonly notAuxiliary?: readonly string[]
}

/**
 * Whether a call has an effect that only accompanies an operation, whose failure must not fail the operation: it notifies somebody or sends a metric. Calls
 * that put it off are none, nor are functions of the project that cannot fail.
 */
export function isAuxiliaryEffect(context: EffectContext, call: CallNode, { auxiliary = [], notAuxiliary = [] }: AuxiliaryOptions = {}): boolean {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' && called.kind !== 'identifier') return false
  const method = called.kind === 'attribute' ? called.attribute.text : called.text
  const entries = [...listSetting(context.settings, 'effects', 'auxiliary'), ...auxiliary]
  const isNamed = AUXILIARY_NAMES.some((pattern) => pattern.test(method))
  const mayBe = isNamed || entries.length > 0 || AUXILIARY_METHODS.has(method) || MESSENGER_METHODS.has(method) || SENDING.has(method)
  if (!mayBe || isDeferring(context, call) || isSpawned(call)) return false
  const own = calledProjectFunction(context, call)
  const name = own ?? calledFunction(context, call)
  if (notAuxiliary.some((entry) => matchesName(name ?? method, entry))) return false
  if (entries.some((entry) => matchesName(name ?? method, entry))) return true
  const isOne = isNamed || (called.kind === 'attribute' && isMessenger(called, method)) || isOfLibrary(context, call, called, method, name)
  return isOne && (own === null || mayFail(context, own))
}

/** The last names of the libraries' calls. */
const SENDING: ReadonlySet<string> = new Set([...AUXILIARY_FUNCTIONS].map((name) => name.slice(name.lastIndexOf('.') + 1)).concat('create'))

function isMessenger(called: PythonNode & { readonly kind: 'attribute' }, method: string): boolean {
  return MESSENGER_METHODS.has(method) && MESSENGER_NAME.test(chainOf(called.object).at(-1) ?? '')
}

function isOfLibrary(context: EffectContext, call: CallNode, called: PythonNode, method: string, name: string | null): boolean {
  if (name !== null && AUXILIARY_FUNCTIONS.has(name)) return true
  const words = AUXILIARY_METHODS.get(method)
  if (words?.length === 0) return true
  const chain = called.kind === 'attribute' ? chainOf(called.object) : []
  if (words && [...chain, ...(name ?? '').split('.')].some((part) => words.includes(part.toLowerCase().replace(/^_+/, '')))) return true
  if (!SENDING.has(method)) return false
  const external = externalCall(context, call)
  if (external?.kind === 'mail') return true
  return external?.kind === 'messaging' && (method !== 'create' || chain.includes('messages'))
}

/** Whether a failure can come out of a function of the project: of a call that leaves the process, or of one that cannot be looked into. */
function mayFail({ project }: EffectContext, name: string): boolean {
  const summary = project.summary(name)
  if (!summary) return true
  const failure = summary.mayFail
  if (!failure) return false
  return failure.by === 'external' || (!summary.effects.write && !defers(project, name))
}

/** Whether a function puts off what it is for: behind the commit, or to a background task. */
function defers(project: PythonProject, name: string): boolean {
  const calls = callsOf(project, name)?.calls ?? []
  return calls.some(({ method, callee }) => DEFERRING_METHODS.has(method ?? lastPart(callee ?? '')) || (callee !== undefined && LISTENING.has(lastPart(callee))))
}

/** Functions of `sqlalchemy.event`. */
const LISTENING: ReadonlySet<string> = new Set(['listen', 'listens_for'])
