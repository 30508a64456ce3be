import { mapParts } from './parts.ts'
import type { RelativeName } from '../names/relative-name.ts'

/**
 * What an expression says, in a form that survives JSON. Values are cut off at some depth and length: what is left out is `unknown`, and a list
 * that is not complete is `open`.
 *
 * Names are qualified. In a fact they are relative to the file (see `RelativeName`); `context.values` and `context.project` give absolute ones.
 */
export type Value =
  | LiteralValue
  | NameValue
  | LocalValue
  | CallValue
  | AttributeValue
  | SubscriptValue
  | SequenceValue
  | DictValue
  | BinaryValue
  | UnaryValue
  | BooleanValue
  | CompareValue
  | ConditionalValue
  | FormatValue
  | AwaitValue
  | LambdaValue
  | ComprehensionValue
  | YieldValue
  | SplatValue
  | SliceValue
  | UnknownValue

export interface LiteralValue {
  readonly kind: 'literal'
  readonly type: 'string' | 'bytes' | 'integer' | 'float' | 'complex' | 'boolean' | 'none' | 'ellipsis'
  /** Bytes as a string with one code unit per byte; an integer beyond 2^53 and a complex number as their text; `null` for `None` and `...`. */
  readonly value: string | number | boolean | null
}

/** A name that has a qualified name. */
export interface NameValue {
  readonly kind: 'name'
  readonly name: RelativeName
}

/** A local variable or a parameter without a single known value. */
export interface LocalValue {
  readonly kind: 'local'
  readonly name: string
  readonly isParameter: boolean
}

export interface CallValue {
  readonly kind: 'call'
  /** The qualified name of the function; `null` if it has none. */
  readonly callee: RelativeName | null
  /** The function part if it has no qualified name, as in `select(User).where(...)`; else `null`. */
  readonly function: Value | null
  readonly arguments: readonly Value[]
  readonly keywords: Readonly<Record<string, Value>>
  /** There may be more arguments: `*args`, or `**kwargs` that is no literal. */
  readonly open: boolean
  /** The names in `**name`, if nothing else leaves the call open. */
  readonly splats?: readonly NameValue[]
}

export interface AttributeValue {
  readonly kind: 'attribute'
  readonly object: Value
  readonly attribute: string
}

/** `list[int]`, `rows[0]`, also in annotations. */
export interface SubscriptValue {
  readonly kind: 'subscript'
  readonly object: Value
  readonly index: readonly Value[]
}

export interface SequenceValue {
  readonly kind: 'tuple' | 'list' | 'set'
  readonly items: readonly Value[]
  /** There may be more items: a splat, or the list was cut. */
  readonly open: boolean
}

export interface DictValue {
  readonly kind: 'dict'
  readonly entries: readonly (readonly [key: Value, value: Value])[]
  readonly open: boolean
}

export interface BinaryValue {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: Value
  readonly right: Value
}

export interface UnaryValue {
  readonly kind: 'unary'
  readonly operator: '+' | '-' | '~' | 'not'
  readonly operand: Value
}

export interface BooleanValue {
  readonly kind: 'boolean'
  readonly operator: 'and' | 'or'
  readonly left: Value
  readonly right: Value
}

/** `a < b <= c` has three operands and two operators. */
export interface CompareValue {
  readonly kind: 'compare'
  readonly operands: readonly Value[]
  readonly operators: readonly string[]
}

export interface ConditionalValue {
  readonly kind: 'conditional'
  readonly test: Value
  readonly then: Value
  readonly else: Value
}

/** An f-string (or concatenated strings with one among them): constant parts are literals. */
export interface FormatValue {
  readonly kind: 'format'
  readonly parts: readonly Value[]
}

export interface AwaitValue {
  readonly kind: 'await'
  readonly operand: Value
}

export interface LambdaValue {
  readonly kind: 'lambda'
  readonly parameters: readonly string[]
  readonly body: Value
}

export interface ComprehensionValue {
  readonly kind: 'comprehension'
  readonly type: 'list' | 'set' | 'dict' | 'generator'
  readonly element: Value
  /** `for x in <over> if <tests>`, if there is one `for`, over one name. */
  readonly loop?: { readonly name: string; readonly over: Value; readonly tests: readonly Value[] }
}

export interface YieldValue {
  readonly kind: 'yield'
  readonly operand: Value | null
}

/** `*x` or `**x` among items or arguments. */
export interface SplatValue {
  readonly kind: 'splat'
  readonly operand: Value
}

export interface SliceValue {
  readonly kind: 'slice'
}

export interface UnknownValue {
  readonly kind: 'unknown'
}

export const UNKNOWN: UnknownValue = { kind: 'unknown' }
export const NONE_VALUE: LiteralValue = { kind: 'literal', type: 'none', value: null }

/** A call of something that has a qualified name. */
export type NamedCallValue = CallValue & { readonly callee: RelativeName }

/** A call of the function with one of these qualified names. */
export function isCallOf(value: Value | null | undefined, ...names: readonly string[]): value is NamedCallValue {
  return value?.kind === 'call' && value.callee !== null && names.includes(value.callee)
}

/** The argument of a call by keyword or position; `null` if it is not there, or if the call is open so that it could be there unseen. */
export function argumentOf(call: CallValue, name: string, position?: number): Value | null {
  const keyword = Object.hasOwn(call.keywords, name) ? call.keywords[name] : undefined
  return keyword ?? (position === undefined ? undefined : positional(call, position)) ?? null
}

function positional(call: CallValue, position: number): Value | undefined {
  const before = call.arguments.slice(0, position + 1)
  return before.some(({ kind }) => kind === 'splat') ? undefined : before[position]
}

/** A value with every qualified name put through `rename`, itself if all stay the same; a name that becomes `null` becomes `unknown`. */
export function mapNames(value: Value, rename: (name: RelativeName) => RelativeName | null): Value {
  const map = (inner: Value): Value => mapNames(inner, rename)
  switch (value.kind) {
    case 'name': {
      const name = rename(value.name)
      return name === null ? UNKNOWN : name === value.name ? value : { kind: 'name', name }
    }
    case 'call': {
      const call = mapParts(value, map) as CallValue
      const callee = value.callee && rename(value.callee)
      if (call === value && callee === value.callee && !value.splats) return value
      return { ...call, callee, ...(value.splats && { splats: value.splats.map(map).filter((splat) => splat.kind === 'name') }) }
    }
    default:
      return mapParts(value, map)
  }
}

/** Whether a value is `None`. */
export function isNoneValue(value: Value | null | undefined): boolean {
  return value?.kind === 'literal' && value.type === 'none'
}

/** Whether a value is `True`. */
export function isTrueValue(value: Value | null | undefined): boolean {
  return value?.kind === 'literal' && value.value === true
}
