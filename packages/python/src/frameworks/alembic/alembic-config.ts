import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'

/** What rules need of an `alembic.ini`. The host gives those of a project under the setting of that name. */
export interface AlembicConfig {
  /** Relative to the root of the project. */
  readonly path: string
  /** The databases of its `sqlalchemy.url` options: `postgresql`. */
  readonly drivers: readonly string[]
  /** The folders of `version_locations`, relative to the root of the project; with `../` in front where they lie outside. */
  readonly versionLocations: readonly string[]
}

export function alembicConfigs(reader: ProjectReader): readonly AlembicConfig[] {
  const given = reader.settings()['alembic.ini']
  return Array.isArray(given) ? (given as readonly AlembicConfig[]) : []
}

/** Whether `version_locations` names a folder that is not part of the project, so that there may be other migrations. The only key is `project`. */
export const unseenVersionsIndex = defineIndex<boolean, 'project', boolean>({
  name: 'python/alembic-unseen-versions',
  version: 1,
  build: (reader) => alembicConfigs(reader).some(({ versionLocations }) => versionLocations.some((folder) => !reader.hasFolder(folder))),
  ask: (isUnseen) => isUnseen,
})
