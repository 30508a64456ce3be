import { dirname, sep } from 'node:path'
import {
  createConfigResolver,
  didYouMean,
  validateRules,
  type ConfigLayer,
  type ConfigResolver,
  type Pack,
  type Registry,
  type RuleSettings,
} from '@krait/core'
import { isInside } from '../discover/relative-path.ts'
import { codeFiles } from './code-files.ts'
import { checkRuleOptions } from './command-line-rules.ts'
import { ConfigError, configError } from './config-error.ts'
import { loadRegistry, type PackReference } from './load-packs.ts'
import { readChain, type ChainExtras, type ChainLink, type ChainOptions } from './read-chain.ts'
import type { ConfigFile } from './read-config-file.ts'

/** A project's config as plain data: a worker thread makes the same config of it. */
export interface ConfigPlan {
  /** The project's folder: absolute, with `/`. */
  readonly root: string
  /** In order: later ones win. */
  readonly layers: readonly ConfigLayer[]
  readonly packs: readonly PackReference[]
}

/** The config of one project, ready for use. */
export interface LoadedConfig {
  /** The project's folder, absolute: paths given to the resolver are relative to it. */
  readonly root: string
  /** The ruling config file, absolute; `null` when there is none. */
  readonly file: string | null
  /** Every file that decides what the config is: config files, packs, and what they import by relative paths. Absolute, sorted. */
  readonly inputs: readonly string[]
  readonly plan: ConfigPlan
  readonly registry: Registry
  readonly resolver: ConfigResolver
}

/** Settings from the command line that go on top of every config. */
export interface CommandLineLayer extends ChainExtras {
  readonly rules: RuleSettings
  /** The option's name and value: `--report-unused-ignores error` sets a rule too. */
  readonly unusedIgnores: 'off' | 'warn' | 'error' | null
}

/**
 * Loads the config of a project with all it extends, and checks it.
 *
 * @param start the ruling config file; `null` when there is none
 * @throws {ConfigError} when anything in it is wrong
 */
export async function loadConfig(start: ConfigFile | null, commandLine: CommandLineLayer, options: ChainOptions): Promise<LoadedConfig> {
  const chain = await readChain(start, commandLine, options)
  const registry = await loadRegistry(chain.packs, options.packCache, options.officialPacks)
  const layers: ConfigLayer[] = []
  for (const link of chain.links) layers.push(await toLayer(link, registry, options.root))
  await checkRuleOptions(commandLine.rules, registry)
  layers.push(...commandLineLayers(commandLine))
  const plan: ConfigPlan = { root: withSlashes(options.root), layers, packs: chain.packs }
  return {
    root: options.root,
    file: start?.file ?? null,
    inputs: codeFiles([...chain.files, ...chain.packs.map((pack) => pack.file)]),
    plan,
    registry,
    resolver: await createConfigResolver({ ...plan, registry }),
  }
}

/**
 * Makes the registry and the resolver of a plan again, as a worker thread does.
 *
 * @param officialPacks instead of krait's own (tests)
 */
export async function restoreConfig(plan: ConfigPlan, officialPacks?: readonly Pack[]): Promise<Pick<LoadedConfig, 'registry' | 'resolver'>> {
  const registry = await loadRegistry(plan.packs, new Map(), officialPacks)
  return { registry, resolver: await createConfigResolver({ ...plan, registry }) }
}

async function toLayer(link: ChainLink, registry: Registry, root: string): Promise<ConfigLayer> {
  if (link.kind === 'preset') return presetLayer(link, registry)
  const { config, file, source } = link
  const problems = await validateRules(config, registry)
  if (problems.length > 0) throw new ConfigError(file, problems)
  const { rules, settings, overrides, ignores, suppressions } = config
  return {
    source,
    folder: withSlashes(globFolder(link, root)),
    ...(rules && { rules }),
    ...(settings && { settings }),
    ...(overrides && { overrides }),
    ...(ignores && { ignores }),
    ...(suppressions && { suppressions }),
  }
}

function presetLayer(link: ChainLink & { kind: 'preset' }, registry: Registry): ConfigLayer {
  const rules = registry.presets.get(link.name)
  if (rules !== undefined) return { source: `preset '${link.name}'`, rules }
  const hint = didYouMean(link.name, registry.presets.keys())
  const [packName] = link.name.split('/')
  const presetsOfPack = [...registry.presets.keys()].filter((name) => name.startsWith(`${packName}/`))
  if (hint !== '') throw configError(link.file, link.place, `Unknown preset '${link.name}'.${hint}`)
  if (presetsOfPack.length > 0) throw configError(link.file, link.place, `Unknown preset '${link.name}'. The pack has: ${presetsOfPack.join(', ')}.`)
  const from = link.file === null ? '' : ` (looked for a package of that name from ${dirname(link.file)} and from krait itself)`
  throw configError(link.file, link.place, `'${link.name}' is neither a preset nor an installed package${from}. A file is named by a path: './${link.name}'.`)
}

/**
 * Globs are relative to the config file. Where it does not lie above the project (a package, a shared file in a folder beside) no path
 * could match that way: its globs are relative to the project's folder.
 */
function globFolder(link: ChainLink & { kind: 'config' }, root: string): string {
  const folder = link.file === null ? root : dirname(link.file)
  return !link.isPackage && isInside(folder, root) ? folder : root
}

function commandLineLayers({ rules, unusedIgnores }: CommandLineLayer): ConfigLayer[] {
  const layers: ConfigLayer[] = []
  if (unusedIgnores !== null) layers.push({ source: '--report-unused-ignores', rules: { 'krait/unused-ignore': unusedIgnores } })
  if (Object.keys(rules).length > 0) layers.push({ source: '--rule', rules })
  return layers
}

function withSlashes(path: string): string {
  return path.split(sep).join('/')
}
