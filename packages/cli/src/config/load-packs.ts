import { createRegistry, isPlainObject, PackError, type Pack, type Registry } from '@krait/core'
import { ConfigError, configError } from './config-error.ts'
import { loadCode } from './load-code.ts'

/** Where an in-house pack comes from: plain data, from which a worker thread loads the same pack. */
export interface PackReference {
  /** As the config names it. */
  readonly specifier: string
  /** The absolute path of its entry file. */
  readonly file: string
  /** The absolute path of the config that names it; `null` for the command line. */
  readonly config: string | null
  /** The place in that config: `packs[0]`. */
  readonly place: string
}

/** The packs that come with krait. */
export async function loadOfficialPacks(): Promise<readonly Pack[]> {
  const { officialPacks } = await import('../official-packs.ts')
  return officialPacks
}

/** Packs that are loaded or being loaded, by the path of their entry file. */
export type PackCache = Map<string, Promise<Pack>>

/**
 * Loads one in-house pack.
 *
 * @param cache a file that several configs name is loaded once
 * @throws {ConfigError} when the module cannot be loaded or is no pack
 */
export function loadPack(reference: PackReference, cache: PackCache): Promise<Pack> {
  let pack = cache.get(reference.file)
  if (pack === undefined) {
    pack = runPack(reference)
    cache.set(reference.file, pack)
  }
  return pack
}

/**
 * The registry of the official packs and some in-house packs.
 *
 * @param officialPacks instead of krait's own (tests)
 * @throws {ConfigError} when a pack cannot be loaded, or packs do not go together
 */
export async function loadRegistry(
  references: readonly PackReference[],
  cache: PackCache = new Map(),
  officialPacks?: readonly Pack[],
): Promise<Registry> {
  const packs = new Set(officialPacks ?? await loadOfficialPacks())
  for (const reference of references) packs.add(await loadPack(reference, cache))
  try {
    return createRegistry([...packs])
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    throw configError(references[0]?.config ?? null, 'packs', error.message, error)
  }
}

async function runPack(reference: PackReference): Promise<Pack> {
  const { specifier, file, config, place } = reference
  let value: unknown
  try {
    value = await loadCode(file, ['default', 'pack'])
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw configError(config, place, `The pack '${specifier}' cannot be loaded: ${error.message}`, error)
  }
  const problem = packProblem(value)
  if (problem === null) return value as Pack
  throw configError(config, place, `'${specifier}' is not a pack: ${problem}. Its default export (or its export 'pack') must come from definePack().`)
}

function packProblem(value: unknown): string | null {
  if (!isPlainObject(value)) return 'it exports no object'
  if (typeof value['name'] !== 'string') return '\'name\' must be a string'
  if (typeof value['version'] !== 'string') return '\'version\' must be a string'
  if (!Array.isArray(value['rules'])) return '\'rules\' must be an array'
  for (const [index, rule] of (value['rules'] as readonly unknown[]).entries()) {
    const problem = ruleProblem(rule)
    if (problem !== null) return `rules[${index}]: ${problem}`
  }
  return null
}

function ruleProblem(rule: unknown): string | null {
  if (!isPlainObject(rule)) return 'it is not an object'
  if (typeof rule['name'] !== 'string') return '\'name\' must be a string'
  const meta = rule['meta']
  if (!isPlainObject(meta)) return `'${rule['name']}' has no 'meta'`
  if (!isPlainObject(meta['docs'])) return `'${rule['name']}' has no 'meta.docs'`
  if (!isPlainObject(meta['messages'])) return `'${rule['name']}' has no 'meta.messages'`
  if (!Array.isArray(meta['schema'])) return `'${rule['name']}' has no 'meta.schema' (one JSON Schema per option; [] for none)`
  if (!Array.isArray(rule['defaultOptions'])) return `'${rule['name']}' has no 'defaultOptions' ([] for none)`
  return null
}
