import type { Value } from '../values/value.ts'

/** A test of whether a datetime has a zone. */
interface AwarenessTest {
  readonly subject: Value
  readonly ifTrue: 'aware' | 'naive'
}

/** `x.tzinfo`, `x.tzinfo is None`, `x.utcoffset() is not None`, `not x.tzinfo`, `is_naive(x)`; `null` for other tests. */
export function awarenessTest(test: Value): AwarenessTest | null {
  if (test.kind === 'unary' && test.operator === 'not') return opposite(awarenessTest(test.operand))
  if (test.kind === 'compare') {
    const [left, right] = test.operands
    const isNone = right?.kind === 'literal' && right.type === 'none' && test.operators.length === 1
    if (!isNone || !left) return null
    const subject = zoneOwner(left)
    return subject && { subject, ifTrue: test.operators[0] === 'is' || test.operators[0] === '==' ? 'naive' : 'aware' }
  }
  if (test.kind === 'call') {
    const [subject] = test.arguments
    if (subject && /(^|\.)is_naive$/.test(test.callee ?? '')) return { subject, ifTrue: 'naive' }
    return subject && /(^|\.)is_aware$/.test(test.callee ?? '') ? { subject, ifTrue: 'aware' } : null
  }
  const subject = zoneOwner(test)
  return subject && { subject, ifTrue: 'aware' }
}

function zoneOwner(value: Value): Value | null {
  if (value.kind === 'attribute' && value.attribute === 'tzinfo') return value.object
  const called = value.kind === 'call' ? value.function : null
  return called?.kind === 'attribute' && called.attribute === 'utcoffset' ? called.object : null
}

function opposite(test: AwarenessTest | null): AwarenessTest | null {
  return test && { subject: test.subject, ifTrue: test.ifTrue === 'aware' ? 'naive' : 'aware' }
}
