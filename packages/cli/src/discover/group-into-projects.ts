import { dirname, join } from 'node:path'
import { compareCodeUnits } from '@krait/core'
import type { ConfigLoader } from '../config/config-loader.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { ProjectChangesData } from '../git/project-changes.ts'
import { ALEMBIC_CONFIG_NAME } from './alembic-config-name.ts'
import { relativePath } from './relative-path.ts'
import type { SourceTree } from './source-tree.ts'

/** The files under one config. Paths are relative to the config's root, with `/`, and sorted. */
export interface DiscoveredProject {
  readonly config: LoadedConfig
  /** All files that git does not ignore, also those that the config ignores; and the targets. */
  readonly files: readonly string[]
  /** The files to lint. */
  readonly targets: readonly string[]
  /** Its `alembic.ini` files: those in folders with source files, or above them. */
  readonly alembicConfigs: readonly string[]
  /** What was changed, if that is what the run looks at. */
  readonly changes?: ProjectChangesData
}

/**
 * Puts each target under its config, and lists the other files of each config's project: names only, nothing is read.
 * @param targets absolute
 */
export async function groupIntoProjects(targets: readonly string[], loader: ConfigLoader, tree: SourceTree): Promise<DiscoveredProject[]> {
  const byConfig = new Map<LoadedConfig, string[]>()
  const byFolder = new Map<string, LoadedConfig>()
  for (const target of targets) {
    const folder = dirname(target)
    const config = byFolder.get(folder) ?? (await loader.forFolder(folder))
    byFolder.set(folder, config)
    const path = relativePath(config.root, target)
    if (config.resolver.isIgnored(path)) continue
    const group = byConfig.get(config)
    if (group) group.push(path)
    else byConfig.set(config, [path])
  }
  const projects: DiscoveredProject[] = []
  for (const [config, paths] of byConfig) {
    const files = new Set(paths)
    for (const file of await projectFiles(config, loader, tree)) files.add(relativePath(config.root, file))
    projects.push({ config, files: [...files].sort(compareCodeUnits), targets: paths.sort(compareCodeUnits), alembicConfigs: alembicConfigsAmong(files, config.root, tree) })
  }
  return projects.sort((a, b) => compareCodeUnits(a.config.root, b.config.root))
}

/** The files below the root, without folders that another config rules. */
async function projectFiles(config: LoadedConfig, loader: ConfigLoader, tree: SourceTree): Promise<string[]> {
  const files: string[] = []
  const starts = [config.root]
  for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
    const doubtful: string[] = []
    const found = tree.filesBelow(start, (folder) => {
      if (!tree.mayHaveConfig(folder)) return true
      doubtful.push(folder)
      return false
    })
    for (const file of found) files.push(file)
    for (const folder of doubtful) {
      if ((await loader.forFolder(folder)) === config) starts.push(folder)
    }
  }
  return files
}

function alembicConfigsAmong(files: Iterable<string>, root: string, tree: SourceTree): readonly string[] {
  const folders = new Set<string>([''])
  for (const file of files) {
    for (let slash = file.lastIndexOf('/'); slash > 0 && !folders.has(file.slice(0, slash)); slash = file.lastIndexOf('/', slash - 1)) folders.add(file.slice(0, slash))
  }
  return [...folders].filter((folder) => tree.hasAlembicConfig(folder === '' ? root : join(root, folder))).map((folder) => (folder === '' ? '' : `${folder}/`) + ALEMBIC_CONFIG_NAME).sort(compareCodeUnits)
}
