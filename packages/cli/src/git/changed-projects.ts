import { realpathSync } from 'node:fs'
import { compareCodeUnits, hasNewContent, type ChangedFile } from '@krait/core'
import type { ConfigLoader } from '../config/config-loader.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { DiscoveredProject } from '../discover/group-into-projects.ts'
import { isInside, relativePath } from '../discover/relative-path.ts'
import { readSource } from '../read/read-source.ts'
import type { ChangeSet, FileChange } from './change-set.ts'
import { numberLikePython } from './line-breaks.ts'
import type { ProjectChangesData } from './project-changes.ts'

/**
 * Gives each project its part of the change, and leaves the targets that can have a finding to report. Where the index is looked at, the
 * project consists of the files in it.
 * @param links absolute: symbolic links among the targets
 */
export async function narrowToChanges(
  projects: readonly DiscoveredProject[],
  changeSet: ChangeSet,
  links: readonly string[],
  loader: ConfigLoader,
): Promise<DiscoveredProject[]> {
  const all = [...changeSet.files.values(), ...leftPlaces(changeSet), ...changesBehind(links, changeSet)]
  const changes = await groupByProject(all, projects, loader)
  const missing = await groupByProject((changeSet.index?.missing ?? []).map((path) => ({ path })), projects, loader)
  return projects.map((project) => {
    const { config, targets } = project
    const added = missing.get(config) ?? []
    const files = changeSet.index ? filesInIndex(project, changeSet.index.untracked, added.map(({ path }) => path)) : project.files
    const data = describeChanges(project, new Set(files), changes.get(config) ?? [], changeSet)
    return { ...project, files, targets: targetsToCheck(targets, new Set(files), data.files), changes: data }
  })
}

/** Where renamed files were, unless another file is there now: for the project that lost it, a file that went to another one is deleted. */
function leftPlaces({ files }: ChangeSet): FileChange[] {
  return [...files.values()].flatMap(({ oldPath, baseId }) =>
    oldPath === undefined || files.has(oldPath) ? [] : [{ path: oldPath, status: 'deleted', lines: [], deletions: [], baseId }])
}

/** What is linted under the name of a link has changed where the link leads to. */
function changesBehind(links: readonly string[], { files }: ChangeSet): FileChange[] {
  return links.flatMap((link) => {
    const change = files.has(link) ? undefined : files.get(realpathSync(link))
    if (!change) return []
    const { status, lines, deletions, baseId } = change
    return [{ path: link, status: status === 'renamed' ? 'modified' : status, lines, deletions, baseId }]
  })
}

/** Puts paths under the projects that rule them. They need not exist; those of projects that are not linted are left out. */
async function groupByProject<Item extends { readonly path: string }>(
  items: readonly Item[],
  projects: readonly DiscoveredProject[],
  loader: ConfigLoader,
): Promise<Map<LoadedConfig, Item[]>> {
  const groups = new Map<LoadedConfig, Item[]>(projects.map(({ config }) => [config, []]))
  for (const item of items) {
    // The configs of other projects may be broken, and are not looked at.
    if (!projects.some(({ config }) => isInside(config.root, item.path))) continue
    groups.get(await loader.forFile(item.path))?.push(item)
  }
  return groups
}

function filesInIndex({ config, files }: DiscoveredProject, untracked: ReadonlySet<string>, missing: readonly string[]): readonly string[] {
  const notInIndex = new Set([...untracked].map((path) => relativePath(config.root, path)))
  const added = missing.map((path) => relativePath(config.root, path))
  return [...new Set([...files.filter((path) => !notInIndex.has(path)), ...added])].sort(compareCodeUnits)
}

function describeChanges(
  { config: { root } }: DiscoveredProject,
  sources: ReadonlySet<string>,
  changes: readonly FileChange[],
  { base, index, place }: ChangeSet,
): ProjectChangesData {
  const renamedFrom = new Set(changes.map(({ oldPath }) => oldPath))
  const own = changes.filter(({ path, status }) => status !== 'deleted' || !renamedFrom.has(path))
  const inProject = (path: string) => relativePath(root, path)
  return {
    base,
    place,
    files: own.map(describe).sort((a, b) => compareCodeUnits(a.path, b.path)),
    baseIds: Object.fromEntries(own.flatMap(({ path, baseId }) => (baseId === null ? [] : [[inProject(path), baseId]]))),
  }

  function describe({ path, oldPath, status, lines, deletions }: FileChange): ChangedFile {
    const file: ChangedFile = { path: inProject(path), status, ...(oldPath !== undefined && { oldPath: inProject(oldPath) }), lines, deletions }
    // Of other files than sources, no finding tells a line.
    if (status === 'added' || !hasNewContent(file) || !sources.has(file.path)) return file
    const content = index?.texts.get(path) ?? readSource(path)
    return 'text' in content ? numberLikePython(file, content.text) : file
  }
}

/**
 * The targets that can have a finding to report. A finding stands on a changed line, or has a related place on one, in any file that the
 * project knows: where no such line is changed, only findings about a changed file as a whole are left.
 */
function targetsToCheck(targets: readonly string[], sources: ReadonlySet<string>, changes: readonly ChangedFile[]): readonly string[] {
  if (changes.some(({ path, lines }) => lines.length > 0 && sources.has(path))) return targets
  const changed = new Set(changes.filter(hasNewContent).map(({ path }) => path))
  return targets.filter((path) => changed.has(path))
}
