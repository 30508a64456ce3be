import type { Settings } from '@krait/core'

/** The strings under `settings.<topic>.<key>`; none if the config does not set it. What is no string is left out. */
export function listSetting(settings: Settings, topic: string, key: string): readonly string[] {
  const group = settings[topic]
  const value: unknown = typeof group === 'object' && group !== null ? (group as Readonly<Record<string, unknown>>)[key] : undefined
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
