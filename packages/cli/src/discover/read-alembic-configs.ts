import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { compareCodeUnits, type Settings } from '@krait/core'
import type { AlembicConfig } from '@krait/python'
import { ALEMBIC_CONFIG_NAME } from './alembic-config-name.ts'

/**
 * The settings of a project with what its `alembic.ini` files say. Rules see them as settings, so that findings of an earlier run fall with a change of such a file.
 * @param paths of the files, relative to the root
 */
export function withAlembicConfigs(settings: Settings, root: string, paths: readonly string[]): Settings {
  const configs = [...paths].sort(compareCodeUnits).flatMap((path) => readAlembicConfig(root, path) ?? [])
  return configs.length === 0 ? settings : { ...settings, [ALEMBIC_CONFIG_NAME]: configs }
}

function readAlembicConfig(root: string, path: string): AlembicConfig | null {
  let text: string
  try {
    text = readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
  const folder = posix.dirname(path)
  const drivers: string[] = []
  const versionLocations: string[] = []
  for (const [key, value] of entriesIn(text)) {
    // No more of a URL is kept: it may hold a password.
    const driver = key === 'sqlalchemy.url' ? /^(\w+)(?:\+\w+)?:/.exec(value)?.[1] : undefined
    if (driver !== undefined) drivers.push(driver)
    if (key === 'version_locations') versionLocations.push(...locationsIn(value, folder))
  }
  return { path, drivers, versionLocations }
}

/** The options of an INI file, of all its sections. Values can go on in lines that are indented. */
function entriesIn(text: string): readonly (readonly [key: string, value: string])[] {
  const entries: [string, string][] = []
  for (const line of text.split(/\r?\n/)) {
    const option = /^([\w.]+)\s*[=:]\s*(.*)$/.exec(line)
    const last = entries.at(-1)
    if (/^\s*[#;]/.test(line)) continue
    if (option) entries.push([option[1]!, option[2]!.trim()])
    else if (/^\s+\S/.test(line) && last) last[1] += `\n${line.trim()}`
  }
  return entries
}

/** Relative to the root of the project; `../` where they lie outside. */
function locationsIn(value: string, folder: string): readonly string[] {
  const places = value.split(/[\s,;:]+/).filter((place) => place !== '')
  return places.map((place) => posix.normalize(place.startsWith('%(here)s') ? posix.join(folder, place.slice('%(here)s'.length)) : posix.join(folder, place)))
}
