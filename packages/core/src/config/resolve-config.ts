import type { ConfigOverride, RuleSetting, Settings } from './config.ts'
import { builtinRules, unusedIgnoreId } from './builtin-rules.ts'
import { pathInLayer, type ConfigLayer } from './config-layer.ts'
import { compileGlobs, type PathMatcher } from './glob-matcher.ts'
import { mergeSettings } from './merge-settings.ts'
import type { Registry } from './registry.ts'
import type { ResolvedConfig, ResolvedRule } from './resolved-config.ts'
import { applyRuleSetting, completeOptions, type RuleState } from './rule-settings.ts'

export interface ConfigResolverOptions {
  /** The project's folder: absolute, with `/`. */
  readonly root: string
  /** In order: later ones win. Already validated. */
  readonly layers: readonly ConfigLayer[]
  readonly registry: Registry
}

/** One place that sets a rule for a file. */
export interface RuleStep {
  /** The layer's `source`. */
  readonly source: string
  /** The place in that source: `rules`, or `overrides[0].rules`. */
  readonly place: string
  readonly setting: RuleSetting
}

/** How a rule came to be set as it is for one file. */
export interface RuleExplanation {
  readonly id: string
  /** `0` is off. */
  readonly severity: 0 | 1 | 2
  /** Complete: the rule's defaults are merged in. */
  readonly options: readonly unknown[]
  /** In order: the last one decides the severity, the last one with options decides the options. Empty: no layer sets the rule, it is off. */
  readonly steps: readonly RuleStep[]
}

/** The config of a project: answers for each of its files. Paths are relative to the project root, with `/`. */
export interface ConfigResolver {
  /** Files for which the same overrides match share one object. */
  resolve(path: string): ResolvedConfig
  /** How one rule is set for a file; `null` when no such rule is loaded. */
  explainRule(path: string, ruleId: string): RuleExplanation | null
  /** True when `ignores` of some layer mean this file. */
  isIgnored(path: string): boolean
  /** True when `ignores` mean a folder as a whole, so that nothing below need be looked at. */
  isFolderIgnored(path: string): boolean
}

/** Compiles the globs of all layers and gives the resolver. */
export async function createConfigResolver(options: ConfigResolverOptions): Promise<ConfigResolver> {
  const { root, registry } = options
  const layers = await Promise.all(options.layers.map((layer) => compileLayer(root, layer)))
  const resolved = new Map<string, ResolvedConfig>()
  const none = layers.map(() => [])
  const hasOverrides = layers.some(({ overrides }) => overrides.length > 0)
  return {
    resolve(path) {
      const active = hasOverrides ? layers.map((layer) => layer.overrides.filter((override) => override.matches(path))) : none
      const key = hasOverrides ? active.map((overrides) => overrides.map((override) => override.index).join(',')).join(';') : ''
      let config = resolved.get(key)
      if (config === undefined) {
        config = resolveLayers(layers, active, registry)
        resolved.set(key, config)
      }
      return config
    },
    explainRule: (path, ruleId) => explainRule(layers, registry, path, ruleId),
    isIgnored: (path) => layers.some((layer) => layer.ignores(path)),
    isFolderIgnored: (path) => layers.some((layer) => layer.ignoresFolder(path)),
  }
}

interface CompiledOverride {
  readonly index: number
  readonly override: ConfigOverride
  readonly matches: PathMatcher
}

interface CompiledLayer {
  readonly layer: ConfigLayer
  readonly overrides: readonly CompiledOverride[]
  readonly ignores: PathMatcher
  readonly ignoresFolder: PathMatcher
}

async function compileLayer(root: string, layer: ConfigLayer): Promise<CompiledLayer> {
  const inLayer = (matches: PathMatcher): PathMatcher => (path) => {
    const local = pathInLayer(root, layer, path)
    return local !== null && matches(local)
  }
  const overrides = (layer.overrides ?? []).map(async (override, index): Promise<CompiledOverride> => {
    const [isMeant, isIgnored] = await Promise.all([compileGlobs(override.files), compileGlobs(override.ignores ?? [])])
    return { index, override, matches: inLayer((path) => isMeant(path) && !isIgnored(path)) }
  })
  const globs = layer.ignores ?? []
  // Asked for every file of the project: most layers ignore nothing.
  const ignores = globs.length > 0 ? inLayer(await compileGlobs(globs)) : () => false
  const takesBack = globs.some((glob) => glob.startsWith('!'))
  return { layer, overrides: await Promise.all(overrides), ignores, ignoresFolder: takesBack ? () => false : ignores }
}

function resolveLayers(
  layers: readonly CompiledLayer[],
  active: readonly (readonly CompiledOverride[])[],
  registry: Registry,
): ResolvedConfig {
  const rules = new Map<string, RuleState>()
  let settings: Settings = {}
  let requireReason = false
  const apply = (part: Pick<ConfigOverride, 'rules' | 'settings'>): void => {
    for (const [id, setting] of Object.entries(part.rules ?? {})) rules.set(id, applyRuleSetting(rules.get(id), setting))
    if (part.settings !== undefined) settings = mergeSettings(settings, part.settings)
  }
  for (const [index, { layer }] of layers.entries()) {
    apply(layer)
    for (const { override } of active[index]!) apply(override)
    requireReason = layer.suppressions?.requireReason ?? requireReason
  }
  const unusedIgnores = rules.get(unusedIgnoreId)?.severity ?? defaultSeverity(unusedIgnoreId)
  return { rules: activeRules(rules, registry), settings, requireReason, unusedIgnores: unusedIgnores === 0 ? null : unusedIgnores }
}

function activeRules(states: ReadonlyMap<string, RuleState>, registry: Registry): ResolvedRule[] {
  const rules: ResolvedRule[] = []
  for (const { id, rule } of registry.rules.values()) {
    const state = states.get(id)
    if (state === undefined || state.severity === 0) continue
    rules.push({ id, severity: state.severity, options: completeOptions(rule.defaultOptions as readonly unknown[], state.options) })
  }
  return rules
}

function explainRule(layers: readonly CompiledLayer[], registry: Registry, path: string, ruleId: string): RuleExplanation | null {
  const registered = registry.rules.get(ruleId)
  if (registered === undefined && ruleId !== unusedIgnoreId) return null
  const steps: RuleStep[] = []
  for (const { layer, overrides } of layers) {
    const setting = ownSetting(layer.rules, ruleId)
    if (setting !== undefined) steps.push({ source: layer.source, place: 'rules', setting })
    for (const { index, override, matches } of overrides) {
      const overriding = ownSetting(override.rules, ruleId)
      if (overriding === undefined || !matches(path)) continue
      steps.push({ source: layer.source, place: `overrides[${index}].rules`, setting: overriding })
    }
  }
  const initial: RuleState = { severity: registered === undefined ? defaultSeverity(ruleId) : 0, options: [] }
  const state = steps.reduce((earlier, step) => applyRuleSetting(earlier, step.setting), initial)
  const defaults = (registered?.rule.defaultOptions ?? []) as readonly unknown[]
  return { id: ruleId, severity: state.severity, options: completeOptions(defaults, state.options), steps }
}

function ownSetting(rules: ConfigLayer['rules'], id: string): RuleSetting | undefined {
  return rules !== undefined && Object.hasOwn(rules, id) ? rules[id] : undefined
}

function defaultSeverity(id: string): 0 | 1 | 2 {
  return builtinRules.find((rule) => rule.id === id)?.severity ?? 0
}
