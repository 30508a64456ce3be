import { DATE_KIND, DELTA_KIND, NONE_KIND, UNKNOWN_KIND, isDatetime } from './kind.ts'
import type { DeltaKind, Kind } from './kind.ts'
import { changedText } from './texts.ts'
import type { Reading } from './reading.ts'

/** The kind of `left operator right`. */
export function binaryKind<Expression>(reading: Reading<Expression>, operator: string, left: Expression, right: Expression): Kind {
  switch (operator) {
    case '+':
      return sum(reading, left, right)
    case '-':
      return difference(reading.kindOf(left), reading.kindOf(right))
    case '*':
      return product(reading, left, right)
    case '/':
    case '//':
    case '%':
      return quotient(reading, operator, left, right)
    default:
      return UNKNOWN_KIND
  }
}

/** The kind of `-value`, `+value`. */
export function unaryKind(operator: string, operand: Kind): Kind {
  if (operand.kind !== 'delta') return UNKNOWN_KIND
  return operator === '-' ? { ...operand, seconds: operand.seconds === null ? null : -operand.seconds } : operator === '+' ? operand : UNKNOWN_KIND
}

/** Whatever is added to a datetime, the result is one of the same awareness. */
function sum<Expression>(reading: Reading<Expression>, left: Expression, right: Expression): Kind {
  const a = reading.kindOf(left)
  const b = reading.kindOf(right)
  if (isNothing(a, b)) return NONE_KIND
  if (a.kind === 'text') return typeof reading.constantOf(right) === 'string' ? changedText(a, `+${reading.written(right)}`) : UNKNOWN_KIND
  if (isMoment(a)) return isMoment(b) ? UNKNOWN_KIND : a
  if (isMoment(b)) return b
  return a.kind === 'delta' && b.kind === 'delta' ? addDeltas(a, b, 1) : UNKNOWN_KIND
}

function difference(a: Kind, b: Kind): Kind {
  if (isNothing(a, b)) return NONE_KIND
  if (isDatetime(a) && isDatetime(b)) return DELTA_KIND
  if (a.kind === 'date' && b.kind === 'date') return DELTA_KIND
  if (isMoment(a) && (b.kind === 'delta' || b.kind === 'calendar-delta')) return a
  return a.kind === 'delta' && b.kind === 'delta' ? addDeltas(a, b, -1) : UNKNOWN_KIND
}

function product<Expression>(reading: Reading<Expression>, left: Expression, right: Expression): Kind {
  const a = reading.kindOf(left)
  const b = reading.kindOf(right)
  if (a.kind === 'delta' && b.kind !== 'delta') return scaled(a, reading.constantOf(right))
  return b.kind === 'delta' && a.kind !== 'delta' ? scaled(b, reading.constantOf(left)) : UNKNOWN_KIND
}

function quotient<Expression>(reading: Reading<Expression>, operator: string, left: Expression, right: Expression): Kind {
  const a = reading.kindOf(left)
  if (a.kind !== 'delta') return UNKNOWN_KIND
  if (operator === '%') return reading.kindOf(right).kind === 'delta' ? DELTA_KIND : UNKNOWN_KIND
  const divisor = reading.constantOf(right)
  if (typeof divisor === 'number' && divisor !== 0) return scaled(a, 1 / divisor)
  const type = reading.typeOf(right)
  return type.kind === 'instance' && NUMBERS.has(type.class) ? { ...a, seconds: null } : UNKNOWN_KIND
}

const NUMBERS: ReadonlySet<string> = new Set(['builtins.int', 'builtins.float'])

function scaled(delta: DeltaKind, factor: unknown): DeltaKind {
  return { ...delta, seconds: typeof factor === 'number' && delta.seconds !== null ? delta.seconds * factor : null }
}

function addDeltas(a: DeltaKind, b: DeltaKind, sign: 1 | -1): DeltaKind {
  const unit = a.unit === 'clock' || b.unit === 'clock' ? 'clock' : a.unit === b.unit ? a.unit : null
  return { kind: 'delta', unit, seconds: a.seconds === null || b.seconds === null ? null : a.seconds + sign * b.seconds }
}

/** `None` with a length of time, as which a value counts that is asked for again in its own answer: in a loop, `at += step` adds nothing. */
function isNothing(a: Kind, b: Kind): boolean {
  return a.kind === 'none' && (b.kind === 'delta' || b.kind === 'calendar-delta' || b.kind === 'none')
}

function isMoment(kind: Kind): boolean {
  return isDatetime(kind) || kind.kind === DATE_KIND.kind
}
