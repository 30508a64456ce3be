import type { Type } from '../types/type.ts'

/**
 * What an expression is as a point or span of time. A kind is JSON, so that it can be the answer of an index.
 *
 * Rules report on decided kinds only: `datetime` (of which it is not known whether it has a zone), `choice` and `unknown` keep them silent.
 */
export type Kind =
  | AwareKind
  | NaiveKind
  | DateKind
  | PlainKind
  | DeltaKind
  | TextKind
  | ZoneKind
  | TupleKind
  | ChoiceKind

/** A `datetime` with a time zone. */
export interface AwareKind {
  readonly kind: 'aware'
  readonly zone: Zone
}

/** A `datetime` without one; `holds` says which clock it was read from. */
export interface NaiveKind {
  readonly kind: 'naive'
  readonly holds: 'utc' | 'local' | 'unknown'
  /** It is the current time, as the local clock of the server has it. */
  readonly isLocalNow?: true
}

/** A `date`. */
export interface DateKind {
  readonly kind: 'date'
  /** `local-today`: the current day where the server is; `utc`: the day of an instant in UTC. */
  readonly day: 'local-today' | 'utc' | 'unknown'
}

/**
 * `datetime`: it is not known whether it has a zone. `epoch`: seconds since 1970, as `time.time()` gives. `calendar-delta`: dateutil's `relativedelta`.
 * `none`: `None`, or no value at all.
 */
export interface PlainKind {
  readonly kind: 'datetime' | 'time' | 'aware-time' | 'epoch' | 'calendar-delta' | 'none' | 'unknown'
}

/** A `timedelta`. */
export interface DeltaKind {
  readonly kind: 'delta'
  /** What it was made of: hours and smaller units (also along with days), or whole days only. `null` if that is not known. */
  readonly unit: 'clock' | 'days' | null
  /** In seconds, if it is known. */
  readonly seconds: number | null
}

/** Text made from a date or datetime. */
export interface TextKind {
  readonly kind: 'text'
  readonly method: 'isoformat' | 'str' | 'strftime' | 'mixed'
  /** What it was made from. */
  readonly of: Kind
  /** Of `strftime`, if it is known. */
  readonly format: string | null
  /** The arguments and all that was done to the text since, as written, so that equal texts were made in the same way. */
  readonly made: string
  /** It has no time of day, and its order is that of the days: `2026-01-31`. */
  readonly isSortableDate: boolean
}

/** A `tzinfo`. */
export interface ZoneKind {
  readonly kind: 'zone'
  readonly zone: Zone
}

export interface TupleKind {
  readonly kind: 'tuple'
  readonly items: readonly Kind[]
}

/** By its annotation one of several classes, of which at least one is a kind of time. */
export interface ChoiceKind {
  readonly kind: 'choice'
  readonly types: readonly Type[]
}

export interface Zone {
  readonly base: 'utc' | 'fixed' | 'region' | 'unknown'
  /** `Europe/Paris`; `null` if it is computed. */
  readonly name: string | null
  /** A zone of pytz, which does not work as a plain `tzinfo`. */
  readonly isPytz: boolean
}

export const UTC_ZONE: Zone = { base: 'utc', name: 'UTC', isPytz: false }
export const UNKNOWN_ZONE: Zone = { base: 'unknown', name: null, isPytz: false }

export const UNKNOWN_KIND: PlainKind = { kind: 'unknown' }
export const NONE_KIND: PlainKind = { kind: 'none' }
export const DATETIME_KIND: PlainKind = { kind: 'datetime' }
export const DATE_KIND: DateKind = { kind: 'date', day: 'unknown' }
export const LOCAL_TODAY: DateKind = { kind: 'date', day: 'local-today' }
export const DELTA_KIND: DeltaKind = { kind: 'delta', unit: null, seconds: null }
export const NAIVE_UTC: NaiveKind = { kind: 'naive', holds: 'utc' }
export const NAIVE_LOCAL: NaiveKind = { kind: 'naive', holds: 'local' }
export const LOCAL_NOW: NaiveKind = { kind: 'naive', holds: 'local', isLocalNow: true }
export const NAIVE_UNKNOWN: NaiveKind = { kind: 'naive', holds: 'unknown' }

export function aware(zone: Zone): AwareKind {
  return { kind: 'aware', zone }
}

/** Whether a value of the kind is a `datetime`, with a zone or without. */
export function isDatetime(kind: Kind): boolean {
  return kind.kind === 'aware' || kind.kind === 'naive' || kind.kind === 'datetime'
}

/** Whether it is known of a `datetime` whether it has a zone. */
export function isDecided(kind: Kind): kind is AwareKind | NaiveKind {
  return kind.kind === 'aware' || kind.kind === 'naive'
}

/** What a value is that is one of several. `None` does not count, and one unknown part makes the whole unknown. */
export function joinKinds(kinds: Iterable<Kind>): Kind {
  let joined: Kind = NONE_KIND
  for (const kind of kinds) {
    joined = join(joined, kind)
    if (joined.kind === 'unknown') break
  }
  return joined
}

/** A kind as people write it: `aware (utc)`. */
export function showKind(kind: Kind): string {
  switch (kind.kind) {
    case 'aware':
    case 'zone':
      return `${kind.kind} (${showZone(kind.zone)})`
    case 'naive':
      return kind.holds === 'unknown' ? 'naive' : `naive (${kind.holds})`
    case 'delta':
      return kind.seconds === null ? 'delta' : `delta (${kind.seconds} s)`
    case 'text':
      return `text (${kind.method} of ${showKind(kind.of)}${kind.isSortableDate ? ', sortable date' : ''})`
    case 'tuple':
      return `tuple (${kind.items.map(showKind).join(', ')})`
    default:
      return kind.kind
  }
}

function showZone({ base, name }: Zone): string {
  return base === 'region' || base === 'fixed' ? (name ?? base) : base
}

function join(a: Kind, b: Kind): Kind {
  if (a.kind === 'none') return b
  if (b.kind === 'none') return a
  if (isDatetime(a) && isDatetime(b)) return joinDatetimes(a, b)
  if (a.kind === 'delta' && b.kind === 'delta') {
    return { kind: 'delta', unit: a.unit === b.unit ? a.unit : null, seconds: a.seconds === b.seconds ? a.seconds : null }
  }
  if (a.kind === 'date' && b.kind === 'date') return a.day === b.day ? a : DATE_KIND
  if (a.kind === 'text' && b.kind === 'text') return joinTexts(a, b)
  if (a.kind === 'zone' && b.kind === 'zone') return { kind: 'zone', zone: joinZones(a.zone, b.zone) }
  if (a.kind === 'tuple' && b.kind === 'tuple' && a.items.length === b.items.length) {
    return { kind: 'tuple', items: a.items.map((item, i) => join(item, b.items[i]!)) }
  }
  return a.kind === b.kind && a.kind !== 'choice' && a.kind !== 'tuple' ? a : UNKNOWN_KIND
}

function joinDatetimes(a: Kind, b: Kind): Kind {
  if (a.kind === 'aware' && b.kind === 'aware') return aware(joinZones(a.zone, b.zone))
  if (a.kind === 'naive' && b.kind === 'naive') return a.holds === b.holds ? joinNaive(a, b) : NAIVE_UNKNOWN
  return DATETIME_KIND
}

function joinNaive(a: NaiveKind, b: NaiveKind): NaiveKind {
  return a.isLocalNow === b.isLocalNow ? a : { kind: 'naive', holds: a.holds }
}

function joinZones(a: Zone, b: Zone): Zone {
  if (a.base !== b.base) return { ...UNKNOWN_ZONE, isPytz: a.isPytz && b.isPytz }
  return { base: a.base, name: a.name === b.name ? a.name : null, isPytz: a.isPytz && b.isPytz }
}

function joinTexts(a: TextKind, b: TextKind): TextKind {
  if (a.method === b.method && a.format === b.format && a.made === b.made) return { ...a, of: join(a.of, b.of) }
  return { kind: 'text', method: 'mixed', of: join(a.of, b.of), format: null, made: '', isSortableDate: a.isSortableDate && b.isSortableDate }
}
