import type { Settings } from '@krait/core'
import { listSetting } from '@krait/python'

/** The lists of `settings.security`; what a project gives adds to what is built in. */
const BUILT_IN = {
  configObjects: ['settings', 'config', 'app_settings'],
  productionFlags: ['is_production', 'is_prod', 'production', 'PRODUCTION'],
  developmentFlags: [
    'debug', 'DEBUG', 'is_development', 'is_dev', 'is_local', 'is_testing', 'is_test', 'TESTING', 'testing', 'show_stacktrace', 'SHOW_STACKTRACE',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type SecurityList = keyof typeof BUILT_IN

/** The names in a list of `settings.security`, built-in ones included. */
export function securityNames(settings: Settings, list: SecurityList): readonly string[] {
  const given = listSetting(settings, 'security', list)
  return given.length > 0 ? [...BUILT_IN[list], ...given] : BUILT_IN[list]
}
