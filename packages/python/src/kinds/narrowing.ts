import { membersOf, unionOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { kindOfType } from './declared.ts'
import { DATE_KIND, NAIVE_UNKNOWN, NONE_KIND, UNKNOWN_KIND, UNKNOWN_ZONE, aware, isDatetime } from './kind.ts'
import type { Kind } from './kind.ts'

/** What a test says of a datetime; `none`: that there is none. */
export type Awareness = 'aware' | 'naive' | 'none'

/** What tests on the way to a place say of a value. */
interface Refinement {
  readonly awareness: Awareness | null
  /** Tests with `isinstance()`, the last one first. */
  readonly instanceTests: readonly InstanceTest[]
}

export interface InstanceTest {
  /** Canonical names; empty if one of them is not known. */
  readonly classes: readonly string[]
  readonly holds: boolean
}

/**
 * The kind of a value that has passed tests. A value that was made in the code and contradicts a test does not come there: it is no value at all.
 * @param isDeclared the kind comes from an annotation or a column, and gives way to the test
 */
export function refined(kind: Kind, { awareness, instanceTests }: Refinement, isDeclared: boolean): Kind {
  let current = kind
  for (const test of [...instanceTests].reverse()) current = byInstanceTest(current, test)
  if (awareness === null) return current
  // A datetime or date is true, whatever it is.
  if (awareness === 'none') return isDatetime(current) || current.kind === 'date' ? NONE_KIND : current
  if (current.kind === awareness) return current
  if (!isDeclared && (current.kind === 'aware' || current.kind === 'naive')) return NONE_KIND
  if (!isDatetime(current) && current.kind !== 'unknown' && current.kind !== 'choice') return current
  return awareness === 'aware' ? aware(UNKNOWN_ZONE) : NAIVE_UNKNOWN
}

function byInstanceTest(kind: Kind, { classes, holds }: InstanceTest): Kind {
  if (classes.length === 0) return holds ? UNKNOWN_KIND : kind
  if (kind.kind === 'choice') {
    const left = kind.types.filter((type) => isOneOf(type, classes) === holds)
    if (left.length === 0) return UNKNOWN_KIND
    return kindOfType(unionOf(left))
  }
  if (!holds) return isDatetime(kind) && (classes.includes(DATETIME) || classes.includes(DATE)) ? NONE_KIND : kind
  if (isDatetime(kind) && (classes.includes(DATETIME) || classes.includes(DATE))) return kind
  if (kind.kind === 'delta' && classes.includes('datetime.timedelta')) return kind
  const asked = kindOfType(unionOf(classes.map((name): Type => ({ kind: 'instance', class: name, args: [] }))))
  if (kind.kind === 'unknown' || kind.kind === 'none') return asked
  // An object that is annotated as a date may be a datetime.
  return kind.kind === DATE_KIND.kind && classes.length === 1 ? asked : UNKNOWN_KIND
}

const DATETIME = 'datetime.datetime'
const DATE = 'datetime.date'

function isOneOf(type: Type, classes: readonly string[]): boolean {
  return membersOf(type).every((member) => member.kind === 'instance' && (classes.includes(member.class) || (member.class === DATETIME && classes.includes(DATE))))
}
