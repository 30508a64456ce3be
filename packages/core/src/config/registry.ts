import type { Pack, Preset } from '../packs/pack.ts'
import type { AnyRule } from '../rules/rule.ts'
import type { RuleSetting } from './config.ts'
import { didYouMean } from './nearest-name.ts'

/** A rule under its full id, with the pack that brought it. */
export interface RegisteredRule {
  /** `<pack>/<name>`. */
  readonly id: string
  readonly pack: Pack
  readonly rule: AnyRule
}

/** Everything the loaded packs bring, by name. Iteration order is sorted. */
export interface Registry {
  readonly packs: readonly Pack[]
  readonly rules: ReadonlyMap<string, RegisteredRule>
  /**
   * `recommended`, `strict` (with `recommended`) and `all`, over all packs and per pack (`sqlalchemy/strict`), and the packs' own
   * (`<pack>/<preset>`). `all` is every rule, also those that need config: they stay silent until they get it.
   */
  readonly presets: ReadonlyMap<string, Preset>
}

/** Packs that cannot be used together, or one that contradicts itself. */
export class PackError extends Error {
  override readonly name = 'PackError'
}

const generalPresets = ['recommended', 'strict', 'all'] as const

/**
 * Puts the rules and presets of several packs together.
 *
 * @throws {PackError} when two packs have one name, two rules one id, or a preset names a rule that does not exist.
 */
export function createRegistry(packs: readonly Pack[]): Registry {
  const sortedPacks = [...packs].sort((a, b) => compareNames(a.name, b.name))
  checkPackNames(sortedPacks)
  const rules = collectRules(sortedPacks)
  return { packs: sortedPacks, rules, presets: collectPresets(sortedPacks, rules) }
}

/** How an error names a pack: its name, version, and where it was loaded from. */
export function describePack(pack: Pack): string {
  return `'${pack.name}' ${pack.version}${pack.url === undefined ? '' : ` (${pack.url})`}`
}

function checkPackNames(packs: readonly Pack[]): void {
  const byName = new Map<string, Pack>()
  for (const pack of packs) {
    if (!/^[a-z][a-z0-9-]*$/.test(pack.name)) {
      throw new PackError(`The pack ${describePack(pack)} needs another name: lower-case letters, digits and hyphens only.`)
    }
    if (pack.name === 'krait') throw new PackError(`The pack ${describePack(pack)} needs another name: 'krait' is the host's own.`)
    const other = byName.get(pack.name)
    if (other !== undefined) {
      throw new PackError(`Two packs have one name: ${describePack(other)} and ${describePack(pack)}. Rename one or load only one of them.`)
    }
    byName.set(pack.name, pack)
  }
}

function collectRules(packs: readonly Pack[]): Map<string, RegisteredRule> {
  const registered: RegisteredRule[] = []
  for (const pack of packs) {
    const positions = new Map<string, number>()
    for (const [position, rule] of pack.rules.entries()) {
      const id = `${pack.name}/${rule.name}`
      const other = positions.get(id)
      if (other !== undefined) {
        throw new PackError(`Two rules have one id: the pack ${describePack(pack)} brings '${id}' as rules[${other}] and as rules[${position}]. Rename one.`)
      }
      positions.set(id, position)
      registered.push({ id, pack, rule })
    }
  }
  registered.sort((a, b) => compareNames(a.id, b.id))
  return new Map(registered.map((entry) => [entry.id, entry]))
}

function collectPresets(packs: readonly Pack[], rules: ReadonlyMap<string, RegisteredRule>): Map<string, Preset> {
  const presets: [string, Preset][] = []
  for (const preset of generalPresets) {
    presets.push([preset, settingsOfPreset(rules.values(), preset)])
    for (const pack of packs) {
      const own = [...rules.values()].filter((entry) => entry.pack === pack)
      presets.push([`${pack.name}/${preset}`, settingsOfPreset(own, preset)])
    }
  }
  for (const pack of packs) {
    for (const [name, preset] of Object.entries(pack.presets ?? {})) {
      if ((generalPresets as readonly string[]).includes(name)) {
        throw new PackError(`The pack ${describePack(pack)} declares the preset '${name}', which follows from its rules' own metadata. Rename it.`)
      }
      for (const id of Object.keys(preset)) {
        if (rules.has(id)) continue
        throw new PackError(`The preset '${pack.name}/${name}' of the pack ${describePack(pack)} names an unknown rule '${id}'.`
          + didYouMean(id, rules.keys()))
      }
      presets.push([`${pack.name}/${name}`, preset])
    }
  }
  presets.sort(([a], [b]) => compareNames(a, b))
  return new Map(presets)
}

function settingsOfPreset(rules: Iterable<RegisteredRule>, preset: (typeof generalPresets)[number]): Preset {
  const settings: Record<string, RuleSetting> = {}
  for (const { id, rule } of rules) {
    const { preset: smallest, severity, strictOptions } = rule.meta.docs
    const included = preset === 'all' || smallest === 'recommended' || (preset === 'strict' && smallest === 'strict')
    if (included) settings[id] = strictOptions && preset !== 'recommended' ? [severity, ...strictOptions] : severity
  }
  return settings
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
