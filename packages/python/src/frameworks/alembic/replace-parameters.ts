import type { Value } from '../../values/value.ts'

/** Copies a value with names of parameters and loop variables replaced by what is known of them. */
export function replaceParameters(value: Value, known: ReadonlyMap<string, Value>): Value {
  if (known.size === 0) return value
  const replace = (inner: Value): Value => replaceParameters(inner, known)
  switch (value.kind) {
    case 'local':
      return known.get(value.name) ?? value
    case 'call':
      return {
        ...value,
        function: value.function && replace(value.function),
        arguments: value.arguments.map(replace),
        keywords: Object.fromEntries(Object.entries(value.keywords).map(([name, argument]) => [name, replace(argument)])),
      }
    case 'attribute':
      return { ...value, object: replace(value.object) }
    case 'subscript':
      return { ...value, object: replace(value.object), index: value.index.map(replace) }
    case 'tuple':
    case 'list':
    case 'set':
      return { ...value, items: value.items.map(replace) }
    case 'dict':
      return { ...value, entries: value.entries.map(([key, item]) => [replace(key), replace(item)] as const) }
    case 'binary':
    case 'boolean':
      return { ...value, left: replace(value.left), right: replace(value.right) }
    case 'unary':
    case 'splat':
      return { ...value, operand: replace(value.operand) }
    case 'conditional':
      return { ...value, test: replace(value.test), then: replace(value.then), else: replace(value.else) }
    case 'format':
      return { ...value, parts: value.parts.map(replace) }
    default:
      return value
  }
}
