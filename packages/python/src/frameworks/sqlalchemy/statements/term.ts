import type { RelativeName } from '../../../names/relative-name.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import type { Value } from '../../../values/value.ts'

/**
 * An expression as far as statements of SQLAlchemy can be read from it. Unlike a `Value`, a term keeps local names apart by their definitions (see
 * `LocalTerm`), so that `stmt = stmt.where(...)` and branches can be followed, and it knows the node that it was read from, if that is in the file at
 * hand. Without nodes it is JSON, and stands in facts; names are relative to its file.
 */
export type Term =
  | NameTerm
  | ParameterTerm
  | LocalTerm
  | ChoiceTerm
  | CallTerm
  | AttributeTerm
  | SubscriptTerm
  | OperatorTerm
  | ItemsTerm
  | AwaitTerm
  | LiteralTerm
  | OpaqueTerm

interface TermBase {
  readonly node?: PythonNode
}

/** A name that has a qualified name. */
export interface NameTerm extends TermBase {
  readonly kind: 'name'
  readonly name: RelativeName
}

export interface ParameterTerm extends TermBase {
  readonly kind: 'parameter'
  readonly name: string
}

/** A local variable: it has the value of one of these definitions. Numbers of `Definition`s of the file. */
export interface LocalTerm extends TermBase {
  readonly kind: 'local'
  readonly definitions: readonly number[]
}

/** One of several: `a if test else b`. */
export interface ChoiceTerm extends TermBase {
  readonly kind: 'choice'
  readonly options: readonly Term[]
}

export interface CallTerm extends TermBase {
  readonly kind: 'call'
  readonly function: Term
  readonly arguments: readonly Term[]
  readonly keywords: readonly (readonly [name: string, value: Term])[]
  /** There may be more arguments: `*args` or `**kwargs` that are no literals. */
  readonly open?: true
}

export interface AttributeTerm extends TermBase {
  readonly kind: 'attribute'
  readonly object: Term
  readonly attribute: string
}

export interface SubscriptTerm extends TermBase {
  readonly kind: 'subscript'
  readonly object: Term
  /** `null` for a slice, or several. */
  readonly index: Term | null
}

/** `==`, `&`, `~`, `not`, `and`: with one or two operands. A chain of comparisons has the operator `chain`. */
export interface OperatorTerm extends TermBase {
  readonly kind: 'operator'
  readonly operator: string
  readonly operands: readonly Term[]
}

export interface ItemsTerm extends TermBase {
  readonly kind: 'items'
  readonly type: 'tuple' | 'list' | 'set'
  readonly items: readonly Term[]
  readonly open?: true
}

export interface AwaitTerm extends TermBase {
  readonly kind: 'await'
  readonly operand: Term
}

export interface LiteralTerm extends TermBase {
  readonly kind: 'literal'
  readonly value: string | number | boolean | null
}

/** Anything else: a value of which nothing is known. */
export interface OpaqueTerm extends TermBase {
  readonly kind: 'opaque'
}

export const OPAQUE: OpaqueTerm = { kind: 'opaque' }

/** Deeper values are opaque. */
const MAX_DEPTH = 40

/** A value of a fact as a term; names stay as they are. */
export function termOfValue(value: Value, depth = 0): Term {
  if (depth > MAX_DEPTH) return OPAQUE
  const inner = (part: Value): Term => termOfValue(part, depth + 1)
  switch (value.kind) {
    case 'name':
      return { kind: 'name', name: value.name }
    case 'local':
      return value.isParameter ? { kind: 'parameter', name: value.name } : OPAQUE
    case 'literal':
      return value.type === 'ellipsis' ? OPAQUE : { kind: 'literal', value: value.value }
    case 'call':
      return {
        kind: 'call',
        function: value.callee === null ? (value.function ? inner(value.function) : OPAQUE) : { kind: 'name', name: value.callee },
        arguments: value.arguments.map(inner),
        keywords: Object.entries(value.keywords).map(([name, argument]) => [name, inner(argument)] as const),
        ...(value.open && { open: true as const }),
      }
    case 'attribute':
      return { kind: 'attribute', object: inner(value.object), attribute: value.attribute }
    case 'subscript':
      return { kind: 'subscript', object: inner(value.object), index: value.index.length === 1 ? inner(value.index[0]!) : null }
    case 'tuple':
    case 'list':
    case 'set':
      return { kind: 'items', type: value.kind, items: value.items.map(inner), ...(value.open && { open: true as const }) }
    case 'binary':
    case 'boolean':
      return { kind: 'operator', operator: value.operator, operands: [inner(value.left), inner(value.right)] }
    case 'unary':
      return { kind: 'operator', operator: value.operator, operands: [inner(value.operand)] }
    case 'compare':
      return { kind: 'operator', operator: value.operators.length === 1 ? value.operators[0]! : 'chain', operands: value.operands.map(inner) }
    case 'conditional':
      return { kind: 'choice', options: [inner(value.then), inner(value.else)] }
    case 'await':
      return { kind: 'await', operand: inner(value.operand) }
    default:
      return OPAQUE
  }
}
