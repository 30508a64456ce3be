import type { Settings } from './config.ts'

/** Merges settings: objects key by key at any depth, all else (arrays too) is replaced by the later value. Takes and changes neither. */
export function mergeSettings(earlier: Settings, later: Settings): Settings {
  const merged = { ...earlier }
  const pending: { target: Record<string, unknown>; source: Settings }[] = [{ target: merged, source: later }]
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { target, source } = step
    for (const [key, value] of Object.entries(source)) {
      const existing = Object.hasOwn(target, key) ? target[key] : undefined
      if (!isPlainObject(existing) || !isPlainObject(value)) {
        setOwn(target, key, value)
        continue
      }
      const copy = { ...existing }
      setOwn(target, key, copy)
      pending.push({ target: copy, source: value })
    }
  }
  return merged
}

/** True for what JSON calls an object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A plain assignment to `__proto__` would change the object's prototype instead of adding a key. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}
