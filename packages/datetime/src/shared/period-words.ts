import { splitWords } from '@krait/python'

/** A stretch of the calendar whose length in days is not fixed. */
export type Period = 'month' | 'quarter' | 'year'

type PeriodWords = Readonly<Record<string, Period>>

/** Words of a name that counts periods: `term_years`. */
export const COUNT_WORDS: PeriodWords = {
  month: 'month',
  months: 'month',
  quarter: 'quarter',
  quarters: 'quarter',
  year: 'year',
  years: 'year',
}

/** Words of a name or a value that means a period: `yearly`, `next_birthday`. */
export const PERIOD_WORDS: PeriodWords = {
  ...COUNT_WORDS,
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
  annually: 'year',
  anniversary: 'year',
  birthday: 'year',
}

/** The period that a name speaks of; `null` too for a name that says that it counts days (`month_window_days`). */
export function periodIn(name: string, periodWords: PeriodWords): Period | null {
  const words = splitWords(name)
  if (words.at(-1) === 'days') return null
  const word = words.find((candidate) => Object.hasOwn(periodWords, candidate))
  return word === undefined ? null : periodWords[word]!
}
