import type { SqlToken } from '@krait/python'
import { isSign, isWord, nameAt } from './sql-statement.ts'

/** A `*` that a statement gives back. */
export interface SqlStar {
  readonly clause: 'select' | 'returning'
  /** `null` if the name is not known. */
  readonly table: string | null
}

type Tokens = readonly SqlToken[]

/** What stands in the FROM list of a SELECT. */
interface FromItem {
  readonly name: string | null
  readonly alias: string | null
  /** The SELECT of a derived table. */
  readonly derived: Tokens | null
}

const SET_OPERATORS: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'minus'])
const AFTER_LIST: ReadonlySet<string> = new Set('from into where group having order limit offset window for union intersect except minus returning on when'.split(' '))
const AFTER_FROM: ReadonlySet<string> = new Set('where group having order limit offset fetch window for union intersect except minus returning set when on using'.split(' '))
const AFTER_NAME: ReadonlySet<string> = new Set([...AFTER_FROM, ...'join inner left right full cross natural lateral tablesample'.split(' ')])
/** Selections that are nested deeper list nothing. */
const MAX_DEPTH = 8

/** The first `*` in the list of the outermost SELECT, in each arm of a UNION, or behind RETURNING; `null` if all columns are named. */
export function starIn(tokens: Tokens): SqlStar | null {
  return starBelow(tokens, new Set(), 0)
}

/** @param listing the common table expressions that name their columns */
function starBelow(given: Tokens, known: ReadonlySet<string>, depth: number): SqlStar | null {
  if (depth > MAX_DEPTH) return { clause: 'select', table: null }
  const { listing, rest } = withoutExpressions(given, known, depth)
  for (const arm of arms(rest)) {
    const inner = insideParentheses(arm)
    const star = inner ? starBelow(inner, listing, depth + 1) : starOfArm(arm, listing, depth)
    if (star) return star
  }
  return null
}

/** Reads `WITH name (columns) AS (...), ...`. */
function withoutExpressions(tokens: Tokens, known: ReadonlySet<string>, depth: number): { readonly listing: ReadonlySet<string>; readonly rest: Tokens } {
  if (!isWord(tokens[0], 'with')) return { listing: known, rest: tokens }
  const listing = new Set(known)
  let at = isWord(tokens[1], 'recursive') ? 2 : 1
  for (;;) {
    const name = tokens[at]
    if (!name) return { listing, rest: [] }
    let body = at + 1
    const hasColumns = isSign(tokens[body], '(')
    if (hasColumns) body = endOfParentheses(tokens, body)
    while (tokens[body] && !isSign(tokens[body], '(')) body++
    const end = endOfParentheses(tokens, body)
    // A recursive one speaks of itself.
    const isListing = hasColumns || !starBelow(tokens.slice(body + 1, end - 1), new Set([...listing, name.text]), depth + 1)
    if (isListing) listing.add(name.text)
    else listing.delete(name.text)
    if (!isSign(tokens[end], ',')) return { listing, rest: tokens.slice(end) }
    at = end + 1
  }
}

/** The parts between set operators. */
function arms(tokens: Tokens): readonly Tokens[] {
  const found: Tokens[] = []
  let start = 0
  for (const i of outside(tokens)) {
    if (tokens[i]!.kind !== 'word' || !SET_OPERATORS.has(tokens[i]!.text)) continue
    found.push(tokens.slice(start, i))
    start = isWord(tokens[i + 1], 'all') || isWord(tokens[i + 1], 'distinct') ? i + 2 : i + 1
  }
  return [...found, tokens.slice(start)]
}

/** What `(SELECT ...)` holds. */
function insideParentheses(tokens: Tokens): Tokens | null {
  if (!isSign(tokens[0], '(')) return null
  return tokens.slice(1, endOfParentheses(tokens, 0) - 1)
}

function starOfArm(tokens: Tokens, listing: ReadonlySet<string>, depth: number): SqlStar | null {
  for (const i of outside(tokens)) {
    const token = tokens[i]!
    if (isWord(token, 'select')) {
      const star = starOfSelect(tokens, i + 1, listing, depth)
      if (star) return star
    } else if (isWord(token, 'returning') && itemsAt(tokens, i + 1).items.some(isStar)) return { clause: 'returning', table: changedTable(tokens) }
  }
  return null
}

function starOfSelect(tokens: Tokens, start: number, listing: ReadonlySet<string>, depth: number): SqlStar | null {
  const { items, end } = itemsAt(tokens, start)
  const stars = items.filter(isStar)
  if (stars.length === 0) return null
  let at = end
  // `SELECT * INTO copy FROM orders`.
  while (tokens[at] && !isWord(tokens[at], 'from') && !isWord(tokens[at], 'where')) at++
  const sources = isWord(tokens[at], 'from') ? fromItems(tokens, at + 1) : []
  for (const star of stars) {
    const owner = isSign(star.at(-2), '.') ? (star.at(-3)?.text ?? null) : null
    const meant = owner === null ? sources : sources.filter(({ name, alias }) => (alias ?? name?.split('.').at(-1)) === owner)
    const [open] = meant.length === 0 ? [{ name: owner, alias: null, derived: null }] : meant.filter((source) => !namesColumns(source, listing, depth))
    if (open) return { clause: 'select', table: open.name ?? open.alias }
  }
  return null
}

function namesColumns({ name, derived }: FromItem, listing: ReadonlySet<string>, depth: number): boolean {
  if (derived) return starBelow(derived, listing, depth + 1) === null
  return name !== null && listing.has(name)
}

/** The items of a list up to the next clause, and where that begins. */
function itemsAt(tokens: Tokens, start: number): { readonly items: readonly Tokens[]; readonly end: number } {
  const items: SqlToken[][] = [[]]
  let end = tokens.length
  let depth = 0
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]!
    if (isSign(token, '(')) depth++
    else if (isSign(token, ')')) depth--
    if (depth === 0 && token.kind === 'word' && AFTER_LIST.has(token.text) && !isModifier(tokens, i)) {
      end = i
      break
    }
    if (depth === 0 && isSign(token, ',')) items.push([])
    else items.at(-1)!.push(token)
  }
  return { items, end }
}

/** `DISTINCT ON (...)`. */
function isModifier(tokens: Tokens, i: number): boolean {
  return isWord(tokens[i], 'on') && isWord(tokens[i - 1], 'distinct')
}

/** `*` or `t.*`, also behind `DISTINCT` and the like; `a * b` is none. */
function isStar(item: Tokens): boolean {
  if (!isSign(item.at(-1), '*')) return false
  const before = item.at(-2)
  return !before || isSign(before, '.') || isSign(before, ')') || isWord(before, 'distinct') || isWord(before, 'all') || isWord(item[0], 'top')
}

/** The elements of a FROM list with its joins. */
function fromItems(tokens: Tokens, start: number): readonly FromItem[] {
  const found: FromItem[] = []
  let isNext = true
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]!
    if (isNext) {
      const { item, end } = fromItem(tokens, i)
      found.push(item)
      isNext = false
      i = end - 1
    } else if (isSign(token, '(')) i = endOfParentheses(tokens, i) - 1
    else if (isSign(token, ',') || isWord(token, 'join')) isNext = true
    else if (token.kind === 'word' && AFTER_FROM.has(token.text) && token.text !== 'on' && token.text !== 'using') break
  }
  return found
}

function fromItem(tokens: Tokens, start: number): { readonly item: FromItem; readonly end: number } {
  let i = start
  while (isWord(tokens[i], 'only') || isWord(tokens[i], 'lateral')) i++
  const isDerived = isSign(tokens[i], '(')
  const name = isDerived ? null : nameAt(tokens, i)
  const derived = isDerived ? tokens.slice(i + 1, endOfParentheses(tokens, i) - 1) : null
  if (isDerived) i = endOfParentheses(tokens, i)
  else {
    i++
    while (isSign(tokens[i], '.')) i += 2
    // A function: `generate_series(1, 3)`.
    if (isSign(tokens[i], '(')) i = endOfParentheses(tokens, i)
  }
  if (isWord(tokens[i], 'as')) i++
  const next = tokens[i]
  const hasAlias = next?.kind === 'name' || (next?.kind === 'word' && !AFTER_NAME.has(next.text))
  return { item: { name, alias: hasAlias ? next.text : null, derived }, end: hasAlias ? i + 1 : i }
}

/** The table that INSERT, UPDATE or DELETE changes. */
function changedTable(tokens: Tokens): string | null {
  for (const i of outside(tokens)) {
    if (isWord(tokens[i], 'into') || isWord(tokens[i], 'from') || isWord(tokens[i], 'update')) return nameAt(tokens, i + 1)
  }
  return null
}

/** The positions outside of parentheses. */
function outside(tokens: Tokens): readonly number[] {
  const found: number[] = []
  let depth = 0
  for (const [i, token] of tokens.entries()) {
    if (isSign(token, ')')) depth--
    if (depth === 0) found.push(i)
    if (isSign(token, '(')) depth++
  }
  return found
}

/** The position behind the parenthesis that closes the one at a position. */
function endOfParentheses(tokens: Tokens, start: number): number {
  let depth = 0
  for (let i = start; i < tokens.length; i++) {
    if (isSign(tokens[i], '(')) depth++
    else if (isSign(tokens[i], ')') && --depth === 0) return i + 1
  }
  return tokens.length
}
