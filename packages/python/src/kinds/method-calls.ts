import { DATETIME_KIND, DATE_KIND, DELTA_KIND, LOCAL_TODAY, NAIVE_UNKNOWN, NAIVE_UTC, NONE_KIND, UNKNOWN_KIND, UNKNOWN_ZONE, aware, isDatetime } from './kind.ts'
import type { DateKind, Kind, TextKind } from './kind.ts'
import { argumentAt, zoneOf } from './reading.ts'
import type { Arguments, Reading } from './reading.ts'
import { changedText, textOf } from './texts.ts'

/** The kind that a call of a method gives, by what it is called on; `null` if that does not tell. */
export function methodCall<Expression>(reading: Reading<Expression>, receiver: Kind, method: string, given: Arguments<Expression>): Kind | null {
  if (method === 'localize' || method === 'normalize') return ofZone(reading, receiver, given)
  if (isDatetime(receiver)) return ofDatetime(reading, receiver, method, given)
  switch (receiver.kind) {
    case 'unknown':
    case 'choice':
      return ofUnknown(reading, method, given)
    case 'date':
      return ofDate(reading, receiver, method, given)
    case 'time':
    case 'aware-time':
      return ofTime(reading, receiver, method, given)
    case 'text':
      return ofText(reading, receiver, method, given)
    case 'delta':
      return UNKNOWN_KIND
    case 'none':
      // Asked for again in its own answer: in a loop, `at = at.replace(day=1)` adds nothing.
      return method === 'replace' && given.keyword('tzinfo') === undefined ? NONE_KIND : null
    default:
      return null
  }
}

/** `tz.localize(value)`, of pytz. */
function ofZone<Expression>(reading: Reading<Expression>, receiver: Kind, { positional }: Arguments<Expression>): Kind | null {
  if (positional.length === 0) return null
  if (receiver.kind === 'zone') return aware(receiver.zone)
  const [value] = positional
  return receiver.kind === 'unknown' && value !== undefined && isDatetime(reading.kindOf(value)) ? aware(UNKNOWN_ZONE) : null
}

function ofDatetime<Expression>(reading: Reading<Expression>, receiver: Kind, method: string, given: Arguments<Expression>): Kind {
  switch (method) {
    case 'replace':
      return replaced(reading, receiver, given)
    case 'astimezone':
      return converted(reading, given)
    case 'date':
      return dayOf(receiver)
    case 'time':
      return { kind: 'time' }
    case 'timetz':
      return { kind: receiver.kind === 'aware' ? 'aware-time' : receiver.kind === 'naive' ? 'time' : 'unknown' }
    case 'timestamp':
      return { kind: 'epoch' }
    case 'utcoffset':
    case 'dst':
      return DELTA_KIND
    case 'isoformat':
    case 'strftime':
      return formatted(reading, receiver, method, given)
    default:
      return UNKNOWN_KIND
  }
}

function dayOf(receiver: Kind): Kind {
  if (receiver.kind === 'naive') return receiver.isLocalNow ? LOCAL_TODAY : receiver.holds === 'utc' ? UTC_DAY : DATE_KIND
  return receiver.kind === 'aware' && receiver.zone.base === 'utc' ? UTC_DAY : DATE_KIND
}

const UTC_DAY: DateKind = { kind: 'date', day: 'utc' }

function replaced<Expression>(reading: Reading<Expression>, receiver: Kind, given: Arguments<Expression>): Kind {
  const zone = argumentAt(given, 'tzinfo', 7)
  if (zone === undefined) return given.isOpen ? DATETIME_KIND : receiver
  const found = zoneOf(reading, zone)
  if (found === null) return DATETIME_KIND
  if (found !== 'none') return aware(found)
  if (receiver.kind === 'naive') return receiver
  return receiver.kind === 'aware' && receiver.zone.base === 'utc' ? NAIVE_UTC : NAIVE_UNKNOWN
}

function converted<Expression>(reading: Reading<Expression>, given: Arguments<Expression>): Kind {
  const zone = zoneOf(reading, argumentAt(given, 'tz', 0))
  return aware(zone === 'none' || zone === null ? UNKNOWN_ZONE : zone)
}

function formatted<Expression>(reading: Reading<Expression>, of: Kind, method: 'isoformat' | 'strftime', given: Arguments<Expression>): Kind {
  const [argument] = given.positional
  if (method === 'isoformat') {
    const parts = [...given.positional.map((part) => reading.written(part)), ...ISO_KEYWORDS.map((name) => keywordText(reading, given, name))]
    return textOf(of, 'isoformat', parts.filter((part) => part !== '').join())
  }
  const constant = argument === undefined ? undefined : reading.constantOf(argument)
  const format = typeof constant === 'string' ? constant : null
  return textOf(of, 'strftime', format ?? (argument === undefined ? '' : reading.written(argument)), format)
}

const ISO_KEYWORDS = ['sep', 'timespec'] as const

function keywordText<Expression>(reading: Reading<Expression>, given: Arguments<Expression>, name: string): string {
  const value = given.keyword(name)
  return value === undefined ? '' : `${name}=${reading.written(value)}`
}

/** What only datetimes have, or what every object with such a method gives. */
function ofUnknown<Expression>(reading: Reading<Expression>, method: string, given: Arguments<Expression>): Kind | null {
  if (method === 'replace') return given.keyword('tzinfo') === undefined ? null : replaced(reading, DATETIME_KIND, given)
  if (method === 'astimezone') return converted(reading, given)
  return method === 'date' && given.positional.length === 0 && !given.isOpen ? DATE_KIND : null
}

function ofDate<Expression>(reading: Reading<Expression>, receiver: Kind, method: string, given: Arguments<Expression>): Kind {
  if (method === 'replace') return receiver
  return method === 'isoformat' || method === 'strftime' ? formatted(reading, receiver, method, given) : UNKNOWN_KIND
}

function ofTime<Expression>(reading: Reading<Expression>, receiver: Kind, method: string, given: Arguments<Expression>): Kind {
  if (method !== 'replace') return UNKNOWN_KIND
  const zone = given.keyword('tzinfo')
  if (zone === undefined) return receiver
  return { kind: zoneOf(reading, zone) === 'none' ? 'time' : 'aware-time' }
}

function ofText<Expression>(reading: Reading<Expression>, text: TextKind, method: string, given: Arguments<Expression>): Kind {
  const written = given.positional.map((part) => reading.written(part)).join()
  const change = `.${method}(${written})`
  if (CHANGES.has(method)) return changedText(text, change)
  if (method !== 'split' && method !== 'partition') return UNKNOWN_KIND
  const [separator] = given.positional
  const constant = separator === undefined ? ' ' : reading.constantOf(separator)
  const isDay = (constant === 'T' || constant === ' ') && text.format === null
  const beginning = changedText(text, `${change}[0]`, text.isSortableDate || (isDay && text.method !== 'strftime'))
  return { kind: 'tuple', items: [beginning, UNKNOWN_KIND] }
}

/** Methods of `str` after which a text still begins with the date. */
const CHANGES: ReadonlySet<string> = new Set(['replace', 'strip', 'rstrip', 'lstrip', 'removesuffix', 'encode', 'upper', 'lower'])

/** The methods whose result these functions know. */
export const METHOD_NAMES: ReadonlySet<string> = new Set([
  ...CHANGES,
  ...`localize normalize astimezone date time timetz timestamp utcoffset dst isoformat strftime split partition format`.split(' '),
])
