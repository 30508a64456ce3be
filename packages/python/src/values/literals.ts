import type { FlatTree } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import type { KindTable } from '../scopes/kind-codes.ts'
import { decodeStringBody, decodeStringLiteral, isBytesPrefix, stringPrefix } from '../shared/string-literal.ts'
import { NONE_VALUE, UNKNOWN } from './value.ts'
import type { LiteralValue, Value } from './value.ts'

const TRUE_VALUE: LiteralValue = { kind: 'literal', type: 'boolean', value: true }
const FALSE_VALUE: LiteralValue = { kind: 'literal', type: 'boolean', value: false }
const ELLIPSIS_VALUE: LiteralValue = { kind: 'literal', type: 'ellipsis', value: null }

/** The literals that are one token. */
export function tokenLiteral(tree: FlatTree, code: number, index: number): Value {
  switch (code) {
    case K.TRUE:
      return TRUE_VALUE
    case K.FALSE:
      return FALSE_VALUE
    case K.NONE:
      return NONE_VALUE
    case K.ELLIPSIS:
      return ELLIPSIS_VALUE
    case K.INTEGER:
    case K.FLOAT:
      return numberLiteral(tree.text.slice(tree.start[index], tree.end[index]), code === K.INTEGER)
    default:
      return UNKNOWN
  }
}

/** https://docs.python.org/3/reference/lexical_analysis.html#numeric-literals */
function numberLiteral(source: string, isInteger: boolean): LiteralValue {
  const text = source.replaceAll('_', '')
  if (/[jJ]$/.test(text)) return { kind: 'literal', type: 'complex', value: text }
  if (!isInteger) return { kind: 'literal', type: 'float', value: Number(text) }
  const digits = text.replace(/[lL]$/, '')
  const value = Number(digits)
  return { kind: 'literal', type: 'integer', value: Number.isSafeInteger(value) ? value : digits }
}

/**
 * The value of a `string` or `concatenated_string` node: a literal, or a `format` value for f-strings.
 * @param summarise gives the value of the expression in an interpolation
 */
export function stringValue(tree: FlatTree, kinds: KindTable, index: number, summarise: (expression: number) => Value): Value {
  const { codes } = kinds
  if (codes[tree.kind[index]!] === K.STRING) return joinParts(stringParts(tree, kinds, index, summarise), isBytes(tree, index))
  const parts: Value[] = []
  let allBytes = true
  for (let child = index + 1; child < tree.next[index]!; child = tree.next[child]!) {
    if (codes[tree.kind[child]!] !== K.STRING) continue
    parts.push(...stringParts(tree, kinds, child, summarise))
    allBytes &&= isBytes(tree, child)
  }
  return joinParts(parts, allBytes)
}

function isBytes(tree: FlatTree, string: number): boolean {
  return isBytesPrefix(stringPrefix(tree.text.slice(tree.start[string], tree.start[string]! + MAX_PREFIX)))
}

/** Longer than any prefix with its quotes. */
const MAX_PREFIX = 5

function stringParts(tree: FlatTree, kinds: KindTable, string: number, summarise: (expression: number) => Value): Value[] {
  const { codes, fields } = kinds
  const { text, start, end, kind, next, field } = tree
  const prefix = stringPrefix(text.slice(start[string], start[string]! + MAX_PREFIX))
  if (!/[ft]/i.test(prefix)) return [textPart(decodeStringLiteral(text.slice(start[string], end[string])))]
  if (/t/i.test(prefix)) return [UNKNOWN]
  const parts: Value[] = []
  for (let child = string + 1; child < next[string]!; child = next[child]!) {
    const code = codes[kind[child]!]
    if (code === K.STRING_CONTENT) {
      const body = text.slice(start[child], end[child]).replaceAll('{{', '{').replaceAll('}}', '}')
      parts.push(textPart(decodeStringBody(body, prefix)))
    } else if (code === K.INTERPOLATION) {
      let expression = child + 1
      while (expression < next[child]! && field[expression] !== fields.expression) expression = next[expression]!
      parts.push(expression < next[child]! ? formatted(tree, kinds, child, summarise(expression)) : UNKNOWN)
    }
  }
  // An f-string is a format even where it is all constant text of no length.
  return parts.length > 0 ? parts : [textPart('')]
}

/** `{now:%Y}` is `format(now, "%Y")`, and `{name!r}` is `repr(name)`. */
function formatted({ text, start, end, kind, next }: FlatTree, { codes }: KindTable, interpolation: number, value: Value): Value {
  let result = value
  for (let child = interpolation + 1; value.kind !== 'unknown' && child < next[interpolation]!; child = next[child]!) {
    const first = text[start[child]!]
    if (first === '!' && text[start[child]! + 1] !== 's') result = called('builtins.repr', [result])
    if (first !== ':') continue
    const isConstant = child + 1 === next[child] || codes[kind[child + 1]!] !== K.INTERPOLATION
    result = called('builtins.format', [result, isConstant ? textPart(text.slice(start[child]! + 1, end[child])) : UNKNOWN])
  }
  return result
}

function called(callee: string, values: readonly Value[]): Value {
  return { kind: 'call', callee, function: null, arguments: values, keywords: {}, open: false }
}

function textPart(text: string | null): Value {
  return text === null ? UNKNOWN : { kind: 'literal', type: 'string', value: text }
}

/** Joins neighbouring constant parts; all constant is one literal. */
function joinParts(parts: readonly Value[], bytes: boolean): Value {
  const joined: Value[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part.kind === 'literal' && last?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', type: 'string', value: `${last.value}${part.value}` }
    } else {
      joined.push(part)
    }
  }
  const only = joined[0]
  if (joined.length !== 1 || !only) return { kind: 'format', parts: joined }
  if (only.kind === 'literal') return { kind: 'literal', type: bytes ? 'bytes' : 'string', value: only.value }
  return only.kind === 'unknown' ? only : { kind: 'format', parts: joined }
}
