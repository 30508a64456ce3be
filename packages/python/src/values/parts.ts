import type { CallValue, Value } from './value.ts'

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

/** A value with other values for its parts, itself if they stay the same; the qualified name of what a call calls stays. */
export function mapParts(value: Value, map: (part: Value) => Value): Value {
  switch (value.kind) {
    case 'call':
      return mapCall(value, map)
    case 'attribute': {
      const object = map(value.object)
      return object === value.object ? value : { ...value, object }
    }
    case 'subscript': {
      const object = map(value.object)
      const index = mapAll(value.index, map)
      return object === value.object && index === value.index ? value : { ...value, object, index }
    }
    case 'tuple':
    case 'list':
    case 'set': {
      const items = mapAll(value.items, map)
      return items === value.items ? value : { ...value, items }
    }
    case 'dict':
      return { ...value, entries: value.entries.map(([key, item]) => [map(key), map(item)] as const) }
    case 'binary':
    case 'boolean': {
      const left = map(value.left)
      const right = map(value.right)
      return left === value.left && right === value.right ? value : { ...value, left, right }
    }
    case 'unary':
    case 'await':
    case 'splat': {
      const operand = map(value.operand)
      return operand === value.operand ? value : { ...value, operand }
    }
    case 'yield':
      return { ...value, operand: value.operand && map(value.operand) }
    case 'compare':
      return { ...value, operands: value.operands.map(map) }
    case 'conditional':
      return { ...value, test: map(value.test), then: map(value.then), else: map(value.else) }
    case 'format': {
      const parts = mapAll(value.parts, map)
      return parts === value.parts ? value : { ...value, parts }
    }
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

function mapCall(value: CallValue, map: (part: Value) => Value): CallValue {
  const called = value.function && map(value.function)
  const given = mapAll(value.arguments, map)
  const keywords = mapRecord(value.keywords, map)
  if (called === value.function && given === value.arguments && keywords === value.keywords) return value
  return { ...value, function: called, arguments: given, keywords }
}

/** The same array where no part becomes another one: most values have nothing to change in them. */
function mapAll(values: readonly Value[], map: (part: Value) => Value): readonly Value[] {
  let mapped: Value[] | undefined
  for (let i = 0; i < values.length; i++) {
    const part = values[i]!
    const other = map(part)
    if (other !== part) mapped ??= values.slice()
    if (mapped) mapped[i] = other
  }
  return mapped ?? values
}

function mapRecord(values: Readonly<Record<string, Value>>, map: (part: Value) => Value): Readonly<Record<string, Value>> {
  let hasChanged = false
  const entries = Object.entries(values)
  for (const entry of entries) {
    const other = map(entry[1])
    hasChanged ||= other !== entry[1]
    entry[1] = other
  }
  return hasChanged ? Object.fromEntries(entries) : values
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
