import type { CallNode } from '../generated/nodes.ts'
import { positionalArguments } from '../shared/calls.ts'
import { lastNameOf } from '../shared/last-name.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import { stringText } from '../shared/strings.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Awareness } from './narrowing.ts'

/** What a test says of a name or attribute, if it holds: that it is aware or naive, or an instance of classes. */
export type ValueTest =
  | { readonly subject: PythonNode; readonly ifTrue: Awareness | null; readonly ifFalse: Awareness | null }
  | { readonly subject: PythonNode; readonly classes: PythonNode }

/** Reads one test without `and`, `or` and `not`; `null` if it says nothing about a time zone or a class. */
export function valueTest(test: PythonNode): ValueTest | null {
  const node = withoutParentheses(test)
  switch (node.kind) {
    case 'comparison_operator':
      return comparison(node)
    case 'identifier':
      return { subject: node, ifTrue: null, ifFalse: 'none' }
    case 'attribute':
      return node.attribute.text === 'tzinfo' ? awareIf(node.object, true) : { subject: node, ifTrue: null, ifFalse: 'none' }
    case 'call':
      return ofCall(node)
    case 'named_expression':
      return { subject: node.name, ifTrue: null, ifFalse: 'none' }
    default:
      return null
  }
}

function comparison(node: PythonNode): ValueTest | null {
  const [left, right, ...others] = node.namedChildren
  const operator = node.fieldAll('operators')[0]?.text.replace(/\s+/g, ' ')
  if (!left || !right || others.length > 0 || operator === undefined) return null
  const isSame = operator === 'is' || operator === '=='
  if (!isSame && operator !== 'is not' && operator !== '!=') return null
  const subject = zoneOwner(withoutParentheses(left))
  if (!subject) return right.kind === 'none' ? { subject: left, ifTrue: isSame ? 'none' : null, ifFalse: isSame ? null : 'none' } : null
  if (right.kind !== 'none') return isSame ? { subject, ifTrue: 'aware', ifFalse: null } : null
  return awareIf(subject, !isSame)
}

function awareIf(subject: PythonNode, holds: boolean): ValueTest {
  return { subject, ifTrue: holds ? 'aware' : 'naive', ifFalse: holds ? 'naive' : 'aware' }
}

/** `x` of `x.tzinfo`, `x.utcoffset()`, `x.tzinfo.utcoffset(x)` and `getattr(x, "tzinfo", None)`. */
function zoneOwner(node: PythonNode): PythonNode | null {
  if (node.kind === 'attribute') return node.attribute.text === 'tzinfo' ? node.object : null
  if (node.kind !== 'call') return null
  const called = node.function
  if (called.kind === 'attribute' && called.attribute.text === 'utcoffset') {
    const zone = withoutParentheses(called.object)
    return zone.kind === 'attribute' && zone.attribute.text === 'tzinfo' ? zone.object : zone
  }
  const [subject, name] = called.text === 'getattr' ? positionalArguments(node) : []
  return subject && stringText(name) === 'tzinfo' ? subject : null
}

function ofCall(node: CallNode): ValueTest | null {
  const [subject, classes] = positionalArguments(node)
  if (!subject) {
    const owner = zoneOwner(node)
    return owner && awareIf(owner, true)
  }
  const name = lastNameOf(node.function)
  if (name === 'is_naive' || name === 'is_aware') return awareIf(subject, name === 'is_aware')
  if (name === 'isinstance' && classes) return { subject, classes }
  const owner = zoneOwner(node)
  return owner && awareIf(owner, true)
}
