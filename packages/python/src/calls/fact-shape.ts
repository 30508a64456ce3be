import type { CallFact } from '../facts/call-fact.ts'
import type { ExternalClient, ExternalKind } from '../data/external-calls.ts'
import { EXTERNAL_FUNCTIONS, LOCAL_CLIENT_METHODS } from '../data/external-calls.ts'
import type { PythonProject } from '../project/python-project.ts'
import type { CallShape } from '../shared/call-shape.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { clientNamed, namespaceOf } from '../shared/external-calls.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { Value } from '../values/value.ts'
import type { CallTargets } from './call-targets.ts'
import type { ProjectFunction } from './project-functions.ts'

/** Longer chains of calls are not followed. */
const MAX_CHAIN = 12

/** The shape of a call of which only the facts are at hand. @param name what it calls, if that is known */
export function shapeOfFact(targets: CallTargets, fn: ProjectFunction, call: CallFact, name: string | null): CallShape {
  const written = call.callee === undefined ? null : call.callee.replace(/^[.:*]+/, '')
  return {
    name,
    method: call.method ?? (written === null ? '' : lastPart(written)),
    receiver: written === null ? receiverOf(fn, call) : written.split('.').slice(0, -1),
    // A local name that is bound to a call is that call here.
    origin: [],
    receiverClass: classOfType(targets.receiverOf(fn, call)),
    text: typeof call.first === 'string' ? call.first : null,
    calledInFirst: typeof call.first === 'number' ? calledOnTheWay(fn, call.first) : new Set(),
  }
}

function receiverOf(fn: ProjectFunction, call: CallFact): readonly string[] {
  const names: string[] = []
  let current: CallFact | undefined = call
  for (let step = 0; current && step < MAX_CHAIN; step++) {
    if (current.receiver) names.push(...namesOf(current.receiver))
    const made: CallFact | undefined = current.on === undefined ? undefined : fn.calls[current.on]
    if (made) names.push(...(made.method === undefined ? (made.callee?.replace(/^[.:*]+/, '').split('.').reverse() ?? []) : [made.method]))
    current = made
  }
  return names.reverse()
}

/** From the last to the first. */
function namesOf(value: Value): readonly string[] {
  const names: string[] = []
  let current = value
  for (let step = 0; step < MAX_CHAIN; step++) {
    if (current.kind === 'attribute') {
      names.push(current.attribute)
      current = current.object
    } else if (current.kind === 'subscript') current = current.object
    else {
      if (current.kind === 'local') names.push(current.name)
      else if (current.kind === 'name') names.push(...current.name.replace(/^[.:*]+/, '').split('.').reverse())
      break
    }
  }
  return names
}

function classOfType(type: Type): string | null {
  const members = membersOf(withoutNone(type))
  return members.length === 1 && members[0]!.kind === 'instance' ? members[0]!.class : null
}

/** The last names of the calls that a call is made on, with its own. */
function calledOnTheWay(fn: ProjectFunction, number: number): ReadonlySet<string> {
  const names = new Set<string>()
  let at: number | undefined = number
  for (let step = 0; at !== undefined && step < MAX_CHAIN; step++) {
    const call: CallFact | undefined = fn.calls[at]
    if (!call) break
    names.add(call.method ?? lastPart((call.callee ?? '').replace(/^[.:*]+/, '')))
    at = call.on
  }
  return names
}

/** What a call talks to, if it leaves the process; `null` for all others, and where the client is not known. */
export function externalKindOfFact(project: PythonProject, targets: CallTargets, fn: ProjectFunction, call: CallFact, shape: CallShape): ExternalKind | null {
  const { name, method } = shape
  const known = name === null ? undefined : EXTERNAL_FUNCTIONS.get(name)
  if (known) return known
  if (shape.receiver.length === 0 || LOCAL_CLIENT_METHODS.has(method)) return null
  const client = namespaceOf(name) ?? clientBehind(project, targets, fn, call, shape)
  if (!client || client.handles?.has(method) || (client.methods && !client.methods.has(method))) return null
  return client.kind
}

/** The client that the receiver is, or from which it is reached by attributes and by methods that make handles. */
function clientBehind(project: PythonProject, targets: CallTargets, fn: ProjectFunction, call: CallFact, { receiverClass }: CallShape): ExternalClient | null {
  const direct = receiverClass === null ? undefined : clientNamed(project, receiverClass)
  if (direct) return direct
  const handles: string[] = []
  let current: CallFact = call
  let value: Value | undefined = call.receiver
  for (let step = 0; step < MAX_CHAIN; step++) {
    if (value?.kind === 'attribute') value = value.object
    else if (current.on !== undefined && fn.calls[current.on]) {
      current = fn.calls[current.on]!
      value = current.receiver
      handles.push(current.method ?? lastPart(current.callee ?? ''))
      if (current.method === undefined) value = undefined
    } else return null
    const className = classOfType(value === undefined ? targets.receiverOf(fn, current) : targets.typeOfValue(fn, project.value(value, fn.path)))
    const client = className === null ? undefined : clientNamed(project, className)
    if (client) return client.methods || !handles.every((handle) => client.handles?.has(handle)) ? null : client
  }
  return null
}
