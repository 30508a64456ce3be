import { NONE_TYPE, UNKNOWN_TYPE, instanceOf, mapMembers, unionOf, withoutNone } from './type.ts'
import type { Type } from './type.ts'

/** A type of the library tables, read. */
export type TypeExpression =
  | { readonly kind: 'class'; readonly name: string; readonly args: readonly TypeExpression[] }
  | { readonly kind: 'self' | 'none' | 'unknown' | 'args' }
  | { readonly kind: 'held'; readonly position: number }
  | { readonly kind: 'argument'; readonly position: number }
  | { readonly kind: 'keyword'; readonly name: string; readonly otherwise: TypeExpression }
  | { readonly kind: 'optional' | 'async'; readonly inner: TypeExpression }
  | { readonly kind: 'apply'; readonly operation: Operation; readonly inner: TypeExpression }

type Operation = 'instance' | 'row' | 'first' | 'held' | 'item' | 'awaited'

/** What a type expression is about: the receiver of the call, and its arguments. */
export interface CallTypes {
  readonly receiver: Type
  /** The positional arguments; asked for only where the result depends on them. */
  argument(position: number): Type
  /** A keyword argument; `undefined` if it is not given. */
  keyword(name: string): Type | undefined
  readonly argumentCount: number
  /** The type of an element of a container. */
  itemOf(type: Type): Type
  awaitedOf(type: Type): Type
}

/** Reads a type of the library tables. @throws Error for text that is none: the tables are part of the program. */
export function parseTypeExpression(text: string): TypeExpression {
  const tokens = text.match(/\w+=|[\w.]+|\$\d|[[\](),?]/g) ?? []
  let at = 0
  const expression = parse()
  if (at !== tokens.length) throw new Error(`'${text}' is no type expression: unexpected '${tokens[at]}'`)
  return expression

  function parse(): TypeExpression {
    const token = tokens[at++]
    if (token === undefined) throw new Error(`'${text}' is no type expression: it ends too early`)
    if (token === 'async') return { kind: 'async', inner: parse() }
    if (token.endsWith('=')) return { kind: 'keyword', name: token.slice(0, -1), otherwise: parse() }
    let expression = atom(token)
    while (tokens[at] === '?') {
      at++
      expression = { kind: 'optional', inner: expression }
    }
    return expression
  }

  function atom(token: string): TypeExpression {
    if (token.startsWith('$')) return { kind: 'held', position: Number(token.slice(1)) }
    if (/^arg\d$/.test(token)) return { kind: 'argument', position: Number(token.slice(3)) }
    if (token === 'self' || token === 'unknown' || token === 'args') return { kind: token }
    if (token === 'None') return { kind: 'none' }
    if (tokens[at] === '(') {
      at++
      const inner = parse()
      at++
      return { kind: 'apply', operation: token as Operation, inner }
    }
    return { kind: 'class', name: token.includes('.') ? token : `builtins.${token}`, args: list() }
  }

  function list(): TypeExpression[] {
    const items: TypeExpression[] = []
    if (tokens[at] !== '[') return items
    while (tokens[at] !== ']') {
      at++
      items.push(parse())
    }
    at++
    return items
  }
}

/** The type that an expression means for one call. */
export function evaluateType(expression: TypeExpression, call: CallTypes): Type {
  switch (expression.kind) {
    case 'class':
      return instanceOf(expression.name, expression.args.map((arg) => evaluateType(arg, call)))
    case 'self':
      return call.receiver
    case 'none':
      return NONE_TYPE
    case 'unknown':
    case 'args':
      return UNKNOWN_TYPE
    case 'held':
      return mapMembers(call.receiver, (receiver) => heldBy(receiver, expression.position))
    case 'argument':
      return call.argument(expression.position)
    case 'keyword': {
      const given = call.keyword(expression.name)
      return given ? mapMembers(given, selectedBy) : evaluateType(expression.otherwise, call)
    }
    case 'optional':
      return unionOf([evaluateType(expression.inner, call), NONE_TYPE])
    case 'async':
      return instanceOf('typing.Coroutine', [evaluateType(expression.inner, call)])
    case 'apply':
      return apply(expression.operation, expression.inner, call)
  }
}

function apply(operation: Operation, inner: TypeExpression, call: CallTypes): Type {
  if (operation === 'row') return rowOf(call)
  const type = evaluateType(inner, call)
  switch (operation) {
    case 'instance':
      return mapMembers(type, selectedBy)
    case 'first':
      return mapMembers(type, (member) => (isTuple(member) ? (member.args[0] ?? UNKNOWN_TYPE) : member))
    case 'held':
      return mapMembers(withoutNone(type), (member) => heldBy(member, 0))
    case 'item':
      return call.itemOf(type)
    case 'awaited':
      return call.awaitedOf(type)
  }
}

/** What a row of a statement is that selects the arguments: the one thing, or a tuple of several. */
function rowOf(call: CallTypes): Type {
  const parts = Array.from({ length: call.argumentCount }, (_, position) => mapMembers(call.argument(position), selectedBy))
  return parts.length === 1 ? parts[0]! : instanceOf('builtins.tuple', parts)
}

/** A selected class gives instances, a selected column its values. */
function selectedBy(type: Type): Type {
  if (type.kind === 'class') return instanceOf(type.class, type.args)
  if (type.kind === 'instance' && COLUMN_CLASSES.has(type.class)) return type.args[0] ?? UNKNOWN_TYPE
  return UNKNOWN_TYPE
}

function heldBy(type: Type, position: number): Type {
  return type.kind === 'instance' ? (type.args[position] ?? UNKNOWN_TYPE) : UNKNOWN_TYPE
}

function isTuple(type: Type): type is Extract<Type, { kind: 'instance' }> {
  return type.kind === 'instance' && type.class === 'builtins.tuple'
}

/** Column expressions, whose argument is the type of the column's values. */
const COLUMN_CLASSES: ReadonlySet<string> = new Set(['sqlalchemy.orm.InstrumentedAttribute', 'sqlalchemy.Column', 'sqlalchemy.ColumnElement'])
