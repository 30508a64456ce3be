import type { Period } from './period-words.ts'

const MONTH_NAMES = ['Jan', 'Feb', 'March', 'April', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']
const MONTHS_IN: Readonly<Record<Period, number>> = { month: 1, quarter: 3, year: 12 }
/** Month (from 0), day and year of days on which a count of days goes wrong; one of them does for every count that is not right by chance. */
const STARTS = [
  [0, 31, 2025],
  [0, 1, 2024],
  [2, 1, 2025],
  [6, 1, 2025],
] as const

/** A day from which a number of days does not lead where a number of periods does. */
export interface CalendarExample {
  readonly start: string
  readonly landing: string
}

/** A start on which the days are wrong: from 31 Jan, 30 days lead to 2 March. */
export function calendarExample(days: number, count: number, period: Period): CalendarExample {
  const months = MONTHS_IN[period] * count
  const starts = period === 'year' ? [...STARTS.slice(1), STARTS[0]] : STARTS
  const [month, day, year] = starts.find((start) => landing(start, days) !== calendarDay(start, months)) ?? starts[0]
  const showYear = period === 'year' || Math.abs(months) >= 12
  return { start: shown(Date.UTC(year, month, day), showYear), landing: shown(landing([month, day, year], days), showYear) }
}

type Start = readonly [month: number, day: number, year: number]

function landing([month, day, year]: Start, days: number): number {
  return Date.UTC(year, month, day + days)
}

/** The same day some months later, or the last day of a month that is shorter. */
function calendarDay([month, day, year]: Start, months: number): number {
  const lastDay = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate()
  return Date.UTC(year, month + months, Math.min(day, lastDay))
}

function shown(time: number, showYear: boolean): string {
  const date = new Date(time)
  const day = `${date.getUTCDate()} ${MONTH_NAMES[date.getUTCMonth()]}`
  return showYear ? `${day} ${date.getUTCFullYear()}` : day
}
