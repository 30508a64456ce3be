import { UNKNOWN } from '../values/value.ts'
import type { Value } from '../values/value.ts'

/** A value without what would only make a fact long: what a display holds, what a call was given. */
export function outline(value: Value): Value {
  switch (value.kind) {
    case 'tuple':
    case 'list':
    case 'set':
      return { kind: value.kind, items: [], open: true }
    case 'dict':
      return { kind: 'dict', entries: [], open: true }
    case 'call':
      return { ...value, function: value.function && outline(value.function), arguments: [], keywords: {}, open: true }
    case 'attribute':
      return { ...value, object: outline(value.object) }
    case 'subscript':
      return { ...value, object: outline(value.object), index: [] }
    case 'await':
      return { ...value, operand: outline(value.operand) }
    case 'format':
      return { kind: 'format', parts: [] }
    case 'literal':
      return typeof value.value === 'string' ? { ...value, value: '' } : value
    case 'name':
    case 'local':
      return value
    case 'boolean':
      return { ...value, left: outline(value.left), right: outline(value.right) }
    case 'conditional':
      return { ...value, test: UNKNOWN, then: outline(value.then), else: outline(value.else) }
    default:
      return UNKNOWN
  }
}
