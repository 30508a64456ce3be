import { membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { UNKNOWN_KIND, joinKinds } from './kind.ts'
import type { Kind } from './kind.ts'
import { libraryCall } from './library-calls.ts'
import { methodCall } from './method-calls.ts'
import type { Arguments, FunctionResult, Reading } from './reading.ts'

/** What is called: a qualified name, or the method of a receiver. */
export interface Called<Expression> {
  readonly name: string | null
  readonly receiver: Expression | null
  readonly method: string | null
}

/** The kind that a call gives. @param isAwaited the call stands in an `await` */
export function kindOfCall<Expression>(reading: Reading<Expression>, called: Called<Expression>, given: Arguments<Expression>, isAwaited: boolean): Kind {
  if (called.name !== null) return ofNamed(reading, called.name, given, isAwaited)
  const { receiver, method } = called
  if (receiver === null || method === null) return UNKNOWN_KIND
  const kind = reading.kindOf(receiver)
  if (kind.kind !== 'unknown' && kind.kind !== 'choice') return methodCall(reading, kind, method, given) ?? UNKNOWN_KIND
  return ofMethod(reading, reading.typeOf(receiver), method, isAwaited) ?? methodCall(reading, kind, method, given) ?? UNKNOWN_KIND
}

function ofNamed<Expression>(reading: Reading<Expression>, name: string, given: Arguments<Expression>, isAwaited: boolean): Kind {
  const { project } = reading
  const known = libraryCall(reading, name, given)
  if (known) return known
  const result = project.resultOf(name)
  if (result) return resultKind(result, isAwaited)
  const owner = withoutLastPart(name)
  if (owner === '') return UNKNOWN_KIND
  const kind = project.valueOf(owner)
  const ofMember = kind.kind === 'unknown' ? ofMethod(reading, project.typeOfName(owner), lastPart(name), isAwaited) : null
  return ofMember ?? methodCall(reading, kind, lastPart(name), given) ?? UNKNOWN_KIND
}

/** The result of a method of the project; `null` if the receiver has no class of the project with such a method. */
function ofMethod<Expression>(reading: Reading<Expression>, receiver: Type, method: string, isAwaited: boolean): Kind | null {
  const results: Kind[] = []
  for (const member of membersOf(withoutNone(receiver))) {
    const name = member.kind === 'instance' || member.kind === 'class' ? reading.project.methodOf(member.class, method) : null
    const result = name === null ? null : reading.project.resultOf(name)
    if (!result) return null
    results.push(resultKind(result, isAwaited))
  }
  return joinKinds(results)
}

function resultKind({ kind, isAsync }: FunctionResult, isAwaited: boolean): Kind {
  return isAsync === isAwaited ? kind : UNKNOWN_KIND
}
