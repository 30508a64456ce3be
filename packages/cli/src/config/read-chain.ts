import { dirname, relative } from 'node:path'
import { didYouMean, validateShape, type Config, type Pack } from '@krait/core'
import { isCodeFile } from './config-files.ts'
import { ConfigError, configError } from './config-error.ts'
import { loadPack, type PackCache, type PackReference } from './load-packs.ts'
import type { ConfigFile, ConfigFileReader } from './read-config-file.ts'
import { isPath, resolveSpecifier } from './resolve-specifier.ts'

/** One link of a config's chain, in the order in which they apply. */
export type ChainLink =
  | { readonly kind: 'preset'; readonly name: string; readonly file: string | null; readonly place: string }
  | { readonly kind: 'config'; readonly file: string | null; readonly source: string; readonly config: Config; readonly isPackage: boolean }

/** A config with all it extends. Presets are named, not looked up: that needs all packs. */
export interface ConfigChain {
  readonly links: readonly ChainLink[]
  /** The in-house packs of all its configs, in the order in which they are named. */
  readonly packs: readonly PackReference[]
  /** Every config file that was read. */
  readonly files: readonly string[]
}

export interface ChainOptions {
  readonly reader: ConfigFileReader
  readonly packCache: PackCache
  readonly officialPacks: readonly Pack[]
  readonly noCode: boolean
  /** Absolute: paths in messages are shown relative to it. */
  readonly root: string
}

/** Presets and packs of the command line. */
export interface ChainExtras {
  readonly presets: readonly string[]
  readonly packs: readonly string[]
  /** Absolute: packs of the command line are resolved from here. */
  readonly cwd: string
}

/**
 * Reads a config file and all it extends.
 *
 * @param start the ruling config; `null` when there is none. Without `extends` it extends `recommended`, as no config does; configs that it
 *   extends get nothing added.
 * @throws {ConfigError} for the first broken file
 */
export async function readChain(start: ConfigFile | null, extras: ChainExtras, options: ChainOptions): Promise<ConfigChain> {
  const walk = new ChainWalk(options)
  await walk.addCommandLinePacks(extras)
  if (start === null) {
    const presets = extras.presets.length > 0 ? extras.presets : ['recommended']
    for (const name of presets) walk.addPreset(name, null, extras.presets.length > 0 ? '--preset' : 'extends')
    return walk
  }
  const config = checkShape(start)
  await walk.addExtended({ ...config, extends: config.extends ?? ['recommended'] }, start.file, [start.file])
  for (const name of extras.presets) walk.addPreset(name, null, '--preset')
  walk.addOwn(config, start.file, null)
  return walk
}

class ChainWalk implements ConfigChain {
  readonly links: ChainLink[] = []
  readonly packs: PackReference[] = []
  readonly files: string[] = []
  readonly #options: ChainOptions
  readonly #packNames: Set<string>

  constructor(options: ChainOptions) {
    this.#options = options
    this.#packNames = new Set(options.officialPacks.map((pack) => pack.name))
  }

  addPreset(name: string, file: string | null, place: string): void {
    this.links.push({ kind: 'preset', name, file, place })
  }

  async addCommandLinePacks({ packs, cwd }: ChainExtras): Promise<void> {
    for (const specifier of packs) await this.#addPack(specifier, null, cwd, '--pack')
  }

  /** The packs and the `extends` of a config. */
  async addExtended(config: Config, file: string, stack: readonly string[]): Promise<void> {
    this.files.push(file)
    const folder = dirname(file)
    for (const [index, specifier] of (config.packs ?? []).entries()) await this.#addPack(specifier, file, folder, `packs[${index}]`)
    for (const [index, specifier] of (config.extends ?? []).entries()) await this.#addExtension(specifier, file, `extends[${index}]`, stack)
  }

  /** What a config says itself, after all that it extends. */
  addOwn(config: Config, file: string, packageName: string | null): void {
    const source = packageName ?? (relative(this.#options.root, file).replaceAll('\\', '/') || file)
    this.links.push({ kind: 'config', file, source, config, isPackage: packageName !== null })
  }

  async #addExtension(specifier: string, from: string, place: string, stack: readonly string[]): Promise<void> {
    if (!isPath(specifier) && this.#isPreset(specifier)) return this.addPreset(specifier, from, place)
    const file = await resolveSpecifier(specifier, dirname(from))
    if (file === null) {
      // A package that is read later may bring the pack that has this preset.
      if (!isPath(specifier)) return this.addPreset(specifier, from, place)
      throw configError(from, place, `The file '${specifier}' does not exist (looked for it from ${dirname(from)}).`)
    }
    const cycleStart = stack.indexOf(file)
    if (cycleStart >= 0) {
      const cycle = [...stack.slice(cycleStart), file].map((path) => relative(this.#options.root, path) || path)
      throw configError(from, place, `These configs extend each other in a circle: ${cycle.join(' -> ')}. Take one 'extends' away.`)
    }
    if (this.#options.noCode && isCodeFile(file)) {
      throw configError(from, place, `'${specifier}' is code, which --no-code refuses.`)
    }
    const config = checkShape(await this.#options.reader.read(file))
    await this.addExtended(config, file, [...stack, file])
    this.addOwn(config, file, isPath(specifier) ? null : specifier)
  }

  async #addPack(specifier: string, config: string | null, folder: string, place: string): Promise<void> {
    if (this.#options.noCode) throw configError(config, place, `The pack '${specifier}' is code, which --no-code refuses.`)
    const file = await resolveSpecifier(specifier, folder)
    if (file === null) {
      const hint = didYouMean(specifier, this.#packNames)
      const what = isPath(specifier) ? `The file '${specifier}' does not exist` : `The package '${specifier}' is not installed`
      throw configError(config, place, `${what} (looked for it from ${folder}${isPath(specifier) ? '' : ' and from krait itself'}).${hint}`)
    }
    const reference: PackReference = { specifier, file, config, place }
    this.packs.push(reference)
    this.#packNames.add((await loadPack(reference, this.#options.packCache)).name)
  }

  #isPreset(specifier: string): boolean {
    return ['recommended', 'strict', 'all'].includes(specifier) || this.#packNames.has(specifier.split('/')[0]!)
  }
}

function checkShape({ file, value }: ConfigFile): Config {
  const problems = validateShape(value)
  if (problems.length > 0) throw new ConfigError(file, problems)
  return value as Config
}
