import type { Settings } from '@krait/core'
import { listSetting } from '../shared/settings.ts'

/** What a config says of dates and times, under `settings.datetime` and `settings.sqlalchemy`. */
export interface KindSettings {
  /** Classes of columns whose values are aware, by qualified name or its last part. */
  readonly awareColumnTypes: readonly string[]
  readonly naiveColumnTypes: readonly string[]
  /** Functions that make a datetime aware. */
  readonly normalizers: readonly string[]
  readonly naiveColumnsHold: 'utc' | 'local' | 'unknown'
  readonly dialect: string | null
}

const AWARE_COLUMN_TYPES: readonly string[] = ['UtcDateTime', 'DateTimeUTC', 'TZDateTime']

export function kindSettings(settings: Settings): KindSettings {
  const group = settings['datetime'] as Readonly<Record<string, unknown>> | undefined
  const holds = group?.['naiveColumnsHold']
  const dialect = (settings['sqlalchemy'] as Readonly<Record<string, unknown>> | undefined)?.['dialect']
  return {
    awareColumnTypes: group?.['awareColumnTypes'] === undefined ? AWARE_COLUMN_TYPES : listSetting(settings, 'datetime', 'awareColumnTypes'),
    naiveColumnTypes: listSetting(settings, 'datetime', 'naiveColumnTypes'),
    normalizers: listSetting(settings, 'datetime', 'normalizers'),
    naiveColumnsHold: holds === 'utc' || holds === 'local' ? holds : 'unknown',
    dialect: typeof dialect === 'string' ? dialect : null,
  }
}
