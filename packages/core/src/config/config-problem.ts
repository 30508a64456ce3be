/** Something wrong in a config. */
export interface ConfigProblem {
  /** Where inside the config: `rules['datetime/no-utcnow'][1].allow[0]`; empty for the config as a whole. */
  readonly place: string
  readonly message: string
}

/** The place of a key or an index inside another place. */
export function placeInside(place: string, key: string | number): string {
  if (typeof key === 'number') return `${place}[${key}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${place}['${key.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}']`
  return place === '' ? key : `${place}.${key}`
}

/** A value as an error message shows it: JSON, shortened. */
export function showValue(value: unknown): string {
  const text = typeof value === 'function' ? 'a function' : (safeJson(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    // Cyclic, or nested deeper than JSON.stringify can follow.
    return Array.isArray(value) ? 'an array' : 'an object'
  }
}
