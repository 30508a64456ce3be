import type { DataEffect, DataUse } from './data-effect.ts'
import type { SqlToken } from './sql-tokens.ts'

/** What one statement of an SQL text does with rows. */
export function dataUseOfSql(tokens: readonly SqlToken[]): DataUse {
  return {
    effects: new StatementReader(tokens).effects(),
    names: tokens.flatMap(({ kind, text }) => (kind === 'word' || kind === 'name' ? [text] : [])),
    isOpen: tokens.some(({ kind }) => kind === 'gap'),
  }
}

interface TableUse {
  readonly table: string
  readonly alias: string
  /** It is only written to. */
  readonly isTarget: boolean
}

interface ColumnName {
  /** What stands before the dot. */
  readonly owner: string | null
  readonly column: string
}

/** What ends a list of tables, and so is no alias. */
const KEYWORDS: ReadonlySet<string> = new Set(
  `as on set where group order having limit join inner left right full outer cross natural using select from union returning values default when and or
  not null for on with window offset fetch only lateral`.split(/\s+/),
)

class StatementReader {
  readonly #tokens: readonly SqlToken[]
  readonly #verb: string | undefined
  readonly #tables: TableUse[] = []
  /** Places of names that are not read as columns. */
  readonly #taken = new Set<number>()
  /** The columns that get values, with the place behind the `=`. */
  readonly #targets: { readonly column: string; readonly value: number }[] = []

  constructor(tokens: readonly SqlToken[]) {
    this.#tokens = tokens
    this.#verb = this.#findVerb()
  }

  effects(): readonly DataEffect[] {
    if (this.#verb === 'truncate') return this.#truncated()
    if (this.#verb === undefined) return []
    this.#readTables()
    if (this.#verb === 'insert' || this.#verb === 'replace') this.#takeInsertedColumns()
    if (this.#verb === 'update') this.#takeSetColumns()
    return [...this.#reads(), ...this.#writes()]
  }

  /** `update` also of `WITH x AS (...) UPDATE ...`. */
  #findVerb(): string | undefined {
    const first = this.#tokens[0]
    if (first?.kind !== 'word') return undefined
    if (VERBS.has(first.text)) return first.text
    if (first.text !== 'with') return undefined
    let depth = 0
    for (const { kind, text } of this.#tokens) {
      if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0
      else if (kind === 'word' && depth === 0 && VERBS.has(text)) return text
    }
    return undefined
  }

  #truncated(): readonly DataEffect[] {
    const names = this.#tokens.flatMap(({ kind, text }, i) => {
      const isName = kind === 'name' || (kind === 'word' && !TRUNCATE_WORDS.has(text))
      return isName && !this.#isSign(i + 1, '.') ? [this.#qualified(i).join('.')] : []
    })
    return names.map((table) => ({ kind: 'lose', table: withoutPublic(table), column: null, by: 'empty' }))
  }

  #readTables(): void {
    for (let i = 0; i < this.#tokens.length; i++) {
      const { kind, text } = this.#tokens[i]!
      if (kind !== 'word' || !TABLE_WORDS.has(text) || this.#isWord(i - 1, 'for', 'do', 'distinct')) continue
      const isTarget = text === 'into' || text === 'update' || (text === 'from' && this.#isWord(i - 1, 'delete'))
      this.#readTableList(i + 1, isTarget)
    }
  }

  #readTableList(from: number, isTarget: boolean): void {
    let i = from
    for (;;) {
      while (this.#isWord(i, 'only', 'lateral')) i++
      const end = this.#endOfName(i)
      if (end < 0) return
      const table = withoutPublic(this.#partsUntil(i, end).join('.'))
      for (; i <= end; i++) this.#taken.add(i)
      if (this.#isWord(i, 'as')) i++
      const next = this.#tokens[i]
      const isAlias = next?.kind === 'name' || (next?.kind === 'word' && !KEYWORDS.has(next.text))
      if (isAlias) this.#taken.add(i)
      this.#tables.push({ table, alias: isAlias ? next.text : table.slice(table.lastIndexOf('.') + 1), isTarget })
      if (isAlias) i++
      if (isTarget || !this.#isSign(i, ',')) return
      i++
    }
  }

  /** `INSERT INTO t (a, b)` */
  #takeInsertedColumns(): void {
    const into = this.#tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'into')
    const open = this.#tokens.findIndex((_, i) => i > into && this.#isSign(i, '('))
    if (into < 0 || open < 0 || this.#tokens.slice(into, open).some(({ kind, text }) => kind === 'word' && (text === 'select' || text === 'values'))) return
    for (let i = open; i < this.#tokens.length && !this.#isSign(i, ')'); i++) this.#taken.add(i)
  }

  /** `SET a = ..., b = ...` */
  #takeSetColumns(): void {
    let depth = 0
    let isStart = false
    let isInSet = false
    for (let i = 0; i < this.#tokens.length; i++) {
      const { kind, text } = this.#tokens[i]!
      if (kind === 'sign' && text === '(') depth++
      else if (kind === 'sign' && text === ')') depth--
      if (depth > 0) continue
      if (kind === 'word' && (text === 'set' || text === 'where' || text === 'from' || text === 'returning')) {
        isInSet = text === 'set'
        isStart = isInSet
      } else if (isInSet && kind === 'sign' && text === ',') isStart = true
      else if (isStart) {
        isStart = false
        const end = this.#endOfName(i)
        if (end < 0) continue
        for (let k = i; k <= end; k++) this.#taken.add(k)
        if (this.#isSign(end + 1, '=')) this.#targets.push({ column: this.#tokens[end]!.text, value: end + 2 })
        i = end
      }
    }
  }

  #reads(): readonly DataEffect[] {
    const sources = this.#tables.filter(({ isTarget }) => !isTarget)
    // The columns of the target of an INSERT can not be read.
    const candidates = this.#verb === 'insert' || this.#verb === 'replace' ? sources : this.#tables
    const rows = sources.map(({ table }): DataEffect => ({ kind: 'read', table, column: null }))
    const columns = this.#columns().flatMap(({ owner, column }): DataEffect[] => {
      const tables = owner === null ? candidates : candidates.filter(({ alias, table }) => alias === owner || table === owner)
      return tables.length === 1 ? [{ kind: 'read', table: tables[0]!.table, column }] : []
    })
    return [...rows, ...columns]
  }

  #columns(): readonly ColumnName[] {
    const found: ColumnName[] = []
    for (let i = 0; i < this.#tokens.length; i++) {
      const { kind, text } = this.#tokens[i]!
      // The table words in front of a name of their own: everything behind `ON CONFLICT` is about the target.
      if (kind === 'word' && text === 'conflict') break
      const end = this.#taken.has(i) ? -1 : this.#endOfName(i)
      if (end < 0) continue
      const parts = this.#partsUntil(i, end)
      const isKeyword = kind === 'word' && end === i && (KEYWORDS.has(text) || VERBS.has(text) || OTHER_KEYWORDS.has(text))
      const isOther = isKeyword || this.#isSign(end + 1, '(') || this.#isWord(i - 1, 'as') || this.#isSign(i - 1, ':')
      if (!isOther) found.push({ owner: parts.length > 1 ? withoutPublic(parts.slice(0, -1).join('.')) : null, column: parts.at(-1)! })
      i = end
    }
    return found
  }

  #writes(): readonly DataEffect[] {
    const target = this.#tables.find(({ isTarget }) => isTarget)
    if (!target) return []
    const { table } = target
    const where = this.#tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'where')
    if (this.#verb === 'insert' || this.#verb === 'replace') return [{ kind: 'set', table, column: null }]
    if (this.#verb === 'delete') return where < 0 && this.#tables.length === 1 ? [{ kind: 'lose', table, column: null, by: 'empty' }] : []
    const filtered = where < 0 ? [] : this.#tokens.slice(where).map(({ text }) => text)
    return this.#targets.map(({ column, value }): DataEffect => {
      const isNull = this.#isWord(value, 'null') && (value + 1 >= this.#tokens.length || this.#isSign(value + 1, ',') || this.#isWord(value + 1, 'where', 'from', 'returning'))
      return isNull && !filtered.includes(column) ? { kind: 'lose', table, column, by: 'empty' } : { kind: 'set', table, column }
    })
  }

  /** The place of the last part of the name that begins here; -1 if none does. */
  #endOfName(i: number): number {
    if (!this.#isName(i)) return -1
    let end = i
    while (this.#isSign(end + 1, '.') && this.#isName(end + 2)) end += 2
    return end
  }

  #partsUntil(from: number, end: number): string[] {
    const parts: string[] = []
    for (let i = from; i <= end; i += 2) parts.push(this.#tokens[i]!.text)
    return parts
  }

  /** The parts of the name that ends here. */
  #qualified(end: number): string[] {
    let from = end
    while (this.#isSign(from - 1, '.') && this.#isName(from - 2)) from -= 2
    return this.#partsUntil(from, end)
  }

  #isName(i: number): boolean {
    const kind = this.#tokens[i]?.kind
    return kind === 'word' || kind === 'name'
  }

  #isWord(i: number, ...words: readonly string[]): boolean {
    const token = this.#tokens[i]
    return token?.kind === 'word' && words.includes(token.text)
  }

  #isSign(i: number, sign: string): boolean {
    const token = this.#tokens[i]
    return token?.kind === 'sign' && token.text === sign
  }
}

const VERBS: ReadonlySet<string> = new Set(['select', 'update', 'insert', 'replace', 'delete', 'truncate'])
const TABLE_WORDS: ReadonlySet<string> = new Set(['from', 'join', 'using', 'update', 'into'])
const OTHER_KEYWORDS: ReadonlySet<string> = new Set(
  'all any asc between by case cast coalesce current_date current_timestamp desc distinct do else end exists false if ilike in interval into is like nothing over similar then true'.split(' '),
)
const TRUNCATE_WORDS: ReadonlySet<string> = new Set(['truncate', 'table', 'only', 'restart', 'continue', 'identity', 'cascade', 'restrict'])

function withoutPublic(name: string): string {
  return name.replace(/^public\./, '')
}
