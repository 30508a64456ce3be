import { isNoneType, membersOf } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { DATETIME_KIND, DATE_KIND, DELTA_KIND, NAIVE_UNKNOWN, NONE_KIND, UNKNOWN_KIND, UNKNOWN_ZONE, aware } from './kind.ts'
import type { Kind } from './kind.ts'

/** What a type says of a value's kind. `None` is left out. */
export function kindOfType(type: Type): Kind {
  const members = membersOf(type).filter((member) => !isNoneType(member))
  if (members.length === 0) return NONE_KIND
  if (members.length > 1) return members.some((member) => kindOfType(member).kind !== 'unknown') ? { kind: 'choice', types: members } : UNKNOWN_KIND
  const [member] = members
  if (member?.kind !== 'instance') return UNKNOWN_KIND
  if (member.class === 'builtins.tuple' && member.args.length > 0) {
    const items = member.args.map(kindOfType)
    return items.some(({ kind }) => kind !== 'unknown') ? { kind: 'tuple', items } : UNKNOWN_KIND
  }
  return Object.hasOwn(KINDS, member.class) ? KINDS[member.class]! : UNKNOWN_KIND
}

const KINDS: Readonly<Record<string, Kind>> = {
  'datetime.datetime': DATETIME_KIND,
  'datetime.date': DATE_KIND,
  'datetime.timedelta': DELTA_KIND,
  'dateutil.relativedelta.relativedelta': { kind: 'calendar-delta' },
  'pydantic.AwareDatetime': aware(UNKNOWN_ZONE),
  'pydantic.NaiveDatetime': NAIVE_UNKNOWN,
  'pydantic.PastDatetime': DATETIME_KIND,
  'pydantic.FutureDatetime': DATETIME_KIND,
  'pydantic.PastDate': DATE_KIND,
  'pydantic.FutureDate': DATE_KIND,
}
