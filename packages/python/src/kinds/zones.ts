import { UNKNOWN_ZONE, UTC_ZONE } from './kind.ts'
import type { Zone } from './kind.ts'

/** Zones that a library has under a name. */
export const NAMED_ZONES: Readonly<Record<string, Zone>> = {
  'datetime.timezone.utc': UTC_ZONE,
  'datetime.UTC': UTC_ZONE,
  'pytz.utc': { ...UTC_ZONE, isPytz: true },
  'pytz.UTC': { ...UTC_ZONE, isPytz: true },
  'dateutil.tz.UTC': UTC_ZONE,
  'django.utils.timezone.utc': UTC_ZONE,
}

/** Functions and classes that make a zone from its name. */
const BY_NAME: ReadonlySet<string> = new Set(['zoneinfo.ZoneInfo', 'pytz.timezone', 'dateutil.tz.gettz'])
const UTC_MAKERS: ReadonlySet<string> = new Set(['dateutil.tz.tzutc'])
const FIXED_MAKERS: ReadonlySet<string> = new Set(['datetime.timezone', 'pytz.FixedOffset', 'dateutil.tz.tzoffset'])
const UNKNOWN_MAKERS: ReadonlySet<string> = new Set([
  'dateutil.tz.tzlocal',
  'tzlocal.get_localzone',
  'django.utils.timezone.get_current_timezone',
  'django.utils.timezone.get_default_timezone',
])

/** All of them. */
export const ZONE_MAKERS: readonly string[] = [...BY_NAME, ...UTC_MAKERS, ...FIXED_MAKERS, ...UNKNOWN_MAKERS]

/** https://docs.python.org/3/library/zoneinfo.html: names that mean UTC, and those without rules for summer time. */
const UTC_NAMES: ReadonlySet<string> = new Set(['UTC', 'GMT', 'Etc/UTC', 'Etc/GMT', 'UCT', 'Etc/UCT', 'Zulu', 'Etc/Zulu', 'Universal', 'Etc/Universal'])

/** The zone that a call makes; `null` if it makes none. @param name the first argument, `null` if it is computed */
export function madeZone(callee: string, name: string | null): Zone | null {
  if (UTC_MAKERS.has(callee)) return UTC_ZONE
  if (FIXED_MAKERS.has(callee)) return { base: 'fixed', name: null, isPytz: callee.startsWith('pytz.') }
  if (UNKNOWN_MAKERS.has(callee)) return UNKNOWN_ZONE
  if (!BY_NAME.has(callee)) return null
  const isPytz = callee === 'pytz.timezone'
  if (name === null) return { base: isPytz ? 'region' : 'unknown', name: null, isPytz }
  return { base: baseOfName(name), name, isPytz }
}

function baseOfName(name: string): Zone['base'] {
  if (UTC_NAMES.has(name)) return 'utc'
  return name.startsWith('Etc/') ? 'fixed' : 'region'
}
