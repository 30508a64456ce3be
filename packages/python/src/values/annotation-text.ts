import { UNKNOWN } from './value.ts'
import type { Value } from './value.ts'

/** What `parseAnnotation` takes apart: names with dots, strings, numbers, brackets and `|`. */
const TOKEN = /\s*(?:([\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*)|("[^"\\\n]*"|'[^'\\\n]*')|(\d+)|(\.\.\.)|([[\],|]))/uy

const MAX_DEPTH = 20

/**
 * Reads the text of a string annotation such as `"list[User] | None"`: names, subscripts, unions, literals. Anything else, such as a call, is
 * `unknown`.
 * @param nameOf gives the value of a dotted name
 */
export function parseAnnotation(text: string, nameOf: (name: string) => Value): Value {
  const tokens = tokenise(text)
  if (!tokens) return UNKNOWN
  let at = 0
  const value = union(0)
  return at === tokens.length ? value : UNKNOWN

  function union(depth: number): Value {
    let left = primary(depth)
    while (tokens![at] === '|') {
      at++
      left = { kind: 'binary', operator: '|', left, right: primary(depth) }
    }
    return left
  }

  function primary(depth: number): Value {
    if (depth > MAX_DEPTH) return UNKNOWN
    const token = tokens![at++]
    if (token === undefined) return UNKNOWN
    if (token === '[') return { kind: 'list', items: items(depth), open: false }
    const value = atom(token)
    if (tokens![at] !== '[') return value
    at++
    return { kind: 'subscript', object: value, index: items(depth) }
  }

  function items(depth: number): Value[] {
    const found: Value[] = []
    while (at < tokens!.length && tokens![at] !== ']') {
      found.push(union(depth + 1))
      if (tokens![at] === ',') at++
      else break
    }
    if (tokens![at] !== ']') at = tokens!.length + 1
    else at++
    return found
  }

  function atom(token: string): Value {
    if (token === '...') return { kind: 'literal', type: 'ellipsis', value: null }
    if (token === 'None') return { kind: 'literal', type: 'none', value: null }
    if (token === 'True' || token === 'False') return { kind: 'literal', type: 'boolean', value: token === 'True' }
    if (/^["']/.test(token)) return { kind: 'literal', type: 'string', value: token.slice(1, -1) }
    if (/^\d/.test(token)) return { kind: 'literal', type: 'integer', value: Number(token) }
    return /^[\p{L}_]/u.test(token) ? nameOf(token) : UNKNOWN
  }
}

function tokenise(text: string): string[] | null {
  const tokens: string[] = []
  const source = text.trim()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source)
    if (!match) return null
    tokens.push(match[0].replace(/^\s+/, '').replace(/(?<=\w)\s*\.\s*(?=[\p{L}_])/gu, '.'))
  }
  return tokens
}
