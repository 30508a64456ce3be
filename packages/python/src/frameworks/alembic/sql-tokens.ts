/** A piece of SQL. */
export interface SqlToken {
  /** `word`: a keyword or a plain name; `name`: a quoted name; `gap`: a part of the text that is not known. */
  readonly kind: 'word' | 'name' | 'string' | 'sign' | 'gap'
  /** Words in lower case; names without their quotes. */
  readonly text: string
}

/** Stands in a text for a part that is not known. */
export const SQL_GAP = '\uFFFC'

const TOKEN = new RegExp(
  [
    String.raw`\s+|--[^\n]*|\/\*[^]*?\*\/`,
    String.raw`(?<gap>[\w${SQL_GAP}]*${SQL_GAP}[\w${SQL_GAP}]*)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    '"(?<double>(?:[^"]|"")*)"|`(?<tick>[^`]*)`|\\[(?<bracket>[^\\]\\d][^\\]]*)\\]',
    String.raw`(?<string>'(?:[^']|'')*'|\$(?<tag>\w*)\$[^]*?\$\k<tag>\$)`,
    String.raw`(?<sign>\d[\w.]*|[^])`,
  ].join('|'),
  'uy',
)

/** The statements of a text, each as its tokens. */
export function sqlStatements(sql: string): readonly (readonly SqlToken[])[] {
  const statements: SqlToken[][] = [[]]
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(sql); match && match[0] !== ''; match = TOKEN.exec(sql)) {
    const token = tokenOf(match.groups!)
    if (token?.kind === 'sign' && token.text === ';') statements.push([])
    else if (token) statements.at(-1)!.push(token)
  }
  return statements.filter((tokens) => tokens.length > 0)
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): SqlToken | null {
  const { gap, word, double, tick, bracket, string, sign } = groups
  if (gap !== undefined) return { kind: 'gap', text: gap }
  if (word !== undefined) return { kind: 'word', text: word.toLowerCase() }
  const name = double ?? tick ?? bracket
  if (name !== undefined) return { kind: name.includes(SQL_GAP) ? 'gap' : 'name', text: name.replaceAll('""', '"') }
  if (string !== undefined) return { kind: 'string', text: string }
  return sign === undefined ? null : { kind: 'sign', text: sign }
}

/** Reads tokens from left to right. */
export class SqlCursor {
  readonly #tokens: readonly SqlToken[]
  #at = 0

  constructor(tokens: readonly SqlToken[]) {
    this.#tokens = tokens
  }

  get next(): SqlToken | undefined {
    return this.#tokens[this.#at]
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  advance(): SqlToken | undefined {
    return this.#tokens[this.#at++]
  }

  /** Takes these words, if they come next. */
  takes(...words: readonly string[]): boolean {
    const isNext = words.every((word, i) => {
      const token = this.#tokens[this.#at + i]
      return token?.kind === 'word' && token.text === word
    })
    if (isNext) this.#at += words.length
    return isNext
  }

  /** Takes a sign, such as `(`. */
  takesSign(sign: string): boolean {
    const isNext = this.next?.kind === 'sign' && this.next.text === sign
    if (isNext) this.#at++
    return isNext
  }

  /** `users`, `"Users"`, `app.users`; `public.users` is `users`. `null` if it is not known, or there is no name. */
  name(): string | null {
    const parts: (string | null)[] = [this.#part()]
    while (this.takesSign('.')) parts.push(this.#part())
    if (parts.includes(null)) return null
    return (parts[0] === 'public' && parts.length > 1 ? parts.slice(1) : parts).join('.')
  }

  #part(): string | null {
    const token = this.next
    if (token?.kind !== 'word' && token?.kind !== 'name' && token?.kind !== 'gap') return null
    this.#at++
    return token.kind === 'gap' ? null : token.text
  }

  /** What stands between parentheses, split at commas; `null` if none come next, or they do not end. */
  list(): readonly (readonly SqlToken[])[] | null {
    if (!this.takesSign('(')) return null
    const items: SqlToken[][] = [[]]
    for (let depth = 1; !this.isAtEnd; ) {
      const token = this.advance()!
      if (token.kind === 'sign' && token.text === '(') depth++
      if (token.kind === 'sign' && token.text === ')' && --depth === 0) return items.filter((item) => item.length > 0)
      if (token.kind === 'sign' && token.text === ',' && depth === 1) items.push([])
      else items.at(-1)!.push(token)
    }
    return null
  }

  /** The names in parentheses; `null` if something else is among them. */
  names(): readonly string[] | null {
    const items = this.list()
    const names = items?.map((item) => (item.length === 1 && (item[0]!.kind === 'word' || item[0]!.kind === 'name') ? item[0]!.text : null))
    return names && !names.includes(null) ? (names as string[]) : null
  }

  /** The tokens up to the next comma outside of parentheses, which is taken too. */
  untilComma(): readonly SqlToken[] {
    const found: SqlToken[] = []
    for (let depth = 0; !this.isAtEnd; ) {
      const token = this.advance()!
      if (token.kind === 'sign') {
        if (token.text === ',' && depth === 0) break
        if (token.text === '(') depth++
        else if (token.text === ')') depth--
      }
      found.push(token)
    }
    return found
  }
}
