import { isDatetime } from './kind.ts'
import type { Kind, TextKind } from './kind.ts'

/** Directives of `strftime` that tell the time of day, directly or in a whole representation. */
const TIME_DIRECTIVES = /%[-_0^#]?[HIMSfpTRrXcsZz]/
const DIRECTIVE = /%[-_0^#]?([A-Za-z%])/g

/** The text that a method gives. */
export function textOf(of: Kind, method: TextKind['method'], given: string, format: string | null = null): TextKind {
  return { kind: 'text', method, of, format, made: given, isSortableDate: method === 'strftime' ? isSortableDate(format) : of.kind === 'date' }
}

/** The text after it was changed in a way that keeps the order of its beginning. @param change as written */
export function changedText(text: TextKind, change: string, isSortable: boolean = text.isSortableDate): TextKind {
  return { ...text, made: `${text.made}${change}`, isSortableDate: isSortable }
}

/** Whether the texts of a format have no time of day, and sort as the days do: the parts come from the largest to the smallest, as numbers of fixed width. */
export function isSortableDate(format: string | null): boolean {
  return format !== null && !TIME_DIRECTIVES.test(format) && isSortable(format)
}

/** Whether the texts of a format sort as the times do. */
export function isSortable(format: string): boolean {
  const ranks: number[] = []
  for (const [whole, letter] of format.matchAll(DIRECTIVE)) {
    if (letter === '%') continue
    const rank = RANKS[letter!]
    // `%-d` is not padded, so that 10 comes before 9.
    if (rank === undefined || whole.length > 2) return false
    ranks.push(...rank)
  }
  const first = ranks[0]
  return first === 0 && ranks.every((rank, i) => i === 0 || rank > ranks[i - 1]!)
}

/** Whether a text says an instant: a day with a time. */
export function isTimestamp({ of, method, format }: TextKind): boolean {
  if (!isDatetime(of)) return false
  return method !== 'strftime' || (format !== null && hasTimeOfDay(format) && /%[-_0^#]?[YymdbBjxcDF]/.test(format))
}

/** Whether a format has a part for the time of day. */
export function hasTimeOfDay(format: string): boolean {
  return TIME_DIRECTIVES.test(format)
}

/** From the year to the microsecond; what is not listed does not sort. */
const RANKS: Readonly<Record<string, readonly number[]>> = {
  Y: [0],
  G: [0],
  F: [0, 1, 2],
  m: [1],
  W: [1],
  U: [1],
  V: [1],
  j: [2],
  d: [2],
  u: [2],
  w: [2],
  H: [3],
  T: [3, 4, 5],
  R: [3, 4],
  M: [4],
  S: [5],
  f: [6],
}
