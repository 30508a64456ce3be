import type { Period } from './period-words.ts'
import type { Term } from './timedelta-length.ts'

/** Days that pass for a month, a quarter or a year where a count is multiplied by them; 364 are 52 weeks. */
const FACTOR_DAYS: ReadonlySet<number> = new Set([28, 29, 30, 31, 90, 91, 364, 365, 366])
/** Days of which a multiple passes for months, quarters or years. */
const MULTIPLE_DAYS: readonly number[] = [28, 29, 30, 31, 91, 365, 366]
/** How many days pass for which period, the likely ones first. */
const PERIOD_DAYS: readonly (readonly [period: Period, days: number])[] = [
  ['year', 365],
  ['year', 366],
  ['year', 364],
  ['month', 30],
  ['month', 31],
  ['quarter', 90],
  ['quarter', 91],
  ['month', 28],
  ['month', 29],
]

/** A number of days that could stand for a number of periods. */
export interface PeriodLength {
  /** All of it, or, where something is multiplied by it, the days of one. */
  readonly days: number
  /** What the days are multiplied by; none if they are the whole length. */
  readonly term: Term | null
}

/** The length that could stand for periods: the sum of all terms if they are constant, or else the first product with a fitting factor. */
export function periodLength(terms: readonly Term[]): PeriodLength | null {
  if (terms.every(({ factors }) => factors.length === 0)) {
    const days = terms.reduce((sum, term) => sum + term.days, 0)
    return days !== 0 && MULTIPLE_DAYS.some((base) => days % base === 0) ? { days, term: null } : null
  }
  for (const term of terms) {
    const days = term.factors.length === 0 ? undefined : [term.days, ...term.constants].find((value) => FACTOR_DAYS.has(Math.abs(value)))
    if (days !== undefined) return { days, term }
  }
  return null
}

/** Whether a number is that of the days of a month, a quarter or a year. */
export function isPeriodDays(value: unknown): boolean {
  return typeof value === 'number' && FACTOR_DAYS.has(value)
}

/** How many periods of which kind the days stand for. */
export interface PeriodCount {
  readonly period: Period
  readonly count: number
}

/** Reads days as a whole number of periods, of the kind that a name speaks of where that is possible. */
export function periodCount(days: number, named: Period): PeriodCount {
  const ordered = [...PERIOD_DAYS.filter(([period]) => period === named), ...PERIOD_DAYS]
  const [period, base] = ordered.find(([, candidate]) => days % candidate === 0) ?? [named, days]
  return { period, count: days / base }
}
