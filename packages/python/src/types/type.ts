import type { Constant } from '../values/constant.ts'

/**
 * What is known of the value of an expression. A type is JSON, so that it can be the answer of an index.
 *
 * Classes are canonical qualified names. `None` is an instance of `types.NoneType`, a container carries the types of what it holds in `args`
 * (`list[int]`, `dict[str, User]`, `sqlalchemy.Select[User]`).
 */
export type Type = InstanceType | ClassType | FunctionType | ModuleType | UnionType | UnknownType

export interface InstanceType {
  readonly kind: 'instance'
  readonly class: string
  readonly args: readonly Type[]
  /** The value itself, where it is a literal. */
  readonly literal?: Constant
}

/** The class itself, as in `type[User]` or the bare name `User`. */
export interface ClassType {
  readonly kind: 'class'
  readonly class: string
  readonly args: readonly Type[]
}

/** A function or a method. */
export interface FunctionType {
  readonly kind: 'function'
  readonly name: string
  /** What a method was taken from: an instance or a class. */
  readonly receiver: Type | null
}

export interface ModuleType {
  readonly kind: 'module'
  readonly name: string
}

/** One of several types; flat, without duplicates, none of them unknown. */
export interface UnionType {
  readonly kind: 'union'
  readonly members: readonly Type[]
}

export interface UnknownType {
  readonly kind: 'unknown'
}

export const UNKNOWN_TYPE: UnknownType = { kind: 'unknown' }
/** No value at all: what a question that leads back to itself adds to its answer. Never given to rules. */
export const NEVER_TYPE: UnionType = { kind: 'union', members: [] }
export const NONE_TYPE: InstanceType = { kind: 'instance', class: 'types.NoneType', args: [] }

/** Larger unions are unknown. */
const MAX_MEMBERS = 16

export function instanceOf(className: string, args: readonly Type[] = []): InstanceType {
  return { kind: 'instance', class: className, args: args.map(knownOrUnknown) }
}

export function classType(className: string, args: readonly Type[] = []): ClassType {
  return { kind: 'class', class: className, args }
}

export function functionType(name: string, receiver: Type | null = null): FunctionType {
  return { kind: 'function', name, receiver }
}

/** The union of types; unknown as soon as one of them is. */
export function unionOf(types: readonly Type[]): Type {
  const members = new Map<string, Type>()
  for (const type of types) {
    if (type.kind === 'unknown') return UNKNOWN_TYPE
    for (const member of type.kind === 'union' ? type.members : [type]) members.set(typeKey(member), member)
  }
  if (members.size === 0) return NEVER_TYPE
  if (members.size > MAX_MEMBERS) return UNKNOWN_TYPE
  return members.size === 1 ? [...members.values()][0]! : { kind: 'union', members: [...members.values()] }
}

/** The members of a union, or the type itself. */
export function membersOf(type: Type): readonly Type[] {
  return type.kind === 'union' ? type.members : [type]
}

export function isNoneType(type: Type): boolean {
  return type.kind === 'instance' && type.class === NONE_TYPE.class
}

/** The type without `None`; unknown if nothing is left. */
export function withoutNone(type: Type): Type {
  if (isNoneType(type)) return UNKNOWN_TYPE
  return type.kind === 'union' ? unionOf(type.members.filter((member) => !isNoneType(member))) : type
}

/** Unknown in place of no value at all. */
export function knownOrUnknown(type: Type): Type {
  return type.kind === 'union' && type.members.length === 0 ? UNKNOWN_TYPE : type
}

/** The class of which a value is an instance, `None` aside; `null` if it is not known or not one class. */
export function classOf(type: Type): string | null {
  const known = withoutNone(type)
  return known.kind === 'instance' ? known.class : null
}

/** Applies an operation to each member of a union. */
export function mapMembers(type: Type, operation: (member: Type) => Type): Type {
  if (type.kind !== 'union') return operation(type)
  return unionOf(type.members.map(operation))
}

/** A text by which equal types are equal. */
export function typeKey(type: Type): string {
  switch (type.kind) {
    case 'instance':
      return `${type.class}${argsKey(type.args)}${type.literal === undefined ? '' : `=${JSON.stringify(type.literal)}`}`
    case 'class':
      return `type:${type.class}${argsKey(type.args)}`
    case 'function':
      return `def:${type.name}${type.receiver ? `@${typeKey(type.receiver)}` : ''}`
    case 'module':
      return `module:${type.name}`
    case 'union':
      return type.members.map(typeKey).sort().join('|')
    case 'unknown':
      return '?'
  }
}

/** A type as people write it: `list[app.models.User] | None`. */
export function showType(type: Type): string {
  switch (type.kind) {
    case 'instance':
      return isNoneType(type) ? 'None' : type.class.replace(/^builtins\./, '') + showArgs(type.args)
    case 'class':
      return `type[${type.class}${showArgs(type.args)}]`
    case 'function':
      return `def ${type.name}`
    case 'module':
      return `module ${type.name}`
    case 'union':
      return type.members.map(showType).join(' | ')
    case 'unknown':
      return 'unknown'
  }
}

function argsKey(args: readonly Type[]): string {
  return args.length === 0 ? '' : `[${args.map(typeKey).join(',')}]`
}

function showArgs(args: readonly Type[]): string {
  return args.length === 0 ? '' : `[${args.map(showType).join(', ')}]`
}
