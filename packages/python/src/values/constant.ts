import type { PythonProject } from '../project/python-project.ts'
import { UNKNOWN } from './value.ts'
import type { Value } from './value.ts'

/** A statically known Python value: `None` is `null`, tuples, lists and sets are arrays, bytes are strings with one code unit per byte. */
export type Constant = null | boolean | number | string | readonly Constant[] | ConstantDict

/** A dict with known keys and values. */
export interface ConstantDict {
  readonly entries: readonly (readonly [key: Constant, value: Constant])[]
}

const MAX_DEPTH = 30
/** Longer results of `*` and `+` are not computed. */
const MAX_LENGTH = 100_000

/**
 * Folds a value with absolute names.
 * @param follow replaces the name of a variable bound once by what it is bound to
 * @returns `undefined` if a part is not known
 */
export function constantOf(value: Value, follow: (value: Value) => Value, project: PythonProject): Constant | undefined {
  return fold(value, 0)

  function meaningOf(name: Value & { readonly kind: 'name' }): Value {
    return enumMember(name.name, project) ?? follow(name)
  }

  function fold(given: Value, depth: number): Constant | undefined {
    if (depth > MAX_DEPTH) return undefined
    const current = given.kind === 'name' ? meaningOf(given) : given
    const inner = (part: Value) => fold(part, depth + 1)
    switch (current.kind) {
      case 'literal':
        return current.type === 'ellipsis' || current.type === 'complex' ? undefined : current.value
      case 'tuple':
      case 'list':
      case 'set':
        return current.open ? undefined : all(current.items.map(inner))
      case 'dict':
        return current.open ? undefined : foldDict(current.entries, inner)
      case 'unary':
        return foldUnary(current.operator, inner(current.operand))
      case 'binary':
        return foldBinary(current.operator, inner(current.left), inner(current.right))
      case 'boolean': {
        const left = inner(current.left)
        if (left === undefined) return undefined
        return isTruthy(left) === (current.operator === 'or') ? left : inner(current.right)
      }
      case 'conditional': {
        const test = inner(current.test)
        return test === undefined ? undefined : inner(isTruthy(test) ? current.then : current.else)
      }
      case 'format':
        return foldFormat(current.parts.map(inner))
      case 'subscript':
        return foldSubscript(inner(current.object), current.index.length === 1 ? inner(current.index[0]!) : undefined)
      default:
        return undefined
    }
  }
}

/**
 * `Color.RED.value` and `Color.RED` of a string or integer enum give the member's value, `Color.RED.name` gives `RED`. A member of another enum is no
 * constant: `UNKNOWN`. `null` for a name that is no member.
 */
function enumMember(name: string, project: PythonProject): Value | null {
  const parts = name.split('.')
  const last = parts.at(-1)
  const access = last === 'value' || last === 'name' ? last : null
  const memberParts = access ? parts.slice(0, -1) : parts
  if (memberParts.length < 2) return null
  const className = memberParts.slice(0, -1).join('.')
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return null
  if (project.isSubclassOf(className, ['enum.Enum']) !== true) return null
  const memberName = memberParts.at(-1)!
  const member = Object.hasOwn(definition.fact.members, memberName) ? definition.fact.members[memberName] : undefined
  if (member?.kind !== 'variable' || !member.value) return null
  if (access === 'name') return { kind: 'literal', type: 'string', value: memberName }
  if (!access && project.isSubclassOf(className, ['builtins.str', 'builtins.int']) !== true) return UNKNOWN
  return project.value(member.value, definition.path)
}

function all(items: readonly (Constant | undefined)[]): Constant[] | undefined {
  return items.includes(undefined) ? undefined : (items as Constant[])
}

function foldDict(entries: readonly (readonly [Value, Value])[], fold: (value: Value) => Constant | undefined): ConstantDict | undefined {
  const folded: (readonly [Constant, Constant])[] = []
  for (const [key, value] of entries) {
    const foldedKey = fold(key)
    const foldedValue = fold(value)
    if (foldedKey === undefined || foldedValue === undefined) return undefined
    folded.push([foldedKey, foldedValue])
  }
  return { entries: folded }
}

function foldUnary(operator: string, operand: Constant | undefined): Constant | undefined {
  if (operand === undefined) return undefined
  if (operator === 'not') return !isTruthy(operand)
  if (typeof operand !== 'number') return undefined
  return operator === '-' ? -operand : operator === '+' ? operand : ~operand
}

function foldBinary(operator: string, left: Constant | undefined, right: Constant | undefined): Constant | undefined {
  if (left === undefined || right === undefined) return undefined
  if (typeof left === 'number' && typeof right === 'number') return foldNumbers(operator, left, right)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') {
    return left.length + right.length > MAX_LENGTH ? undefined : left + right
  }
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right] as Constant[]
  if (operator === '*' && typeof left === 'string' && typeof right === 'number') {
    return left.length * right > MAX_LENGTH ? undefined : left.repeat(Math.max(0, right))
  }
  return operator === '%' && typeof left === 'string' ? foldPercent(left, right) : undefined
}

function foldNumbers(operator: string, left: number, right: number): number | undefined {
  const result = compute(operator, left, right)
  return result !== undefined && Number.isFinite(result) ? result : undefined
}

/** Python's `//` and `%` round towards minus infinity. */
function compute(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? undefined : left / right
    case '//':
      return right === 0 ? undefined : Math.floor(left / right)
    case '%':
      return right === 0 ? undefined : left - right * Math.floor(left / right)
    case '**':
      return left ** right
    default:
      return undefined
  }
}

/** `"%s of %s" % (a, b)` with plain `%s` and `%d`. */
function foldPercent(format: string, right: Constant): string | undefined {
  const parts = format.split(/(%[sd%])/)
  if (parts.some((part, i) => i % 2 === 0 && part.includes('%'))) return undefined
  const given = Array.isArray(right) ? [...(right as Constant[])] : [right]
  let out = ''
  for (const part of parts) {
    if (part === '%%') out += '%'
    else if (part === '%s' || part === '%d') {
      const next = given.shift()
      if (typeof next !== 'string' && typeof next !== 'number') return undefined
      out += String(next)
    } else out += part
  }
  return given.length === 0 ? out : undefined
}

function foldFormat(parts: readonly (Constant | undefined)[]): string | undefined {
  let out = ''
  for (const part of parts) {
    if (typeof part === 'string') out += part
    else if (typeof part === 'number' && Number.isInteger(part)) out += String(part)
    else return undefined
  }
  return out
}

function foldSubscript(object: Constant | undefined, index: Constant | undefined): Constant | undefined {
  if (object === undefined || index === undefined || object === null || typeof object !== 'object') return undefined
  if (Array.isArray(object)) return typeof index === 'number' ? (object as readonly Constant[]).at(index) : undefined
  return (object as ConstantDict).entries.findLast(([key]) => key === index)?.[1]
}

/** Whether Python takes the value for true. */
function isTruthy(value: Constant): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return (value as ConstantDict).entries.length > 0
  return Boolean(value)
}
