/**
 * Whether JSON tells all of a value, so that two values with the same text are the same: no instances of classes, functions, maps, or numbers
 * that are none. Properties that are `undefined` count as left out.
 */
export function isJson(value: unknown): boolean {
  const seen = new Set<object>()
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    switch (typeof next) {
      case 'string':
      case 'boolean':
      case 'undefined':
        continue
      case 'number':
        if (Number.isFinite(next)) continue
        return false
      case 'object':
        if (next === null || seen.has(next)) continue
        if (!Array.isArray(next) && !isPlain(next)) return false
        seen.add(next)
        for (const member of Object.values(next)) pending.push(member)
        continue
      default:
        return false
    }
  }
  return true
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === null
}
