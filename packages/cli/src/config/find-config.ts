import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ownConfigFiles, sharedConfigFiles } from './config-files.ts'
import type { ConfigFile, ConfigFileReader } from './read-config-file.ts'

/** Where the search for a folder's config ended. */
export interface ConfigPlace {
  /** The nearest config; `null` when there is none up to the git root. */
  readonly config: ConfigFile | null
  /** The git work tree's root, if the search came that far. */
  readonly gitRoot: string | null
}

const ownNames: ReadonlySet<string> = new Set(ownConfigFiles)

/**
 * Finds the config that rules the files of a folder: the nearest one, up to the git root. Each folder is listed once; cosmiconfig is asked
 * only about folders that hold a file with a config's name.
 */
export class ConfigFinder {
  readonly #reader: ConfigFileReader
  readonly #places = new Map<string, Promise<ConfigPlace>>()

  constructor(reader: ConfigFileReader) {
    this.#reader = reader
  }

  /**
   * @param folder absolute
   * @param names what the folder holds, if the caller has listed it already
   * @throws {ConfigError} when the nearest config file is broken
   */
  find(folder: string, names?: readonly string[]): Promise<ConfigPlace> {
    const known = this.#places.get(folder)
    if (known !== undefined) return known
    const place = this.#climb(folder, names)
    for (const [passed, result] of place) this.#places.set(passed, result)
    return this.#places.get(folder)!
  }

  /** Climbs until something decides, and gives that answer for every folder passed. */
  #climb(start: string, startNames: readonly string[] | undefined): Map<string, Promise<ConfigPlace>> {
    const passed: string[] = []
    let answer: Promise<ConfigPlace> | undefined
    for (let folder = start; answer === undefined; folder = dirname(folder)) {
      answer = this.#places.get(folder)
      if (answer !== undefined) break
      passed.push(folder)
      answer = this.#look(folder, (folder === start ? startNames : undefined) ?? namesIn(folder))
    }
    return new Map(passed.map((folder) => [folder, answer]))
  }

  /** The answer that this folder gives; `undefined` when the one above must be asked. */
  #look(folder: string, names: readonly string[]): Promise<ConfigPlace> | undefined {
    const isTop = names.includes('.git') || dirname(folder) === folder
    const gitRoot = names.includes('.git') ? folder : null
    if (!names.some((name) => mayBeConfig(folder, name))) return isTop ? Promise.resolve({ config: null, gitRoot }) : undefined
    return this.#reader.search(folder, names).then((config) => {
      if (config !== null || isTop) return { config, gitRoot }
      return this.find(dirname(folder))
    })
  }
}

function mayBeConfig(folder: string, name: string): boolean {
  if (ownNames.has(name)) return true
  // Nearly every Python project has a pyproject.toml: one that never says "krait" need not be parsed.
  return sharedConfigFiles.includes(name) && mentionsKrait(join(folder, name))
}

function mentionsKrait(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes('krait')
  } catch {
    // A folder of that name, or a file that must not be read: cosmiconfig would pass over it too.
    return false
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A folder that may be entered but not listed: the ones above still count.
    return []
  }
}
