export {
  defineConfig,
  definePack,
  type Config,
  type ConfigOverride,
  type Pack,
  type Preset,
  type RuleSetting,
  type RuleSettings,
  type RuleSeverity,
  type Settings,
} from '@krait/core'
