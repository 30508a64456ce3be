import { isTrueValue } from '../../values/value.ts'
import type { Value } from '../../values/value.ts'
import { stringOf } from './read-column.ts'

const ALL: readonly string[] = ['delete', 'expunge', 'merge', 'refresh-expire', 'save-update']
/** What a relationship that is only read can do. */
const READING: ReadonlySet<string> = new Set(['expunge', 'merge', 'refresh-expire'])

/** What `cascade=` makes of a relationship, sorted; `null` if it is computed. */
export function cascadeOf(keywords: Readonly<Record<string, Value>>, { open = false, viewonly = false } = {}): readonly string[] | null {
  const given = keywords['cascade']
  const text = given ? stringOf(given) : isTrueValue(keywords['cascade_delete']) ? 'all, delete-orphan' : 'save-update, merge'
  if (text === null || (!given && open)) return null
  const words = text.split(',').map((word) => word.trim())
  const cascades = new Set(words.includes('all') ? [...ALL, ...words] : words)
  if (cascades.has('none')) return []
  return [...cascades].filter((cascade) => cascade !== 'all' && cascade !== '' && (!viewonly || READING.has(cascade))).sort()
}
