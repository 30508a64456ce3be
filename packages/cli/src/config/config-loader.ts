import { dirname, resolve } from 'node:path'
import type { Pack, Registry } from '@krait/core'
import { findGitRoot } from '../discover/git-root.ts'
import { isInside } from '../discover/relative-path.ts'
import { parseRuleOptions } from './command-line-rules.ts'
import { ConfigFinder } from './find-config.ts'
import { loadConfig, type CommandLineLayer, type LoadedConfig } from './load-config.ts'
import { loadOfficialPacks, loadRegistry, type PackCache } from './load-packs.ts'
import { ConfigFileReader, type ConfigFile } from './read-config-file.ts'

/** The options of the command line that concern the config. */
export interface ConfigOptions {
  /** The absolute current folder. */
  readonly cwd: string
  /** `--config`: this file rules all files; no other is looked for. */
  readonly configFile?: string | undefined
  /** `false` is `--no-config-lookup`. */
  readonly lookup?: boolean | undefined
  /** `--preset`: added after those a config extends; in place of `recommended` where there is no config. */
  readonly presets?: readonly string[] | undefined
  /** `--pack`: paths relative to the current folder, or package names. */
  readonly packs?: readonly string[] | undefined
  /** `--rule`: texts such as `datetime/no-utcnow: off`. */
  readonly rules?: readonly string[] | undefined
  /** `--report-unused-ignores`. */
  readonly unusedIgnores?: 'off' | 'warn' | 'error' | undefined
  /** `--no-code`: refuse configs and packs that are code; the official packs stay. */
  readonly noCode?: boolean | undefined
  /** Absolute folders that were named on the command line: where there is neither a config nor git, they are projects. */
  readonly folders?: readonly string[] | undefined
  /** Gives the packs that come with krait for a project; they need no code. */
  readonly packsFor?: ((root: string) => Promise<readonly Pack[]>) | undefined
  /** Instead of the packs that come with krait (tests). */
  readonly officialPacks?: readonly Pack[] | undefined
}

/** Gives each file its config. Every config file is read once, every pack loaded once. */
export class ConfigLoader {
  readonly #options: ConfigOptions
  readonly #reader: ConfigFileReader
  readonly #finder: ConfigFinder
  readonly #packCache: PackCache = new Map()
  readonly #configs = new Map<string, Promise<LoadedConfig>>()
  #commandLine: Promise<CommandLineLayer> | undefined
  #fixed: Promise<LoadedConfig> | undefined

  constructor(options: ConfigOptions) {
    this.#options = options
    this.#reader = new ConfigFileReader({ noCode: options.noCode ?? false })
    this.#finder = new ConfigFinder(this.#reader)
  }

  /**
   * The config that rules a file. Files of one project get the same object.
   * @param file absolute; it need not exist
   * @throws {ConfigError} when that config is broken
   */
  forFile(file: string): Promise<LoadedConfig> {
    return this.forFolder(dirname(file))
  }

  /**
   * The config that rules the files that stand in a folder.
   *
   * @param names all that the folder holds, if the caller has listed it already: saves listing it again
   * @throws {ConfigError} when that config is broken
   */
  async forFolder(folder: string, names?: readonly string[]): Promise<LoadedConfig> {
    if (this.#options.configFile !== undefined) {
      this.#fixed ??= this.#loadGiven(resolve(this.#options.cwd, this.#options.configFile))
      return this.#fixed
    }
    if (this.#options.lookup === false) return this.#load(null, findGitRoot(folder) ?? this.#rootWithoutGit(folder))
    const { config, gitRoot } = await this.#finder.find(folder, names)
    return this.#load(config, config === null ? (gitRoot ?? this.#rootWithoutGit(folder)) : dirname(config.file))
  }

  /** The registry of a config with rules that can run, also if `packsFor` gave packs without code. */
  loadRegistry({ plan }: LoadedConfig): Promise<Registry> {
    return loadRegistry(plan.packs, this.#packCache, this.#options.officialPacks)
  }

  /** `--config`: the project is the folder of the config if krait runs inside it, else the current folder. */
  async #loadGiven(file: string): Promise<LoadedConfig> {
    const { cwd } = this.#options
    const config = await this.#reader.read(file)
    return this.#load(config, isInside(dirname(file), cwd) ? dirname(file) : cwd)
  }

  #load(config: ConfigFile | null, root: string): Promise<LoadedConfig> {
    const key = config?.file ?? `${root}/`
    let loaded = this.#configs.get(key)
    if (loaded === undefined) {
      loaded = this.#loadNew(config, root)
      this.#configs.set(key, loaded)
    }
    return loaded
  }

  async #loadNew(config: ConfigFile | null, root: string): Promise<LoadedConfig> {
    this.#commandLine ??= this.#readCommandLine()
    const commandLine = await this.#commandLine
    const { packsFor = loadOfficialPacks } = this.#options
    const officialPacks = this.#options.officialPacks ?? await packsFor(root)
    const noCode = this.#options.noCode ?? false
    return loadConfig(config, commandLine, { reader: this.#reader, packCache: this.#packCache, officialPacks, noCode, root })
  }

  async #readCommandLine(): Promise<CommandLineLayer> {
    const { cwd, presets = [], packs = [], rules = [], unusedIgnores = null } = this.#options
    return { cwd, presets, packs, rules: await parseRuleOptions(rules), unusedIgnores }
  }

  /** The largest folder that was named and holds the files; the current folder counts as named. */
  #rootWithoutGit(folder: string): string {
    const candidates = [this.#options.cwd, ...(this.#options.folders ?? [])].filter((candidate) => isInside(candidate, folder))
    return candidates.sort((a, b) => a.length - b.length)[0] ?? folder
  }
}
