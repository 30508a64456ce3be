import type { Value } from './value.ts'

/** The values that a value is directly made of. */
export function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'call':
      return [...(value.function ? [value.function] : []), ...value.arguments, ...Object.values(value.keywords)]
    case 'attribute':
      return [value.object]
    case 'subscript':
      return [value.object, ...value.index]
    case 'tuple':
    case 'list':
    case 'set':
      return value.items
    case 'dict':
      return value.entries.flat()
    case 'binary':
    case 'boolean':
      return [value.left, value.right]
    case 'unary':
    case 'await':
    case 'splat':
      return [value.operand]
    case 'yield':
      return value.operand ? [value.operand] : []
    case 'compare':
      return value.operands
    case 'conditional':
      return [value.test, value.then, value.else]
    case 'format':
      return value.parts
    case 'lambda':
      return [value.body]
    case 'comprehension':
      return [value.element]
    default:
      return []
  }
}

/** A value with all that is in it, outermost first. */
export function* valuesIn(value: Value): Generator<Value> {
  const waiting = [value]
  for (let current = waiting.pop(); current; current = waiting.pop()) {
    yield current
    waiting.push(...[...partsOf(current)].reverse())
  }
}
