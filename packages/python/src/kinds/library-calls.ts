import { lastPart } from '../shared/dotted-name.ts'
import { DATETIME_KIND, DATE_KIND, DELTA_KIND, LOCAL_NOW, LOCAL_TODAY, NAIVE_LOCAL, NAIVE_UNKNOWN, NAIVE_UTC, UNKNOWN_KIND, UNKNOWN_ZONE, UTC_ZONE, aware, isDatetime, joinKinds } from './kind.ts'
import type { Kind, NaiveKind } from './kind.ts'
import { argumentAt, zoneOf } from './reading.ts'
import type { Arguments, Reading } from './reading.ts'
import { textOf } from './texts.ts'
import { ZONE_MAKERS, madeZone } from './zones.ts'

type Maker = <Expression>(reading: Reading<Expression>, given: Arguments<Expression>) => Kind

/** The kind that a call of a library function gives; `null` for a function that the tables do not have. */
export function libraryCall<Expression>(reading: Reading<Expression>, callee: string, given: Arguments<Expression>): Kind | null {
  const maker = Object.hasOwn(MAKERS, callee) ? MAKERS[callee] : undefined
  if (maker) return maker(reading, given)
  if (reading.project.isNormalizer(callee)) return aware(UNKNOWN_ZONE)
  const name = given.positional[0] ?? given.keyword('key') ?? given.keyword('zone')
  const zoneName = name === undefined ? undefined : reading.constantOf(name)
  const zone = madeZone(callee, typeof zoneName === 'string' ? zoneName : null)
  return zone && { kind: 'zone', zone }
}

/** The kind of a value that a library has under a name; `null` if the tables do not have it. */
export function libraryValue(name: string): Kind | null {
  return Object.hasOwn(VALUES, name) ? VALUES[name]! : null
}

const VALUES: Readonly<Record<string, Kind>> = {
  'datetime.datetime.min': NAIVE_UNKNOWN,
  'datetime.datetime.max': NAIVE_UNKNOWN,
  'datetime.date.min': DATE_KIND,
  'datetime.date.max': DATE_KIND,
  'datetime.time.min': { kind: 'time' },
  'datetime.time.max': { kind: 'time' },
  'datetime.timedelta.min': DELTA_KIND,
  'datetime.timedelta.max': DELTA_KIND,
}

/** A reading that is aware if it gets a zone. */
function clock(position: number, otherwise: NaiveKind, ...names: readonly string[]): Maker {
  return (reading, given) => {
    const argument = names.map((name) => given.keyword(name)).find((found) => found !== undefined) ?? given.positional[position]
    if (argument === undefined && given.isOpen) return DATETIME_KIND
    const zone = zoneOf(reading, argument)
    return zone === 'none' ? otherwise : zone === null ? DATETIME_KIND : aware(zone)
  }
}

function always(kind: Kind): Maker {
  return () => kind
}

const combine: Maker = (reading, given) => {
  const zone = zoneOf(reading, argumentAt(given, 'tzinfo', 2))
  if (zone === null || given.isOpen) return DATETIME_KIND
  if (zone !== 'none') return aware(zone)
  const time = argumentAt(given, 'time', 1)
  const kind = time === undefined ? UNKNOWN_KIND : reading.kindOf(time)
  return kind.kind === 'aware-time' ? aware(UNKNOWN_ZONE) : kind.kind === 'time' ? NAIVE_UNKNOWN : DATETIME_KIND
}

/** https://docs.python.org/3/library/datetime.html#format-codes: `%Z` gives no zone. */
const strptime: Maker = (reading, given) => {
  const argument = argumentAt(given, 'format', 1)
  const format = argument === undefined ? undefined : reading.constantOf(argument)
  if (typeof format !== 'string') return DATETIME_KIND
  if (/(^|[^%])(%%)*%z/.test(format)) return aware({ base: 'fixed', name: null, isPytz: false })
  return /(^|[^%])(%%)*Z$/.test(format) ? NAIVE_UTC : NAIVE_UNKNOWN
}

const parse: Maker = (reading, given) => {
  const [text] = given.positional
  const constant = text === undefined ? undefined : reading.constantOf(text)
  if (typeof constant !== 'string') return DATETIME_KIND
  if (/(Z|[+-]00:?00)$/.test(constant)) return aware(UTC_ZONE)
  if (/\d[+-]\d\d(:?\d\d)?$/.test(constant) && /[T ]\d\d/.test(constant)) return aware({ base: 'fixed', name: null, isPytz: false })
  return /^\d{4}-?\d\d-?\d\d([T ][\d:.,]+)?$/.test(constant) ? NAIVE_UNKNOWN : DATETIME_KIND
}

const time: Maker = (reading, given) => ({ kind: zoneOf(reading, argumentAt(given, 'tzinfo', 4)) === 'none' ? 'time' : 'aware-time' })

const makeAware: Maker = (reading, given) => {
  const zone = zoneOf(reading, argumentAt(given, 'timezone', 1))
  return aware(zone === 'none' || zone === null ? UNKNOWN_ZONE : zone)
}

const text: Maker = (reading, given) => {
  const [value] = given.positional
  const kind = value === undefined ? UNKNOWN_KIND : reading.kindOf(value)
  if (kind.kind === 'text') return kind
  return isDatetime(kind) || kind.kind === 'date' ? textOf(kind, 'str', '') : UNKNOWN_KIND
}

/** `format(now, "%Y")`, which is also what `{now:%Y}` of an f-string is. */
const formatted: Maker = (reading, given) => {
  const specification = argumentAt(given, 'format_spec', 1)
  const format = specification === undefined ? '' : reading.constantOf(specification)
  if (format === '') return text(reading, given)
  const kind = given.positional[0] === undefined ? UNKNOWN_KIND : reading.kindOf(given.positional[0])
  if ((!isDatetime(kind) && kind.kind !== 'date') || typeof format !== 'string') return UNKNOWN_KIND
  return textOf(kind, 'strftime', format, format)
}

const extreme: Maker = (reading, given) => {
  if (given.isOpen) return UNKNOWN_KIND
  const { positional } = given
  const byDefault = given.keyword('default')
  const parts = positional.length === 1 ? [reading.elementOf(positional[0]!)] : positional.map((item) => reading.kindOf(item))
  const joined = joinKinds(parts)
  if (byDefault === undefined) return joined
  // Whatever the elements are, the result is the default where there are none.
  return joined.kind === 'unknown' ? reading.kindOf(byDefault) : joinKinds([joined, reading.kindOf(byDefault)])
}

/** `sum(deltas, timedelta())`. */
const total: Maker = (reading, given) => {
  const start = argumentAt(given, 'start', 1)
  return start !== undefined && reading.kindOf(start).kind === 'delta' ? DELTA_KIND : UNKNOWN_KIND
}

const same: Maker = (reading, given) => (given.positional[0] === undefined ? UNKNOWN_KIND : reading.kindOf(given.positional[0]))

const first: Maker = (reading, given) => {
  const [items] = given.positional
  return items === undefined ? UNKNOWN_KIND : joinKinds([reading.elementOf(items), ...given.positional.slice(1).map((item) => reading.kindOf(item))])
}

/** Seconds by the parameters of `timedelta`, in order. */
const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ['days', 86_400],
  ['seconds', 1],
  ['microseconds', 1e-6],
  ['milliseconds', 1e-3],
  ['minutes', 60],
  ['hours', 3600],
  ['weeks', 604_800],
]

const timedelta: Maker = (reading, given) => {
  if (given.isOpen) return DELTA_KIND
  let seconds: number | null = 0
  let unit: 'clock' | 'days' = 'days'
  for (const [position, [name, length]] of UNITS.entries()) {
    const argument = argumentAt(given, name, position)
    if (argument === undefined) continue
    const count = reading.constantOf(argument)
    seconds = typeof count === 'number' && seconds !== null ? seconds + count * length : null
    if (length < 86_400) unit = 'clock'
  }
  return { kind: 'delta', unit, seconds }
}

const MAKERS: Readonly<Record<string, Maker>> = {
  'datetime.datetime': clock(7, NAIVE_UNKNOWN, 'tzinfo'),
  'datetime.datetime.now': clock(0, LOCAL_NOW, 'tz'),
  'datetime.datetime.fromtimestamp': clock(1, NAIVE_LOCAL, 'tz'),
  'datetime.datetime.today': always(LOCAL_NOW),
  'datetime.datetime.utcnow': always(NAIVE_UTC),
  'datetime.datetime.utcfromtimestamp': always(NAIVE_UTC),
  'datetime.datetime.combine': combine,
  'datetime.datetime.strptime': strptime,
  'datetime.datetime.fromisoformat': parse,
  'datetime.datetime.fromordinal': always(NAIVE_UNKNOWN),
  'dateutil.parser.parse': parse,
  'dateutil.parser.isoparse': parse,
  'dateutil.utils.default_tzinfo': always(aware(UNKNOWN_ZONE)),
  'email.utils.parsedate_to_datetime': always(DATETIME_KIND),
  'datetime.date': always(DATE_KIND),
  'datetime.date.today': always(LOCAL_TODAY),
  'datetime.date.fromisoformat': always(DATE_KIND),
  'datetime.date.fromtimestamp': always(DATE_KIND),
  'datetime.date.fromordinal': always(DATE_KIND),
  'datetime.date.fromisocalendar': always(DATE_KIND),
  'datetime.time': time,
  'datetime.timedelta': timedelta,
  'dateutil.relativedelta.relativedelta': always({ kind: 'calendar-delta' }),
  'time.time': always({ kind: 'epoch' }),
  'django.utils.timezone.now': ({ project }) => project.djangoNow,
  'django.utils.timezone.make_aware': makeAware,
  'django.utils.timezone.localtime': makeAware,
  'django.utils.timezone.make_naive': always(NAIVE_UNKNOWN),
  'builtins.str': text,
  'builtins.format': formatted,
  'builtins.min': extreme,
  'builtins.max': extreme,
  'builtins.abs': same,
  'builtins.next': first,
  'builtins.sum': total,
  'copy.copy': same,
  'copy.deepcopy': same,
}

/** Functions that give the elements of what they get. */
export const SAME_ELEMENTS: ReadonlySet<string> = new Set(['builtins.sorted', 'builtins.list', 'builtins.tuple', 'builtins.set', 'builtins.reversed'])

/** The last parts of the names of all functions that the tables have. */
export const LIBRARY_CALL_NAMES: ReadonlySet<string> = new Set([...Object.keys(MAKERS), ...ZONE_MAKERS].map(lastPart))
