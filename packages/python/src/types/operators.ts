import { UNKNOWN_TYPE, instanceOf, isNoneType, membersOf, unionOf } from './type.ts'
import type { Type } from './type.ts'

/** The type of `left operator right` for the built-in types, dates and paths. */
export function binaryType(operator: string, left: Type, right: Type): Type {
  const results: Type[] = []
  for (const a of membersOf(left)) for (const b of membersOf(right)) results.push(combine(operator, a, b))
  return unionOf(results)
}

function combine(operator: string, left: Type, right: Type): Type {
  if (left.kind !== 'instance' || isNoneType(left)) return UNKNOWN_TYPE
  const a = left.class
  const b = right.kind === 'instance' ? right.class : null
  if (a === 'builtins.str' && (operator === '%' || operator === '*')) return instanceOf(a)
  if (a === 'pathlib.Path' && operator === '/') return instanceOf(a)
  if (b === null) return UNKNOWN_TYPE
  if (NUMBERS.includes(a) && NUMBERS.includes(b)) {
    return instanceOf(operator === '/' ? 'builtins.float' : NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b), 1)]!)
  }
  if (operator === '-' && isMoment(a) && a === b) return instanceOf(DELTA)
  if ((operator === '+' || operator === '-') && isMoment(a) && b === DELTA) return instanceOf(a)
  if (operator === '+' && a === DELTA && isMoment(b)) return instanceOf(b)
  if (a === DELTA && b === DELTA) return operator === '/' ? instanceOf('builtins.float') : operator === '//' ? instanceOf('builtins.int') : instanceOf(DELTA)
  if (a === DELTA || b === DELTA) return NUMBERS.includes(a === DELTA ? b : a) ? instanceOf(DELTA) : UNKNOWN_TYPE
  if (a === 'builtins.list' && NUMBERS.includes(b) && operator === '*') return left
  if (a === b && SAME.has(a)) return a === 'builtins.list' ? instanceOf(a, [unionOf([...left.args, ...(right as typeof left).args])]) : instanceOf(a)
  return UNKNOWN_TYPE
}

function isMoment(className: string): boolean {
  return className === 'datetime.datetime' || className === 'datetime.date'
}

const DELTA = 'datetime.timedelta'
/** From the narrowest to the widest; arithmetic on booleans gives integers. */
const NUMBERS = ['builtins.bool', 'builtins.int', 'builtins.float', 'builtins.complex']
/** Operators of two of them give one of them. */
const SAME: ReadonlySet<string> = new Set(['builtins.str', 'builtins.bytes', 'builtins.list', 'builtins.set', 'builtins.dict', 'decimal.Decimal'])
