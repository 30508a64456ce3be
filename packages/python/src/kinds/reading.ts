import type { Type } from '../types/type.ts'
import type { Constant } from '../values/constant.ts'
import { UNKNOWN_ZONE } from './kind.ts'
import type { Kind, Zone } from './kind.ts'

/** What the kinds of calls and operators are computed from, for expressions of a file and for values in facts alike. */
export interface Reading<Expression> {
  kindOf(expression: Expression): Kind
  /** What is joined by `min()` and `max()` over a collection. */
  elementOf(expression: Expression): Kind
  constantOf(expression: Expression): Constant | undefined
  mayBeNone(expression: Expression): boolean
  typeOf(expression: Expression): Type
  /** As written, so that equal texts mean the same. */
  written(expression: Expression): string
  readonly project: KindProject
}

/** What the project as a whole says. */
export interface KindProject {
  /** What Django's `timezone.now()` gives: that depends on `USE_TZ`. */
  readonly djangoNow: Kind
  /** Qualified names of functions that make a datetime aware. */
  isNormalizer(name: string): boolean
  /** What a function or method gives; `null` if it is none of the project. */
  resultOf(name: string): FunctionResult | null
  /** The value under a qualified name. */
  valueOf(name: string): Kind
  /** The type of the value under a qualified name. */
  typeOfName(name: string): Type
  /** The qualified name of a method, in the class that defines it; `null` if the class has none. */
  methodOf(className: string, method: string): string | null
}

/** What calls of a function give: for a coroutine function what `await` gives. */
export interface FunctionResult {
  readonly kind: Kind
  readonly isAsync: boolean
}

/** The arguments of a call. */
export interface Arguments<Expression> {
  readonly positional: readonly Expression[]
  keyword(name: string): Expression | undefined
  /** There may be more of them: `*args`, `**kwargs`. */
  readonly isOpen: boolean
}

/** An argument by keyword or position. */
export function argumentAt<Expression>(given: Arguments<Expression>, name: string, position: number): Expression | undefined {
  return given.keyword(name) ?? given.positional[position]
}

/** What a `tzinfo` argument says: a zone, that there is none, or `null` if both are possible. */
export function zoneOf<Expression>(reading: Reading<Expression>, expression: Expression | undefined): Zone | 'none' | null {
  if (expression === undefined) return 'none'
  const kind = reading.kindOf(expression)
  if (kind.kind === 'none') return 'none'
  if (reading.mayBeNone(expression)) return null
  return kind.kind === 'zone' ? kind.zone : UNKNOWN_ZONE
}
