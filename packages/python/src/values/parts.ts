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

/** A copy of a value with other values for its parts; the qualified name of what a call calls stays. */
export function mapParts(value: Value, map: (part: Value) => Value): Value {
  switch (value.kind) {
    case 'call':
      return {
        ...value,
        function: value.function && map(value.function),
        arguments: value.arguments.map(map),
        keywords: Object.fromEntries(Object.entries(value.keywords).map(([name, argument]) => [name, map(argument)])),
      }
    case 'attribute':
      return { ...value, object: map(value.object) }
    case 'subscript':
      return { ...value, object: map(value.object), index: value.index.map(map) }
    case 'tuple':
    case 'list':
    case 'set':
      return { ...value, items: value.items.map(map) }
    case 'dict':
      return { ...value, entries: value.entries.map(([key, item]) => [map(key), map(item)] as const) }
    case 'binary':
    case 'boolean':
      return { ...value, left: map(value.left), right: map(value.right) }
    case 'unary':
    case 'await':
    case 'splat':
      return { ...value, operand: map(value.operand) }
    case 'yield':
      return { ...value, operand: value.operand && map(value.operand) }
    case 'compare':
      return { ...value, operands: value.operands.map(map) }
    case 'conditional':
      return { ...value, test: map(value.test), then: map(value.then), else: map(value.else) }
    case 'format':
      return { ...value, parts: value.parts.map(map) }
    case 'lambda':
      return { ...value, body: map(value.body) }
    case 'comprehension':
      return {
        ...value,
        element: map(value.element),
        ...(value.loop && { loop: { ...value.loop, over: map(value.loop.over), tests: value.loop.tests.map(map) } }),
      }
    default:
      return value
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

/** A copy of a value with what local variables and parameters stand for in the place of their names. @param valueOf gives `null` for one that is not known */
export function withoutLocals(value: Value, valueOf: (name: string) => Value | null): Value {
  if (value.kind === 'local') return valueOf(value.name) ?? value
  return mapParts(value, (part) => withoutLocals(part, valueOf))
}

/** The texts in a string, an f-string or a sum of strings. */
export function constantTextsOf(value: Value): readonly string[] {
  if (value.kind === 'literal') return value.type === 'string' ? [String(value.value)] : []
  return value.kind === 'format' || value.kind === 'binary' ? partsOf(value).flatMap(constantTextsOf) : []
}
